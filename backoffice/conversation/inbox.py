"""The list of conversations as a page shows it: who waits comes first, in the reader's own order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from backoffice.client.schemas import Author, Mode
from backoffice.conversation.models import Conversation, Message
from backoffice.conversation.routing import queue_order
from backoffice.paging import read_cursor, write_cursor
from backoffice.staff.models import Staff

MOST_WAITING = 100
"""How many waiting conversations are shown at once; a longer queue has other troubles than paging."""

_LONGEST_EXCERPT = 140


@dataclass(frozen=True)
class Row:
    """One conversation in a list. `last_words`: the beginning of what the person wrote last."""

    id: str
    name: str | None
    language: str
    channel: str
    mode: str
    urgent: bool
    wishes_gender: str | None
    waiting_reason: str | None
    waiting_since: datetime | None
    waiting_seconds: float | None
    holder_name: str | None
    last_message_at: datetime
    last_words: str
    last_language: str


def waiting_rows(
    session: Session, statement: Select[Conversation], staff: Staff, *, now: datetime
) -> list[Row]:
    """Return who waits, in the order in which they are for this reader (`conversation.routing`)."""
    waiting = statement.where(Conversation.mode == Mode.WAITING)
    ordered = waiting.order_by(*queue_order(staff, now=now))
    return _rows(session, session.scalars(ordered.limit(MOST_WAITING)).all(), now=now)


def other_rows(
    session: Session, statement: Select[Conversation], *, limit: int, cursor: str | None, now: datetime
) -> tuple[list[Row], str | None]:
    """Return one page of those who do not wait, the latest message first, and the cursor of the next.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    others = statement.where(Conversation.mode != Mode.WAITING)
    place = tuple_(Conversation.last_message_at, Conversation.id)
    if cursor:
        others = others.where(place < tuple_(*read_cursor(cursor)))
    ordered = others.order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
    found = session.scalars(ordered.limit(limit + 1)).all()
    last = found[limit - 1] if len(found) > limit else None
    return _rows(session, found[:limit], now=now), write_cursor(
        last.last_message_at, last.id
    ) if last else None


def held_rows(
    session: Session, statement: Select[Conversation], staff_id: str, *, now: datetime
) -> list[Row]:
    """Return the conversations that somebody holds, the latest message first."""
    held = statement.where(Conversation.mode == Mode.MEDIATOR, Conversation.holder_id == staff_id)
    return _rows(session, session.scalars(held.order_by(Conversation.last_message_at.desc())).all(), now=now)


def _rows(session: Session, found: Sequence[Conversation], *, now: datetime) -> list[Row]:
    last = _last_words(session, [conversation.id for conversation in found])
    return [_row(conversation, last.get(conversation.id), now) for conversation in found]


def _row(conversation: Conversation, last: tuple[str, str] | None, now: datetime) -> Row:
    words, language = last or ("", conversation.language)
    since, reason = conversation.waiting_since, conversation.waiting_reason
    return Row(
        id=conversation.id,
        name=conversation.person.name if conversation.person else None,
        language=conversation.language,
        channel=conversation.channel.value,
        mode=conversation.mode.value,
        urgent=conversation.urgent,
        wishes_gender=conversation.wishes_gender.value if conversation.wishes_gender else None,
        waiting_reason=reason.value if reason else None,
        waiting_since=since,
        waiting_seconds=(now - since).total_seconds() if since else None,
        holder_name=conversation.holder.name if conversation.holder else None,
        last_message_at=conversation.last_message_at,
        last_words=words if len(words) <= _LONGEST_EXCERPT else words[:_LONGEST_EXCERPT].rstrip() + "…",
        last_language=language,
    )


def _last_words(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    if not ids:
        return {}
    newest = (
        select(Message.conversation_id, func.max(Message.seq))
        .where(Message.conversation_id.in_(ids), Message.author == Author.CITIZEN, Message.text != "")
        .group_by(Message.conversation_id)
    )
    statement = select(Message.conversation_id, Message.text, Message.language).where(
        tuple_(Message.conversation_id, Message.seq).in_(newest)
    )
    return {row.conversation_id: (row.text, row.language) for row in session.execute(statement)}
