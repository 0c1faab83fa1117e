"""A thread as its page shows it: each message with what the assistant understood of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import Original
from backoffice.conversation.models import Audience, InboxEntry
from backoffice.conversation.schemas import AttachmentOut, MessageOut
from backoffice.conversation.threads import read_thread

MOST_AT_ONCE = 1000
"""Messages of one thread on one page at most."""


@dataclass(frozen=True)
class Bubble:
    """One message. `percent`: how sure the assistant was of `intent`."""

    seq: int
    author: str
    staff_id: str | None
    staff_name: str | None
    text: str
    language: str
    original: Original | None
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
    return [_bubble(message, *understood.get(message.id, (None, None))) for message in messages]


def _bubble(message: MessageOut, intent: str | None, confidence: float | None) -> Bubble:
    return Bubble(
        seq=message.seq,
        author=message.author.value,
        staff_id=message.staff.id if message.staff else None,
        staff_name=message.staff.name if message.staff else None,
        text=message.text,
        language=message.language,
        original=message.original,
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


def _understood(
    session: Session, conversation_id: str, after: int
) -> dict[str, tuple[str | None, float | None]]:
    statement = select(InboxEntry.id, InboxEntry.intent, InboxEntry.confidence).where(
        InboxEntry.conversation_id == conversation_id, InboxEntry.seq > after, InboxEntry.intent.is_not(None)
    )
    return {row.id: (row.intent, row.confidence) for row in session.execute(statement)}
