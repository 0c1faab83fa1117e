"""The front door with one of everything, and the people who look at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_match.models import CareSide
from backoffice.care_match.service import accept
from backoffice.case.models import Case
from backoffice.case.planning import ActionWords, add_action, add_goal, plan_check
from backoffice.case_export.models import ExportFormat
from backoffice.case_export.service import ask_for_export
from backoffice.case_import.service import take_file
from backoffice.client.schemas import CaseType, ConsentGiven, MisunderstoodMessage
from backoffice.conversation.models import Message
from backoffice.directory.models import ServiceAtLocation
from backoffice.engagement.drafting import draft_from_match
from backoffice.engagement.models import Engagement
from backoffice.guide.seeding import seed_guide
from backoffice.handoff.models import Callback, DayPart
from backoffice.listing_import.service import take_homes
from backoffice.mediation.roster import add_absence
from backoffice.mediation.service import accept as accept_mediation
from backoffice.mediation.service import offer
from backoffice.own_copy.service import ask_for_copy
from backoffice.person.models import Person, PersonMerge
from backoffice.review.service import give_message
from backoffice.sharing.models import BreakGlass, BreakGlassReason
from backoffice.staff.models import Organisation, Staff, Unit
from backoffice.staff.roles import Role
from backoffice.staff.sessions import running_sessions, session_mark
from backoffice.translation.models import PhrasebookEntry
from backoffice.translation.service import keep_pair
from backoffice.workplace.service import keep_filter, keep_reply
from tests.attacks.routes import OPEN_TO_ALL, Call
from tests.backoffice.care import create_care_match, create_request, create_worker
from tests.backoffice.care_worker.workers import create_worker_with_parts
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.courses import create_seat
from tests.backoffice.databases import SERVICE_TOKEN
from tests.backoffice.directories import create_body, create_service
from tests.backoffice.document.documents import create_document
from tests.backoffice.factories import (
    NOW,
    create_conversation,
    create_organisation,
    create_staff,
    send,
    sign_in,
)
from tests.backoffice.homes import create_listing, create_match
from tests.backoffice.listing.photos import create_photo
from tests.backoffice.mediation.mediations import create_mediation
from tests.backoffice.question.sets import drafted, question
from tests.backoffice.rights.consents import create_consent
from tests.backoffice.sharing.shares import an_offer, create_share

SERVICE = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
ALL_ROLES = frozenset(Role)
WORDS_OF_HOUSING = {
    "step_code": "interview",
    "milestone": "signed",
    "paper": "checklist",
    "engagement_step": "papers",
    "engagement_act": "terms",
}
"""What the addresses of the checklist name: the same for everybody."""
HOMES = b"municipality;rooms;rent_eur_month;owner;phone\nCrema;3;500;Ada Esempio;+390373000009\n"


@dataclass
class House:
    """The front door with one of everything, and people who look at it."""

    ids: dict[str, str]
    insider: dict[str, str]
    stranger: dict[str, str]
    powerless: dict[str, str]


@pytest.fixture
def house(session: Session) -> House:
    partner = create_organisation(session)
    stranger = create_staff(session, roles=ALL_ROLES, organisation=partner)
    insider = create_staff(session, roles=ALL_ROLES)
    powerless = create_staff(
        session, roles=frozenset({Role.ADMINISTRATOR, Role.PLANNER, Role.AUDITOR}), name="Anna"
    )
    conversation = create_conversation(session)
    send(session, conversation)
    case = create_case(session, type=CaseType.HOUSING, conversation=conversation)
    create_case(session, organisation=partner)
    goal = add_goal(session, case, "Una casa", measure=None, by=insider.id, now=NOW)
    action = add_action(session, case, goal.id, ActionWords("Visita"), by=insider.id, now=NOW)
    check = plan_check(session, case, NOW.date(), by=insider.id, now=NOW)
    document = create_document(session, case, insider)
    item = give_message(
        session,
        MisunderstoodMessage(
            conversation_id=conversation.id,
            turn_id=session.scalars(select(Message.id)).one(),
            language="it",
            consent=ConsentGiven(purpose="understanding", text_version="1", text="?", language="it"),
        ),
        now=NOW,
    )
    callback = Callback(conversation_id=conversation.id, day_part=DayPart.ANY, asked_at=NOW, due_at=NOW)
    session.add(callback)
    reply = keep_reply(session, None, code="hello", language="it", text="Ciao", staff=insider, now=NOW)
    kept = keep_filter(session, staff=insider, name="Chi attende", query="mode=waiting", now=NOW)
    message_id = session.scalars(select(Message.id)).one()
    keep_pair(
        session,
        conversation.organisation_id,
        source="uk",
        target="it",
        source_text="так",
        target_text="sì",
        machine_text=None,
        staff_id=insider.id,
        now=NOW,
    )
    third = create_organisation(session)
    share = create_share(session, case, an_offer(third), by=insider)
    opening = BreakGlass(
        case_id=case.id,
        staff_id=create_staff(session, organisation=third).id,
        organisation_id=third.id,
        reason=BreakGlassReason.VIOLENCE,
        words="una donna in pericolo questa notte",
        opened_at=NOW,
        until=NOW,
    )
    session.add(opening)
    unit = Unit(organisation_id=conversation.organisation_id, name="Crema", municipalities=["Crema"])
    session.add(unit)
    other, merged = create_person(session), create_person(session)
    merge = PersonMerge(person_id=case.person_id, merged_id=merged.id, moved={}, merged_by="x", merged_at=NOW)
    session.add(merge)
    draft = drafted(session, insider, question())
    export = ask_for_export(session, staff=insider, format=ExportFormat.CSV, query="", now=NOW)
    upload = take_file(session, b"type;person;language\nhousing;A;it\n", staff=insider, now=NOW)
    copy = ask_for_copy(session, session.get_one(Person, case.person_id), by=insider.id, now=NOW)
    consent = create_consent(session, case, third, by=insider.id)
    listing = create_listing(session)
    photo = create_photo(session, listing)
    homes = take_homes(session, HOMES, staff=insider, now=NOW)
    match = create_match(session, case=case)
    of_worker = create_worker_with_parts(session)
    contract = a_contract(session)
    care = create_care_match(session)
    seat = create_seat(session)
    session.flush()
    of_insider = sign_in(session, insider)
    ids = {
        "account_id": insider.id,
        "unit_id": unit.id,
        "session_id": session_mark(running_sessions(session, insider.id, now=NOW)[0]),
        "other_id": other.id,
        "merge_id": merge.id,
        "message_id": message_id,
        "entry_id": session.scalars(select(PhrasebookEntry.id)).one(),
        "conversation_id": conversation.id,
        "case_id": case.id,
        "person_id": case.person_id,
        "item_id": item.id,
        "callback_id": callback.id,
        "staff_id": insider.id,
        "dialog": "conflict",
        "reply_id": reply.id,
        "filter_id": kept.id,
        "share_id": share.id,
        "opening_id": opening.id,
        "goal_id": goal.id,
        "action_id": action.id,
        "check_id": check.id,
        "document_id": document.id,
        "case_type": "housing",
        "code": "asked",
        "set_id": draft.id,
        "export_id": export.id,
        "import_id": upload.id,
        "copy_id": copy.id,
        "consent_id": consent.id,
        **WORDS_OF_HOUSING,
        "listing_id": listing.id,
        "photo_id": photo.id,
        "owner_id": listing.owner_id,
        "listing_import_id": homes.id,
        "match_id": match.id,
        **of_worker,
        "engagement_id": contract.id,
        "request_id": care.request_id,
        "care_match_id": care.id,
        "course_id": seat.course_id or "",
        "enrolment_id": seat.id,
        **sentence_of_guide(session, insider),
        **a_mediation(session, case, insider, insider),
        **service_of_a_body(session, insider.organisation_id),
    }
    found = House(
        ids,
        of_insider,
        sign_in(session, stranger),
        sign_in(session, powerless),
    )
    session.commit()
    return found


def sentence_of_guide(session: Session, *staff: Staff) -> dict[str, str]:
    """Bring a topic of the guide in, with people who speak one of its languages."""
    seed_guide(session, now=NOW, topics=frozenset({"tax_code"}))
    for each in staff:
        each.languages = ["it", "uk"]
    return {"key": "guide.tax_code.answer", "language": "uk", "topic": "tax_code"}


def a_contract(session: Session, organisation: Organisation | None = None) -> Engagement:
    """Draft the contract of a match that both have said yes to."""
    match = create_care_match(
        session,
        request=create_request(session, organisation=organisation),
        worker=create_worker(session, organisation=organisation),
    )
    for side in (CareSide.WORKER, CareSide.FAMILY):
        accept(session, match, side, by="service", now=NOW)
    return draft_from_match(session, match, by="service", now=NOW)


def a_mediation(session: Session, case: Case, asking: Staff, mediator: Staff) -> dict[str, str]:
    """Make a request for a mediator that was offered to one, who is away some days later."""
    request = create_mediation(session, asking=asking, case_id=case.id)
    until = NOW + timedelta(hours=8)
    (made,) = offer(session, request, [(mediator.id, [])], until=until, by="service", now=NOW)
    accept_mediation(session, made, now=NOW)
    day = NOW.date() + timedelta(days=30)
    absence = add_absence(session, mediator, from_on=day, until_on=day, by=mediator.id, now=NOW)
    return {
        "mediation_id": request.id,
        "mediation_offer_id": made.id,
        "mediator_id": mediator.id,
        "mediator_absence_id": str(absence.id),
        "asking_body_id": request.asking_id,
    }


def service_of_a_body(session: Session, organisation_id: str) -> dict[str, str]:
    """Write a service of a body into the directory, in one place, and return how addresses name it all."""
    body = create_body(session, staff_organisation_id=organisation_id)
    service = create_service(session, body)
    at = session.scalars(select(ServiceAtLocation).where(ServiceAtLocation.service_id == service.id)).one()
    return {
        "body_id": body.id,
        "service_id": service.id,
        "location_id": at.location_id,
        "at_id": at.id,
        "directory_kind": "services",
        "directory_id": service.id,
        "part": "phones",
    }


def of_staff(call: Call) -> bool:
    return not call.is_for_service and (call.method, call.path) not in OPEN_TO_ALL


def fields_of(call: Call) -> dict[str, object]:
    """Return what a call wants at least, so that it is not refused for its form."""
    wanted: dict[str, dict[str, object]] = {
        "claim": {"epoch": 1},
        "heartbeat": {"epoch": 1},
        "wait": {"epoch": 1},
        "reply": {"epoch": 1, "text": "x"},
        "preview": {"text": "x", "language": "it"},
        "correction": {"epoch": 1, "text": "x"},
        "rendering": {"text": "x"},
        "renderings": {"text": "x"},
        "release": {"epoch": 1},
        "transfer": {"epoch": 1, "to": "x"},
        "take-over": {"epoch": 1, "reason": "other"},
        "close": {"epoch": 1, "reason": "other"},
        "participants": {"epoch": 1, "to": "x"},
        "participants/remove": {"staff_id": "x"},
        "withdraw": {"staff_id": "x"},
        "presence": {"activity": "reading"},
        "notes": {"kind": "internal", "text": "x"},
        "move": {"to": "taking_charge"},
        "labels": {"name": "x"},
        "labels/remove": {"name": "x"},
        "read": {"seq": 1},
        "{reply_id}": {"code": "hello", "language": "it", "text": "x"},
        "canned-replies": {"code": "hello", "language": "it", "text": "x"},
        "goals": {"words": "x"},
        "dates": {"moment": "2026-12-04T10:00"},
        "fix": {"moment": "2026-12-04T10:00"},
        "{goal_id}": {"words": "x"},
        "actions": {"words": "x"},
        "{action_id}": {"state": "todo"},
        "agreement": {"on": "2026-12-02", "language": "it", "how": "oral", "mediator_present": False},
        "checks": {"due_on": "2026-12-02"},
        "{check_id}": {"outcome": "x"},
        "saved-case-filters": {"name": "x", "query": "type=housing"},
        "case-exports": {"format": "csv"},
        "assign-many": {"case": "x"},
        "saved-filters": {"name": "x", "query": "mode=waiting"},
        "cases": {"type": "housing", "language": "it", "person": {"name": "A"}},
        "shares": {
            "organisation": "x",
            "parts": ["notes"],
            "purpose": "x",
            "ground": "law",
            "ground_words": "art. 403 del codice civile",
            "until": "2027-01-31T00:00:00Z" if call.path.startswith("/api/") else "2027-01-31",
        },
        "consent-requests": {
            "organisation": "x",
            "parts": ["notes"],
            "purpose": "x",
            "until": "2027-01-31T00:00:00Z" if call.path.startswith("/api/") else "2027-01-31",
        },
        "consents": {
            "organisation": "x",
            "parts": ["notes"],
            "purpose": "x",
            "until": "2027-01-31T00:00:00Z",
            "how": "signature",
        },
        "{copy_id}/release": {"identity": "document"},
        "refusal": {"because": "taken_back"},
        "withdrawal": {"how": "oral"},
        "words": {"organisation": "x"},
        "reject": {"words": "x"},
        "done": {"words": "x"},
        "revoke": {"words": "x"},
        "break-glass": {"number": "x", "reason": "violence", "words": "una donna in pericolo questa notte"},
        "/accounts": {"email": "neu@test.example", "name": "X", "roles": ["caseworker"]},
        "staff": {"email": "neu@test.example", "name": "X", "roles": ["caseworker"]},
        "question-sets": {"case_type": "housing"},
        "{set_id}/move": {"code": "pets", "places": 1},
        "retire": {"code": "pets"},
        "{case_id}/answers": {"set_id": "x", "revision": 0, "answers": {}},
        "label": {"intent": "greet", "language": "it", "text": "x"},
    }
    wanted.update(
        {
            "{person_id}": {"version": 0, "name": "x"},
            "open": {"reason": "safety", "words": "x"},
            "restricted": {"version": 0, "restricted": {}},
            "household": {"version": 0},
            "not-same": {"other": "x"},
            "merge": {"other": "x"},
            "link": {"code": "x"},
            "steps/{step_code}": {"state": "done"},
            "days/{milestone}": {"on": "2026-12-02"},
            "accompaniment/end": {"side": "desk", "reason": "other"},
            "search/move": {"to": "interviewed"},
            "search/needs": {"answers": {}},
        }
    )
    wanted.update(
        {
            "v1/appointments": {"person": "x", "desk": "x", "starts_at": "2026-12-04T09:00:00+01:00"},
            "{appointment_id}/move": {"starts_at": "2026-12-04T09:00:00+01:00"},
            "{appointment_id}/cancel": {},
            "{appointment_id}/close": {"came": True},
            "v1/appointment-desks": {"name": "x", "address": "x"},
            "appointment-desks/{desk_id}": {"name": "x", "address": "x", "version": 1},
            "appointments/desks": {"name": "x", "address": "x"},
            "desks/{desk_id}": {"name": "x", "address": "x", "version": 1},
            "{desk_id}/days": {"day": "2026-12-24"},
            "appointments/waiting": {"person": "x", "desk": "x"},
            "/appointments": {"person": "x", "desk": "x", "starts_at": "2026-12-04T09:00:00+01:00"},
            "v1/listings": {"owner": "x", "municipality": "Crema", "rooms": 3},
            "listings/{listing_id}": {"version": 1},
            "{listing_id}/moves": {"to": "withdrawn"},
            "{listing_id}/move": {"to": "withdrawn"},
            "{listing_id}/verifications": {"how": "visit"},
            "{listing_id}/verify": {"how": "visit"},
            "v1/owners": {"name": "Ada Esempio", "phone": "+390373000008"},
            "owners/new": {"name": "Ada Esempio", "phone": "+390373000008"},
            "owners/{owner_id}": {"version": 1},
            "{owner_id}/losses": {"reason": "sold"},
            "{owner_id}/wishes": {"ground": "nationality"},
        }
    )
    wanted.update(
        {
            "housing-matches": {"case": "x", "listing": "x"},
            "{match_id}/answer": {"side": "seeker", "says": "no", "reason": "too_far"},
            "{match_id}/move": {"to": "interested"},
            "matching-weights": {"weights": {}, "version": 0} if call.method == "PUT" else {},
        }
    )
    wanted.update(
        {
            "engagements/{engagement_id}": {},
            "{engagement_id}/given": {"on": "2026-12-02"},
            "{engagement_id}/sign": {"on": "2026-12-02"},
            "{engagement_id}/inps": {"told_at": "2026-12-02T10:00:00Z"},
            "{engagement_id}/hospitality": {"on": "2026-12-02"},
            "{engagement_id}/terms": {
                "from_on": "2026-12-20",
                "level": "CS",
                "live_in": True,
                "hours_week": 54,
                "pay_eur": "1250.00",
                "pay_per": "month",
            },
            "{engagement_id}/payslips": {"month": "2026-12-01", "paid_eur": "1"},
            "{engagement_id}/notice": {"by": "family", "on": "2026-12-02"},
            "{engagement_id}/end": {"on": "2026-12-02", "reason": "agreed"},
            "{engagement_id}/drop": {"side": "desk"},
        }
    )
    terms = {"on": "2026-12-02", "hours_week": 20}
    wanted.update(
        {
            "care-figures/pay": {**terms, "live_in": False},
            "care-figures/notice": {**terms, "ends_by": "family", "years_with_employer": 1},
            "v1/care-workers": {"name": "Ada Esempio", "phone": "+390373000007", "municipality": "Crema"},
            "care-workers/{worker_id}": {"version": 1, "answers": {}},
            "{worker_id}/moves": {"to": "interview"},
            "{worker_id}/profile": {"shown": True},
            "{worker_id}/interview-date": {"at": "2027-01-31T10:00:00Z"},
            "{worker_id}/interview": {"version": 1},
            "{worker_id}/skills": {"skill": "elderly", "origin": "course"},
            "{skill_id}/recognition": {"how": "interview"},
            "{worker_id}/periods": {"started_on": "2026-01-01", "is_regular": True},
            "{worker_id}/references": {"name": "Ada Esempio"},
            "{worker_id}/week": {"times": []},
            "{worker_id}/absences": {"from_on": "2027-01-01", "until_on": "2027-01-02"},
            "proofs/{rule}": {"is_met": True},
            "care-matches": {"request": "x", "worker": "x"},
            "{care_match_id}/moves": {"act": "withdraw"},
            "{care_match_id}/answer": {"side": "worker", "says": "no", "reason": "pay"},
            "{care_match_id}/interview": {"moment": "2026-12-04T10:00"},
            "{care_match_id}/trial": {"from_on": "2026-12-10", "until_on": "2026-12-20"},
            "care-requests/{request_id}/moves": {"to": "matching"},
            "{request_id}/moves": {"to": "matching"},
            "{request_id}/move": {"to": "matching"},
            "care-weights": {"weights": {}, "version": 0} if call.method == "PUT" else {},
        }
    )
    course = {"kind": "other", "title": "x", "provider": "x", "hours": 1, "seats": 1}
    wanted.update(
        {
            "v1/care-courses": course,
            "courses/new": course,
            "{course_id}/edit": {**course, "version": 1},
            "care-courses/{course_id}": {**course, "version": 1},
            "{course_id}/moves": {"to": "cancelled"},
            "{course_id}/move": {"to": "cancelled"},
            "{course_id}/enrolments": {"case": "x"} if call.path.startswith("/api/") else {"number": "x"},
            "{course_id}/attendance": {"day": "2026-12-14", "hours": []},
            "v1/care-enrolments": {"case": "x", "kind": "first_aid"},
            "{enrolment_id}/acts": {"act": "accept"},
            "enrolments/{enrolment_id}": {"act": "accept"},
            "{enrolment_id}/certificate": {"on": "2026-12-14"},
            "{worker_id}/courses": {"what": "kind:first_aid"},
        }
    )
    wanted.update(
        {
            "{key}/italian": {"text": "x", "version": 0, "reason": "x"},
            "{language}/draft": {"text": "x", "version": 0},
            "{language}/machine": {"version": 0},
            "{language}/review": {"version": 0, "italian_version": 0},
            "{language}/undo": {"revision": "x", "version": 0, "reason": "x"},
            "{topic}/verification": {"valid_to": "2027-01-31", "source_note": "x"},
            "v1/mediation-requests": {
                "language": "ur",
                "setting": "health",
                "mode": "phone",
                "starts_at": "2027-01-31T10:00:00Z",
                "minutes": 60,
            },
            "{mediation_id}/approval": {},
            "{mediation_id}/rejection": {"because": "too_late"},
            "{mediation_id}/offers": {"mediators": ["x"]},
            "{mediation_id}/settlement": {"worked_quarters": 4},
            "{mediation_id}/moment": {"starts_at": "2027-01-31T10:00:00Z"},
            "{mediation_id}/report": {"worked_quarters": 4},
            "{mediation_id}/no-show": {"missing": "person"},
            "{mediation_id}/dispute": {"words": "x"},
            "{mediation_offer_id}/refusal": {},
            "{mediator_id}/profile": {},
            "{mediator_id}/roster": {"times": []},
            "{mediator_id}/absences": {"from_on": "2027-01-01", "until_on": "2027-01-02"},
            "v1/mediation-hours": {"organisation": "x", "year": 2027, "quarters": 40}
            if call.method == "PUT"
            else {},
            "bodies/new": {"name": "x"},
            "services/new": {"name": "x", "status": "active"},
            "places/new": {"location_type": "physical"},
            "{directory_id}/edit": {"name": "x", "status": "active", "version": 1},
            "{directory_id}/hours": {"version": 1},
            "{directory_id}/languages": {"version": 1},
            "parts/{part}": {"version": 1},
            "{service_id}/verified": {"source": "x", "valid_to": "2027-01-31"},
            "{service_id}/places": {"location": "x"},
            "{service_id}/translations": {"to": "ar"},
        }
    )
    first, last = call.path.split("/")[-2:]
    return wanted.get(f"{first}/{last}", wanted.get(last, {}))
