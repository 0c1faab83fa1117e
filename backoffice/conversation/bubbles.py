"""A thread as its page shows it: each message with what the assistant understood of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from backoffice.client.schemas import Original
from backoffice.conversation.models import Audience, Delivery, InboxEntry, Message, TranslatedBy
from backoffice.conversation.models import Rendering as RenderingRow
from backoffice.conversation.reading import seqs_of
from backoffice.conversation.renderings import STAFF_LANGUAGE
from backoffice.conversation.schemas import AttachmentOut, MessageOut, Rendering
from backoffice.conversation.threads import read_thread, show_messages

MOST_AT_ONCE = 1000
"""Messages of one thread on one page at most."""


MOST_RENDERED = 100
"""Messages whose renderings an open page gets at once."""


@dataclass(frozen=True)
class Bubble:
    """One message. `percent`: how sure the assistant was of `intent`.

    `rendering`: its words in what all staff read, the youngest; `proposal`: what the machine made of a
    mediator's words for the person.
    """

    id: str
    seq: int
    author: str
    staff_id: str | None
    staff_name: str | None
    text: str
    language: str
    original: Original | None
    translated_by: TranslatedBy | None
    rendering: Rendering | None
    proposal: Rendering | None
    corrects_seq: int | None
    at: datetime
    suppressed: bool
    staff_only: bool
    note_kind: str | None
    edited: bool
    buttons: Sequence[str]
    attachments: Sequence[AttachmentOut]
    intent: str | None
    percent: int


def read_bubbles(session: Session, conversation_id: str, *, after: int) -> list[Bubble]:
    """Return the messages after a number, oldest first."""
    messages, _more = read_thread(session, conversation_id, after=after, limit=MOST_AT_ONCE)
    understood = _understood(session, conversation_id, after)
    seqs = seqs_of(session, (message.edits for message in messages))
    return [_bubble(message, seqs, *understood.get(message.id, (None, None))) for message in messages]


def read_bubbles_rendered_after(session: Session, conversation_id: str, moment: datetime) -> list[Bubble]:
    """Return the messages whose renderings have changed after a moment, the latest ones, oldest first."""
    changed = (
        select(Message, Delivery.state)
        .outerjoin(Delivery, Delivery.message_id == Message.id)
        .where(
            Message.conversation_id == conversation_id,
            exists().where(RenderingRow.message_id == Message.id, RenderingRow.next_at > moment),
        )
        .options(joinedload(Message.staff))
        .order_by(Message.seq.desc())
        .limit(MOST_RENDERED)
    )
    rows = [(message, state) for message, state in session.execute(changed)]
    return [_bubble(message, {}, None, None) for message in show_messages(session, rows[::-1])]


def _bubble(
    message: MessageOut, seqs: Mapping[str, int], intent: str | None, confidence: float | None
) -> Bubble:
    return Bubble(
        id=message.id,
        seq=message.seq,
        author=message.author.value,
        staff_id=message.staff.id if message.staff else None,
        staff_name=message.staff.name if message.staff else None,
        text=message.text,
        language=message.language,
        original=message.original,
        translated_by=message.translated_by,
        rendering=_youngest(message, STAFF_LANGUAGE),
        proposal=_youngest(message, message.language) if message.original else None,
        corrects_seq=seqs.get(message.edits or ""),
        at=message.at,
        suppressed=message.suppressed,
        staff_only=message.audience is Audience.STAFF,
        note_kind=message.note_kind.value if message.note_kind else None,
        edited=message.edits is not None,
        buttons=message.buttons,
        attachments=message.attachments,
        intent=intent,
        percent=round(100 * (confidence or 0)),
    )


def _youngest(message: MessageOut, language: str) -> Rendering | None:
    return next((each for each in reversed(message.renderings) if each.language == language), None)


def _understood(
    session: Session, conversation_id: str, after: int
) -> dict[str, tuple[str | None, float | None]]:
    statement = select(InboxEntry.id, InboxEntry.intent, InboxEntry.confidence).where(
        InboxEntry.conversation_id == conversation_id, InboxEntry.seq > after, InboxEntry.intent.is_not(None)
    )
    return {row.id: (row.intent, row.confidence) for row in session.execute(statement)}
