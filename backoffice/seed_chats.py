"""The demo's conversations: who wrote what, what came of it, and who holds the floor."""

from __future__ import annotations

import struct
import zlib
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backoffice.attachment.service import attach, store_attachment
from backoffice.attachment.vault import Vault
from backoffice.case.models import Case
from backoffice.client.schemas import (
    AttachmentKind,
    Author,
    CareWorkIntake,
    Channel,
    ConsentGiven,
    HousingIntake,
    IntakeRequest,
    MessageKind,
    Mode,
    ReceptionRequest,
    ReplyButton,
    WaitingReason,
)
from backoffice.conversation import models as conversation_models
from backoffice.conversation.floor import make_wait
from backoffice.conversation.follow_ups import set_follow_up
from backoffice.conversation.labels import add_label
from backoffice.conversation.messages import Draft, write
from backoffice.conversation.models import (
    Audience,
    Conversation,
    InboxEntry,
    InboxState,
    Message,
)
from backoffice.conversation.notes import write_note
from backoffice.handoff.service import claim
from backoffice.intake.service import submit_intake, submit_reception
from backoffice.italy import day_in_italy
from backoffice.person.models import ChannelAddress, Person
from backoffice.seed_district import District, Story
from backoffice.seed_work import work_on

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


def tell_story(session: Session, district: District, story: Story, number: int) -> None:
    """Write one conversation with all that came of it; `number` tells its Telegram chat from the others."""
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
        work_on(session, district, case, story["case"], now)


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
