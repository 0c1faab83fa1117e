"""Some bodies, one of everything in the first, and people of every right: built once for a module.

Nothing that a call does is kept: the application flushes and rolls back, so that every call meets the same
village, whatever was called before.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice import database as database_module
from backoffice.app import create_app
from backoffice.appointment.models import DeskException
from backoffice.appointment.service import Wanted, book, free_slots
from backoffice.appointment.waiting import wait_for
from backoffice.care_request.service import request_of
from backoffice.case.models import Case, NoteKind
from backoffice.case.planning import ActionWords, add_action, add_goal, plan_check
from backoffice.case.service import add_note
from backoffice.case_export.models import ExportFormat
from backoffice.case_export.service import ask_for_export
from backoffice.case_import.service import take_file
from backoffice.client.schemas import CaseType, ConsentGiven, MisunderstoodMessage
from backoffice.conversation.models import Conflict, Conversation, Message, Participant
from backoffice.database import Database
from backoffice.handoff.models import Callback, DayPart
from backoffice.handoff.service import claim
from backoffice.home_owner.service import OwnerFacts, register_owner
from backoffice.italy import day_in_italy
from backoffice.listing.service import add_listing
from backoffice.listing_import.service import take_homes
from backoffice.mediation.models import (
    MediationOffer,
    MediationOfferState,
    MediationState,
    MediatorAbsence,
)
from backoffice.own_copy.service import ask_for_copy
from backoffice.person.models import Person, PersonMerge
from backoffice.referral.service import accept_offer, end_given
from backoffice.review.service import give_message
from backoffice.settings import Settings
from backoffice.sharing.models import BreakGlass, BreakGlassReason, Share
from backoffice.sharing.parts import CasePart
from backoffice.staff.models import Organisation, Staff, Unit
from backoffice.staff.roles import Role
from backoffice.translation.models import PhrasebookEntry
from backoffice.translation.service import keep_pair
from backoffice.viewing.models import ViewingState
from backoffice.viewing.service import ask_for_viewing
from backoffice.workplace.service import keep_filter, keep_reply
from tests.attacks.house import (
    HOMES,
    SERVICE,
    WORDS_OF_HOUSING,
    a_contract,
    a_mediation,
    sentence_of_guide,
    service_of_a_body,
)
from tests.backoffice.appointment.desks import create_desk
from tests.backoffice.attachment.samples import JPEG
from tests.backoffice.care import create_care_match, create_request, create_worker
from tests.backoffice.care_worker.workers import create_worker_with_parts
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.courses import create_seat
from tests.backoffice.databases import SERVICE_TOKEN, FrozenClock
from tests.backoffice.document.documents import create_document
from tests.backoffice.factories import (
    NOW,
    create_conversation,
    create_front_door,
    create_organisation,
    create_staff,
    send,
    sign_in,
)
from tests.backoffice.homes import HOME, create_listing, create_match, create_owner
from tests.backoffice.listing.photos import create_photo
from tests.backoffice.mediation.mediations import create_mediation
from tests.backoffice.question.sets import published, question
from tests.backoffice.rights.consents import create_consent
from tests.backoffice.sharing.shares import an_offer, create_share

PARTNERS = ("partner_accepted", "partner_offered", "partner_revoked", "stranger")
"""People with every role of another body: its share is accepted, offered, revoked, or there is none."""

SECRETS = {
    "name": "Ximena Quispe",
    "phone": "+393337654321",
    "town": "Borgonascosto",
    "shared_note": "parola-condivisa-del-comune",
    "inner_note": "parola-interna-del-comune",
    "message": "parola-scritta-nella-chat",
}
"""What stands only in the first body's case and conversation."""


@dataclass(frozen=True)
class Village:
    """The application, the ids of the first body's things and of another's, and the headers of people."""

    app: FastAPI
    ids: dict[str, str]
    others: dict[str, str]
    number: str
    headers: dict[str, dict[str, str]]

    def client(self) -> httpx.AsyncClient:
        """Return a client of the application."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://backoffice")


@pytest.fixture(scope="module")
def village(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    folder = tmp_path_factory.mktemp("village")
    shutil.copy(sqlite_template, folder / "village.db")
    settings = Settings(
        _env_file=None,
        data_dir=folder / "data",
        database_url=f"sqlite:///{folder / 'village.db'}",
        service_token=SERVICE_TOKEN,
        secret_key="secret key of the tests",
        messages_per_minute=1000,
    )
    app = create_app(settings, clock=FrozenClock(), jobs=False)
    database: Database = app.state.database
    with database.writing() as session:
        built = build_village(session, app)
        session.commit()
    built.ids["attachment_id"] = asyncio.run(attach_photo(built))
    with nothing_kept():
        yield built
    app.state.broker.close()
    database.close()


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Roll back whatever the application does."""

    def forget(session: Session) -> None:
        session.flush()
        session.rollback()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database_module, "_commit", forget)
        yield


def build_village(session: Session, app: FastAPI, *, asks: str = "pets") -> Village:
    """Make all of it; where questions are there already, `asks` is the code of another one."""
    owner = create_front_door(session)
    people = {role.value: create_staff(session, name=role.value, roles=frozenset({role})) for role in Role}
    bodies = {name: create_organisation(session, name=name) for name in PARTNERS}
    for name, body in bodies.items():
        people[name] = create_staff(session, name=name, roles=frozenset(Role), organisation=body)
    ids = _things(session, owner, people["coordinator"], people["mediator"], SECRETS, asks)
    ids |= _files(session, people["caseworker"])
    case = session.get_one(Case, ids["case_id"])
    shares = {
        name: create_share(session, case, an_offer(bodies[name]), by=people["coordinator"])
        for name in PARTNERS[:3]
    }
    narrow = create_organisation(session, name="partner_narrow")
    people["partner_narrow"] = create_staff(
        session, name="partner_narrow", roles=frozenset(Role), organisation=narrow
    )
    offer = an_offer(narrow, CasePart.NOTES, CasePart.HISTORY)
    shares["partner_narrow"] = create_share(session, case, offer, by=people["coordinator"])
    _settle_shares(session, shares, people)
    ids |= {"share_id": shares["partner_accepted"].id, "code": "asked"}
    ids |= sentence_of_guide(session, *people.values())
    ids |= a_mediation(session, case, people["coordinator"], people["mediator"])
    others = _things(session, bodies["stranger"], people["stranger"], None, {}, asks)
    others |= _files(session, people["stranger"])
    foreign = session.get_one(Case, others["case_id"])
    others |= _a_foreign_mediation(session, people["stranger"], foreign)
    elsewhere = create_share(session, foreign, an_offer(bodies["partner_offered"]), by=people["stranger"])
    others["share_id"] = elsewhere.id
    headers = {name: sign_in(session, staff) for name, staff in people.items()}
    return Village(app, ids, others, case.number, headers)


def _a_foreign_mediation(session: Session, staff: Staff, case: Case) -> dict[str, str]:
    """Make a request that another body has not sent yet, and a mediator and an offer of that body's own."""
    request = create_mediation(session, asking=staff, case_id=case.id, state=MediationState.DRAFT)
    request.organisation_id = staff.organisation_id
    made = MediationOffer(
        request_id=request.id,
        staff_id=staff.id,
        state=MediationOfferState.OFFERED,
        until=NOW + timedelta(hours=8),
        offered_by=staff.id,
        offered_at=NOW,
    )
    absence = MediatorAbsence(staff_id=staff.id, from_on=NOW.date(), until_on=NOW.date())
    session.add_all((made, absence))
    session.flush()
    return {
        "mediation_id": request.id,
        "mediation_offer_id": made.id,
        "mediator_id": staff.id,
        "mediator_absence_id": str(absence.id),
        "asking_body_id": staff.organisation_id,
    }


def _settle_shares(session: Session, shares: dict[str, Share], people: dict[str, Staff]) -> None:
    for name in ("partner_accepted", "partner_revoked", "partner_narrow"):
        accept_offer(session, shares[name], by=people[name].id, now=NOW)
    end_given(session, shares["partner_revoked"], words="", by=people["coordinator"].id, now=NOW)


def _things(
    session: Session,
    body: Organisation,
    staff: Staff,
    mediator: Staff | None,
    secrets: dict[str, str],
    asks: str,
) -> dict[str, str]:
    """Make one of everything for a body, and return the ids as the addresses name them."""
    conversation = create_conversation(session, organisation=body)
    send(session, conversation, secrets.get("message", "ciao"))
    if mediator is not None:
        claim(session, conversation.id, staff=mediator, epoch=conversation.epoch, now=NOW)
    person = create_person(session, name=secrets.get("name"), phone=secrets.get("phone"), organisation=body)
    conversation.person_id = person.id
    case = create_case(
        session,
        type=CaseType.HOUSING,
        person=person,
        organisation=body,
        conversation=conversation,
        intake={"municipalities": [secrets["town"]] if secrets else []},
    )
    for kind, text in ((NoteKind.SHARED, "shared_note"), (NoteKind.INTERNAL, "inner_note")):
        add_note(session, case, author_id=staff.id, kind=kind, text=secrets.get(text, "x"), now=NOW)
    found = {"conversation_id": conversation.id, "case_id": case.id, "person_id": person.id}
    found |= _work(session, conversation, staff)
    kin = create_staff(session, organisation=body)
    of_kin = {"conversation_id": conversation.id, "staff_id": kin.id}
    session.add(Conflict(**of_kin, stated_by=kin.id, at=NOW))
    session.add(Participant(**of_kin, invited_by=kin.id, since=NOW))
    asked = published(session, staff, question(asks))
    opening = BreakGlass(
        case_id=case.id,
        staff_id=create_staff(session, organisation=create_organisation(session)).id,
        organisation_id=body.id,
        reason=BreakGlassReason.VIOLENCE,
        words="una persona in pericolo questa notte",
        opened_at=NOW,
        until=NOW + timedelta(hours=4),
    )
    session.add(opening)
    found |= _case_work(session, case, staff, body)
    found |= _homes(session, staff, body)
    found |= _appointments(session, body, found)
    contract = a_contract(session, body)
    session.flush()
    return {
        **found,
        "engagement_id": contract.id,
        "care_match_id": contract.match_id or "",
        **create_worker_with_parts(session, organisation=body),
        "staff_id": kin.id,
        "opening_id": opening.id,
        "dialog": "conflict",
        "set_id": asked.id,
        "case_type": "housing",
        **WORDS_OF_HOUSING,
    }


def _case_work(session: Session, case: Case, staff: Staff, body: Organisation) -> dict[str, str]:
    """Make a plan, a paper, an account, a unit and people who may be one."""
    goal = add_goal(session, case, "Una casa", measure=None, by=staff.id, now=NOW)
    action = add_action(session, case, goal.id, ActionWords("Visita"), by=staff.id, now=NOW)
    check = plan_check(session, case, NOW.date(), by=staff.id, now=NOW)
    document = create_document(session, case, staff)
    account = create_staff(session, name="Ada", roles=frozenset({Role.CASEWORKER}), organisation=body)
    consent = create_consent(session, case, create_organisation(session), by=staff.id)
    copy = ask_for_copy(session, session.get_one(Person, case.person_id), by=staff.id, now=NOW)
    unit = Unit(organisation_id=body.id, name="Crema", municipalities=["Crema"])
    other, merged = (create_person(session, name="x", organisation=body) for _ in range(2))
    merge = PersonMerge(
        person_id=case.person_id,
        merged_id=merged.id,
        moved={"before": {}, "after": {}},
        merged_by=staff.id,
        merged_at=NOW,
    )
    session.add_all((unit, merge))
    session.flush()
    return {
        **_housing(session, case, body),
        **_care(session, body),
        **service_of_a_body(session, body.id),
        "goal_id": goal.id,
        "action_id": action.id,
        "check_id": check.id,
        "document_id": document.id,
        "account_id": account.id,
        "unit_id": unit.id,
        "session_id": "none",
        "token": "none",
        "other_id": other.id,
        "merge_id": merge.id,
        "consent_id": consent.id,
        "copy_id": copy.id,
    }


def _housing(session: Session, case: Case, body: Organisation) -> dict[str, str]:
    """Make an owner, a home that is matched with the case, and its viewing."""
    owner = create_owner(session, organisation=body, email="owner@example.org", contact_agreed_on=NOW.date())
    listing = create_listing(session, owner=owner)
    match = create_match(session, case=case, listing=listing)
    viewing = ask_for_viewing(session, match, by="service", now=NOW)
    viewing.state, viewing.starts_at = ViewingState.FIXED, NOW - timedelta(hours=1)
    session.flush()
    return {
        "owner_id": owner.id,
        "listing_id": listing.id,
        "match_id": match.id,
        "viewing_id": viewing.id,
    }


def _appointments(session: Session, body: Organisation, known: dict[str, str]) -> dict[str, str]:
    """Make a desk with a closed day, an appointment there, and somebody who waits for another."""
    desk = create_desk(session, organisation_id=body.id, places=20)
    closed = DeskException(day=NOW.date() + timedelta(days=30))
    desk.exceptions.append(closed)
    talk, person = known["conversation_id"], known["person_id"]
    day = day_in_italy(NOW) + timedelta(days=1)
    slots = free_slots(session, desk, first=day, last=day + timedelta(days=6), now=NOW)
    wanted = Wanted(person, "documents", "it", talk)
    found = book(session, desk, slots[0].starts_at, wanted, by="service", now=NOW)
    other = create_desk(session, organisation_id=body.id)
    waiting = wait_for(session, other, person, "rent", conversation_id=talk, by="service", now=NOW)
    session.flush()
    return {
        "desk_id": desk.id,
        "exception_id": closed.id,
        "appointment_id": found.id,
        "waiting_id": waiting.id,
    }


def _care(session: Session, body: Organisation) -> dict[str, str]:
    """Make a family assistant who is proposed to a family, and their match."""
    worker = create_worker(session, organisation=body)
    family = create_request(session, organisation=body)
    request_of(session, family, now=NOW).email = "family@example.org"
    match = create_care_match(session, request=family, worker=worker)
    session.flush()
    seat = create_seat(session, organisation=body)
    return {
        "request_id": family.id,
        "worker_id": worker.id,
        "care_match_id": match.id,
        "course_id": seat.course_id or "",
        "enrolment_id": seat.id,
    }


def _files(session: Session, staff: Staff) -> dict[str, str]:
    """Make a list that leaves as a file and one that came as one, each of one person."""
    export = ask_for_export(session, staff=staff, format=ExportFormat.CSV, query="", now=NOW)
    upload = take_file(session, b"type;person;language\nhousing;Ada Esempio;it\n", staff=staff, now=NOW)
    homes = take_homes(session, HOMES, staff=staff, now=NOW)
    return {"export_id": export.id, "import_id": upload.id, "listing_import_id": homes.id}


def _homes(session: Session, staff: Staff, body: Organisation) -> dict[str, str]:
    """Make an owner with a home and a photo of it."""
    person = create_person(session, name="Rosa Inventata", organisation=body)
    owner = register_owner(session, person, OwnerFacts(), by=staff.id, now=NOW)
    listing = add_listing(session, owner, HOME, case_id=None, by=staff.id, now=NOW)
    photo = create_photo(session, listing)
    return {"owner_id": owner.id, "listing_id": listing.id, "photo_id": photo.id}


def _work(session: Session, conversation: Conversation, staff: Staff) -> dict[str, str]:
    """Make what work on conversations leaves: a call-back, a ready answer, a kept list and the like."""
    message = session.scalars(select(Message.id).where(Message.conversation_id == conversation.id)).first()
    assert message is not None
    given = MisunderstoodMessage(
        conversation_id=conversation.id,
        turn_id=message,
        language="it",
        consent=ConsentGiven(purpose="understanding", text_version="1", text="?", language="it"),
    )
    item = give_message(session, given, now=NOW)
    callback = Callback(conversation_id=conversation.id, day_part=DayPart.ANY, asked_at=NOW, due_at=NOW)
    session.add(callback)
    reply = keep_reply(session, None, code="hello", language="it", text="Ciao", staff=staff, now=NOW)
    kept = keep_filter(session, staff=staff, name="Chi attende", query="mode=waiting", now=NOW)
    pair = {"source_text": "так", "target_text": "sì", "machine_text": None, "staff_id": staff.id, "now": NOW}
    keep_pair(session, conversation.organisation_id, source="uk", target="it", **pair)  # type: ignore[arg-type]
    session.flush()
    entry = select(PhrasebookEntry.id).where(PhrasebookEntry.organisation_id == conversation.organisation_id)
    return {
        "message_id": message,
        "item_id": item.id,
        "callback_id": callback.id,
        "reply_id": reply.id,
        "filter_id": kept.id,
        "entry_id": session.scalars(entry).one(),
    }


async def attach_photo(village: Village) -> str:
    """Send a photo in the first body's conversation, and return its id."""
    async with village.client() as http:
        stored = await http.post(
            "/api/v1/service/attachments",
            params={"kind": "photo", "conversation_id": village.ids["conversation_id"]},
            content=JPEG,
            headers={**SERVICE, "Idempotency-Key": "village"},
        )
    return str(stored.json()["id"])
