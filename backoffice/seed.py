"""`python -m backoffice.seed`: fills an empty database with an invented district, so that every page is full.

The people, numbers and bodies of `demo_data.yml` do not exist. Nothing is written where there is an
organisation already, nor where `SPORTELLO_DEMO` is off.
"""

from __future__ import annotations

import argparse
import struct
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice.attachment.sealing import installation_key
from backoffice.attachment.service import attach, store_attachment
from backoffice.attachment.vault import Vault
from backoffice.case.models import Case, CaseSource, NoteKind
from backoffice.case.needs import Need
from backoffice.case.phases import ClosingReason
from backoffice.case.planning import (
    ActionWords,
    Agreement,
    add_action,
    add_goal,
    agree_plan,
    change_action,
)
from backoffice.case.progress import set_ground, set_interviewed, write_review
from backoffice.case.requirements import has_consent
from backoffice.case.service import (
    NewCase,
    add_note,
    assign_case,
    change_municipality,
    move_case,
    open_case,
)
from backoffice.client.schemas import (
    AttachmentKind,
    Author,
    CareWorkIntake,
    CaseType,
    Channel,
    ConsentGiven,
    HousingIntake,
    IntakeRequest,
    MessageKind,
    Mode,
    Phase,
    ReceptionRequest,
    ReplyButton,
    WaitingReason,
)
from backoffice.clock import utc_now
from backoffice.conversation import models as conversation_models
from backoffice.conversation.floor import make_wait
from backoffice.conversation.follow_ups import set_follow_up
from backoffice.conversation.labels import add_label
from backoffice.conversation.messages import Draft, write
from backoffice.conversation.models import (
    Audience,
    Conversation,
    Delivery,
    DeliveryState,
    InboxEntry,
    InboxState,
    Message,
)
from backoffice.conversation.notes import write_note
from backoffice.database import Database
from backoffice.handoff.service import claim
from backoffice.intake.service import submit_intake, submit_reception
from backoffice.italy import day_in_italy
from backoffice.office.models import Office
from backoffice.office.service import default_hours
from backoffice.person.models import ChannelAddress, Person
from backoffice.plan.models import ActionState, AgreementForm, ChargeGround
from backoffice.plan.queries import actions_of
from backoffice.question.answers import keep_answers
from backoffice.question.service import keep_question, open_draft, parse_question, publish
from backoffice.referral.service import accept_offer, offer_case
from backoffice.seed_appointments import seed_desk
from backoffice.seed_care import seed_care
from backoffice.seed_cases import seed_cases, settle, usual_processes
from backoffice.seed_homes import seed_homes
from backoffice.seed_matches import seed_matches
from backoffice.seed_mediation import seed_mediation
from backoffice.settings import read_settings
from backoffice.sharing.models import ShareGround, ShareKind
from backoffice.sharing.parts import CasePart
from backoffice.sharing.service import Offer
from backoffice.staff.accounts import DEMO_DOMAIN
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.passwords import hash_password
from backoffice.staff.roles import Role
from backoffice.workplace.service import keep_reply

PASSWORD = "sportello-demo"  # noqa: S105  (public: contract, "Demo data")

HELD_FOR = timedelta(hours=12)
"""How long the demo's mediators keep the floor without a page, so that their lists are not empty."""

_AUTHORS = {"p": Author.CITIZEN, "a": Author.ASSISTANT, "m": Author.MEDIATOR}

_CONSENT = {
    "it": "Acconsento che Comunità Sociale Cremasca usi questi dati per la mia richiesta.",
    "en": "I agree that Comunità Sociale Cremasca uses these data for my request.",
    "ar": "أوافق على أن تستخدم Comunità Sociale Cremasca هذه البيانات من أجل طلبي.",
    "uk": "Я погоджуюся, щоб Comunità Sociale Cremasca використовувала ці дані для мого звернення.",
    "ro": "Sunt de acord ca Comunità Sociale Cremasca să folosească aceste date pentru cererea mea.",
}

Story = Mapping[str, Any]


@dataclass(frozen=True)
class District:
    """What the stories refer to."""

    organisations: Mapping[str, Organisation]
    staff: Mapping[str, Staff]
    vault: Vault | None
    now: datetime

    @property
    def front_door(self) -> Organisation:
        """The organisation that runs the chat."""
        return next(each for each in self.organisations.values() if each.is_front_door)


def main(arguments: Sequence[str] | None = None) -> None:
    """Seed the database of the settings."""
    parser = argparse.ArgumentParser(prog="python -m backoffice.seed", description="Load the demo data.")
    parser.add_argument("--cases", type=int, default=0, help="so many invented cases besides")
    parser.add_argument("--messages", type=int, default=0, help="so many messages in their conversations")
    parser.add_argument("--processes", type=int, default=usual_processes(), help="so many write at once")
    wanted = parser.parse_args(arguments)
    settings = read_settings()
    if not settings.is_demo:
        print("Demo data: off (SPORTELLO_DEMO).")
        return
    database = Database(settings.url, secret=settings.secret)
    try:
        with database.transaction() as session:
            done = seed(session, data_dir=settings.data_dir, secret=settings.secret, now=utc_now())
        if wanted.cases:
            _seed_many(database, wanted.cases, wanted.messages, wanted.processes)
    finally:
        database.close()
    print("Demo data: loaded." if done else "Demo data: the database is not empty, nothing to do.")


def _seed_many(database: Database, cases: int, messages: int, processes: int) -> None:
    begun = time.monotonic()

    def tell(done: int) -> None:
        if done % 10_000 == 0 or done == cases:
            passed = time.monotonic() - begun
            print(f"Invented cases: {done:,} of {cases:,}, after {passed:,.0f} s.", flush=True)

    seed_cases(database, cases, now=utc_now(), messages=messages, processes=processes, tell=tell)
    settle(database)


def seed(session: Session, *, data_dir: Path, now: datetime, secret: str | None = None) -> bool:
    """Write the demo district into an empty database; return False, and write nothing, into another.

    Without the installation's secret, which encrypts them, the people of the stories send no files.
    """
    if session.scalar(select(Organisation.id).limit(1)) is not None:
        return False
    stories = yaml.safe_load((Path(__file__).parent / "demo_data.yml").read_text(encoding="utf-8"))
    vault = None if secret is None else Vault(data_dir, installation_key(secret))
    district = _district(session, stories, vault, now.astimezone(UTC))
    for number, story in enumerate(stories["conversations"], start=1):
        _tell(session, district, story, number)
    for story in stories["desk_cases"]:
        _open_at_desk(session, district, story)
    seed_homes(session, district.staff["housing"], vault, now=district.now)
    seed_care(session, district.staff["coordinator"], now=district.now)
    seed_mediation(session, district.staff["coordinator"], now=district.now)
    _share_two(session, district)
    seed_matches(session, district.staff["housing"], now=now)
    for code, language, words in stories["canned_replies"]:
        staff = district.staff["coordinator"]
        keep_reply(session, None, code=code, language=language, text=words, staff=staff, now=district.now)
    _ask_further(session, district)
    sent = {"state": DeliveryState.SENT, "sent_at": district.now}
    session.execute(update(Delivery).values(sent))  # the chats are invented: nothing must ever go out
    return True


def _district(session: Session, stories: Story, vault: Vault | None, now: datetime) -> District:
    organisations = {each["slug"]: Organisation(**each) for each in stories["organisations"]}
    session.add_all(organisations.values())
    session.flush()
    front_door = next(each for each in organisations.values() if each.is_front_door)
    office = Office(organisation_id=front_door.id, verified_on=now.date(), is_demo=True, **stories["office"])
    office.opening_hours = default_hours()
    session.add(office)
    session.flush()
    seed_desk(session, office, now=now)
    password_hash = hash_password(PASSWORD)
    staff = {}
    for each in stories["staff"]:
        organisation = organisations[each["organisation"]] if "organisation" in each else front_door
        staff[each["email"]] = Staff(
            organisation=organisation,
            email=each["email"] + DEMO_DOMAIN,
            name=each["name"],
            password_hash=password_hash,
            role_names=sorted(Role(role).value for role in each["roles"]),
            languages=each["languages"],
            gender=each.get("gender"),
            topics=each.get("topics", []),
        )
    session.add_all(staff.values())
    session.flush()
    return District(organisations, staff, vault, now)


def _ask_further(session: Session, district: District) -> None:
    """Publish two further questions about a home, asked at the desk, and prepare the chat's as a draft."""
    by, now = district.staff["admin"].id, district.now
    path = Path(__file__).parent / "demo_questions.yml"
    questions = [parse_question(each) for each in yaml.safe_load(path.read_text(encoding="utf-8"))]
    first = open_draft(session, district.front_door.id, CaseType.HOUSING, by=by, now=now)
    for question in questions:
        keep_question(session, first, question, is_new=True, by=by, now=now)
    publish(session, first, by=by, now=now)
    second = open_draft(session, district.front_door.id, CaseType.HOUSING, by=by, now=now)
    for question in questions:
        asked = question.model_copy(update={"in_chat": True})
        keep_question(session, second, asked, is_new=False, by=by, now=now)
    cases = session.scalars(
        select(Case)
        .where(Case.organisation_id == district.front_door.id, Case.type == CaseType.HOUSING)
        .where(Case.phase != Phase.CLOSED)
        .order_by(Case.opened_at)
    )
    for case, pets in zip(cases, (True, False), strict=False):
        who, answers = district.staff["housing"].id, {"pets": pets, "lift": not pets}
        keep_answers(session, case_id=case.id, found=first, answers=answers, by=who, now=now)


def _tell(session: Session, district: District, story: Story, number: int) -> None:
    begun = district.now - timedelta(minutes=story["ago"])
    conversation = _conversation(session, district, story, number, begun)
    now = _say(session, district, conversation, story["messages"], begun)
    case = _submit(session, conversation, story, now)
    if "wait" in story:
        now = _wait(session, conversation, story["wait"], now)
    if "holder" in story:
        staff = district.staff[story["holder"]]
        claim(session, conversation.id, staff=staff, epoch=conversation.epoch, now=now)
        session.refresh(conversation)
        now = _say(session, district, conversation, story["later"], now)
        conversation.holder_until = district.now + HELD_FOR
    _mark(session, district, conversation, story, now)
    if case is not None:
        _work_on(session, district, case, story["case"], now)


def _mark(
    session: Session, district: District, conversation: Conversation, story: Story, now: datetime
) -> None:
    for author, kind, words in story.get("notes", ()):
        write_note(
            session,
            conversation,
            staff=district.staff[author],
            kind=conversation_models.NoteKind(kind),
            text=words,
            language="it",
            now=now,
        )
    who = district.staff["coordinator"]
    for name in story.get("labels", ()):
        add_label(session, conversation, name, staff=who, now=now)
    if "follow_up_days" in story:
        day = day_in_italy(district.now) + timedelta(days=story["follow_up_days"])
        set_follow_up(session, conversation, day, staff=who, now=now)


def _conversation(
    session: Session, district: District, story: Story, number: int, begun: datetime
) -> Conversation:
    organisation_id, channel = district.front_door.id, Channel(story["channel"])
    person = Person(
        organisation_id=organisation_id,
        name=story["name"],
        phone=story.get("phone"),
        languages=[story["language"]],
        created_at=begun,
    )
    session.add(person)
    session.flush()
    chat_id = 7_000_000_000_000 + number if channel is Channel.TELEGRAM else None
    if chat_id is not None:
        session.add(ChannelAddress(person_id=person.id, channel=channel, address=str(chat_id)))
    conversation = Conversation(
        organisation_id=organisation_id,
        channel=channel,
        chat_id=chat_id,
        language=story["language"],
        language_chosen=True,
        person_id=person.id,
        mode=Mode.ASSISTANT,
        created_at=begun,
        last_message_at=begun,
    )
    session.add(conversation)
    session.flush()
    if story.get("attachment") and district.vault is not None:
        _send_picture(session, district.vault, conversation, begun)
    return conversation


def _say(
    session: Session, district: District, conversation: Conversation, lines: list[Story], now: datetime
) -> datetime:
    for line in lines:
        now += timedelta(minutes=1)
        author, suppressed = _AUTHORS[line["from"]], line.get("suppressed", False)
        staff_id = conversation.holder_id if author is Author.MEDIATOR else None
        buttons = [ReplyButton(title=title, payload="/ask_menu") for title in line.get("buttons", ())]
        draft = Draft(
            author,
            line["text"],
            staff_id=staff_id,
            audience=Audience.STAFF if suppressed else Audience.EVERYBODY,
            suppressed=suppressed,
            buttons=buttons,
        )
        message = write(session, conversation, draft, now=now)[0]
        if author is Author.CITIZEN:
            _handled(session, conversation, message, line)
    conversation.received_seq = conversation.last_seq
    session.flush()
    return now


def _handled(session: Session, conversation: Conversation, message: Message, line: Story) -> None:
    session.add(
        InboxEntry(
            id=message.id,
            conversation_id=conversation.id,
            seq=message.seq,
            channel=conversation.channel,
            external_id=f"demo:{message.id}",
            fingerprint="demo",
            state=InboxState.DONE,
            next_at=message.created_at,
            intent=line.get("intent"),
            confidence=line.get("confidence"),
            created_at=message.created_at,
        )
    )


def _submit(session: Session, conversation: Conversation, story: Story, now: datetime) -> Case | None:
    if "reception" in story:
        request = ReceptionRequest(conversation_id=conversation.id, **story["reception"])
        return submit_reception(session, request, now=now)
    if "intake" not in story:
        return None
    language = conversation.language if conversation.language in _CONSENT else "it"
    consent = ConsentGiven(purpose="case", text_version="demo-1", text=_CONSENT[language], language=language)
    form = story["intake"]
    intake = IntakeRequest(
        conversation_id=conversation.id,
        turn_id="demo",
        housing=HousingIntake(**_dated(form["housing"], now)) if "housing" in form else None,
        care_work=CareWorkIntake(**_dated(form["care_work"], now)) if "care_work" in form else None,
        consent=consent,
    )
    return submit_intake(session, intake, now=now)


def _dated(form: Story, now: datetime) -> dict[str, Any]:
    """Return a form whose `..._days` have become dates, counted from its own day."""
    names = {"move_in_days": "move_in_from", "availability_days": "availability_from"}
    dates: dict[str, date] = {
        names[name]: (now + timedelta(days=days)).date() for name, days in form.items() if name in names
    }
    return {**{name: value for name, value in form.items() if name not in names}, **dates}


def _wait(session: Session, conversation: Conversation, wait: Story, now: datetime) -> datetime:
    conversation.summary, conversation.topic = wait["summary"], wait["topic"]
    now += timedelta(minutes=1)
    reason, urgent = WaitingReason(wait["reason"]), wait.get("urgent", False)
    make_wait(session, conversation, reason=reason, urgent=urgent, now=now)
    conversation.next_told_at = conversation.wait_told_at = now  # nothing is said in these stories by itself
    session.flush()
    return now


def _open_at_desk(session: Session, district: District, story: Story) -> None:
    staff, now = district.staff[story["by"]], district.now - timedelta(minutes=story["ago"])
    person = Person(
        organisation_id=staff.organisation_id,
        name=story["person"],
        phone=story["phone"],
        languages=[story["language"]],
        created_at=now,
    )
    session.add(person)
    session.flush()
    new = NewCase(
        type=CaseType(story["type"]),
        person=person,
        organisation_id=staff.organisation_id,
        language=story["language"],
        source=CaseSource.DESK,
        intake=dict(story["intake"]),
        needs=tuple(Need(need) for need in story["needs"]),
        municipality=story["municipality"],
        urgent=story.get("urgent", False),
    )
    _work_on(session, district, open_case(session, new, by=staff.id, now=now), story, now)


def _work_on(session: Session, district: District, case: Case, story: Story, now: datetime) -> None:
    step = (district.now - now) / (len(story["phases"]) + len(story.get("notes", ())) + 3)
    assignee = district.staff[story["assignee"]] if "assignee" in story else None
    who = assignee.id if assignee else district.staff["coordinator"].id
    if assignee is not None:
        now += step
        assign_case(session, case, assignee, by=who, now=now)
    for phase in story["phases"]:
        now += step
        _make_ready(session, case, Phase(phase), assignee or district.staff["coordinator"], now)
        move_case(session, case, Phase(phase), by=who, now=now)
    for author, kind, text in story.get("notes", ()):
        now += step
        add_note(session, case, author_id=district.staff[author].id, kind=NoteKind(kind), text=text, now=now)
    if "close" in story:
        words = "Obiettivo raggiunto: la famiglia vive nella nuova casa."
        write_review(session, case, words, by=who, now=now)
        reason = ClosingReason(story["close"])
        move_case(session, case, Phase.CLOSED, by=who, now=now + step, closing_reason=reason)


def _share_two(session: Session, district: District) -> None:
    """Share one case of the front door with a partner, and ask it to take care of another."""
    partner, giver = district.staff["partner"], district.staff["coordinator"]
    searches = select(Case).where(
        Case.organisation_id == district.front_door.id,
        Case.type == CaseType.HOUSING,
        Case.phase != Phase.CLOSED,
    )
    cases = session.scalars(searches.order_by(Case.opened_at.desc(), Case.id).limit(2)).all()
    for case, kind in zip(cases, (ShareKind.SHARE, ShareKind.REFERRAL), strict=False):
        offer = Offer(
            kind=kind,
            organisation_id=partner.organisation_id,
            parts=frozenset({CasePart.PERSON, CasePart.NEEDS, CasePart.NOTES}),
            purpose="Trovare un alloggio temporaneo",
            request="Avete un posto letto libero?" if kind is ShareKind.REFERRAL else None,
            ground=ShareGround.LAW,
            ground_words="Legge 328/2000, art. 22: misure per chi non ha un alloggio (esempio)",
            until=district.now + timedelta(days=90),
        )
        share = offer_case(session, case, offer, by=giver.id, now=district.now)
        if kind is ShareKind.SHARE:
            accept_offer(session, share, by=partner.id, now=district.now)


def _make_ready(session: Session, case: Case, phase: Phase, staff: Staff, now: datetime) -> None:
    """Write down what a phase needs, as its caseworker would have done."""
    by = staff.id
    if phase is Phase.TAKING_CHARGE:
        if not has_consent(session, case.person_id):
            words = "Mandato del servizio sociale del Comune."
            set_ground(session, case, ChargeGround.PUBLIC_TASK, words, by=by, now=now)
        if not case.municipality:
            change_municipality(session, case, "Crema", by=by, now=now)
    elif phase is Phase.PLANNING:
        set_interviewed(session, case, now.date(), by=by, now=now)
        words, measure = "Trovare una sistemazione stabile", "Contratto firmato entro sei mesi"
        goal = add_goal(session, case, words, measure=measure, by=by, now=now)
        due = (now + timedelta(days=21)).date()
        visit = ActionWords("Incontrare gli uffici e i proprietari", operator_id=by, due_on=due)
        add_action(session, case, goal.id, visit, by=by, now=now)
    elif phase is Phase.DELIVERY:
        said = Agreement(now.date(), case.language, AgreementForm.ORAL, mediator_present=True)
        agree_plan(session, case, said, by=by, now=now)
    else:
        for action in actions_of(session, case.id):
            change_action(
                session,
                case,
                action.id,
                state=ActionState.DONE,
                outcome="Fatto.",
                due_on=action.due_on,
                by=by,
                now=now,
            )


def _send_picture(session: Session, vault: Vault, conversation: Conversation, now: datetime) -> None:
    file = vault.take(_picture(), conversation_id=conversation.id)
    draft = Draft(Author.CITIZEN, "", kind=MessageKind.ATTACHMENT, has_attachments=True)
    message = write(session, conversation, draft, now=now)[0]
    stored = store_attachment(
        session, file, kind=AttachmentKind.PHOTO, conversation_id=conversation.id, now=now
    )
    attach(session, stored.id, conversation_id=conversation.id, message_id=message.id, now=now)


def _picture() -> bytes:
    """Return a small grey PNG: a letter that nobody wrote."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + b"\xdd" * 120 for _ in range(160))
    header = struct.pack(">IIBBBBB", 120, 160, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


if __name__ == "__main__":
    main()
