"""The list of conversations as a page shows it: who waits comes first, in the reader's own order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from backoffice.client.schemas import Author, Mode
from backoffice.conversation.labels import labels_of
from backoffice.conversation.models import Conversation, Message
from backoffice.conversation.read_marks import unread_of
from backoffice.conversation.renderings import renderings_of
from backoffice.conversation.routing import queue_order
from backoffice.encryption.keyring import ring_in
from backoffice.encryption.together import load_all
from backoffice.italy import day_in_italy
from backoffice.paging import read_cursor, write_cursor
from backoffice.search.folding import fold
from backoffice.search.tokens import asked_words
from backoffice.staff.models import Staff

MOST_WAITING = 100
"""How many waiting conversations are shown at once; a longer queue has other troubles than paging."""

_LONGEST_EXCERPT = 140
_BEFORE_FOUND = 40


MOST_LOOKED_THROUGH = 300
"""Of a conversation that has the words somewhere, so many of the latest messages are opened to show where."""

MOST_COUNTED = 1000
"""A tab counts no further."""


@dataclass(frozen=True)
class Piece:
    """A part of an excerpt; `found` where it is what was looked for."""

    text: str
    found: bool


@dataclass(frozen=True)
class Row:
    """One conversation in a list.

    `pieces`: the beginning of what the person wrote last, or where the words are that were looked for;
    `found_seq` is then the number of that message. `unread`: messages of the person that the reader has
    not seen, where the conversation waits or is theirs.
    """

    id: str
    name: str | None
    language: str
    channel: str
    mode: str
    urgent: bool
    wishes_gender: str | None
    topic: str | None
    waiting_reason: str | None
    waiting_since: datetime | None
    waiting_seconds: float | None
    holder_name: str | None
    last_message_at: datetime
    pieces: Sequence[Piece]
    last_language: str
    found_seq: int | None
    unread: int
    labels: Sequence[str]
    follow_up_on: date | None
    is_due: bool


@dataclass(frozen=True)
class Reader:
    """For whom rows are made, when, and which words they look for."""

    staff: Staff
    now: datetime
    words: str = ""


@dataclass(frozen=True)
class Excerpt:
    """A message in short."""

    seq: int
    text: str
    language: str


@dataclass(frozen=True)
class Counts:
    """How many conversations each tab has, up to `MOST_COUNTED`."""

    mine: int
    waiting: int
    all: int


def count_queues(session: Session, readable: Select[Conversation], staff_id: str) -> Counts:
    """Count the conversations of each tab."""

    def count(*conditions: ColumnElement[bool]) -> int:
        some = readable.where(*conditions).limit(MOST_COUNTED)
        return session.scalar(select(func.count()).select_from(some.subquery())) or 0

    return Counts(
        mine=count(Conversation.mode == Mode.MEDIATOR, Conversation.holder_id == staff_id),
        waiting=count(Conversation.mode == Mode.WAITING),
        all=count(),
    )


def waiting_rows(session: Session, statement: Select[Conversation], reader: Reader) -> list[Row]:
    """Return who waits, in the order in which they are for this reader (`conversation.routing`)."""
    waiting = statement.where(Conversation.mode == Mode.WAITING)
    ordered = waiting.order_by(*queue_order(reader.staff, now=reader.now))
    return _rows(session, load_all(session, ordered.limit(MOST_WAITING)), reader)


def other_rows(
    session: Session, statement: Select[Conversation], reader: Reader, *, limit: int, cursor: str | None
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
    found = load_all(session, ordered.limit(limit + 1))
    last = found[limit - 1] if len(found) > limit else None
    return _rows(session, found[:limit], reader), write_cursor(
        last.last_message_at, last.id
    ) if last else None


def held_rows(session: Session, statement: Select[Conversation], reader: Reader) -> list[Row]:
    """Return the conversations that the reader holds, the latest message first."""
    held = statement.where(Conversation.mode == Mode.MEDIATOR, Conversation.holder_id == reader.staff.id)
    ordered = held.order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
    return _rows(session, load_all(session, ordered.limit(MOST_WAITING)), reader)


def due_rows(session: Session, statement: Select[Conversation], reader: Reader, *, limit: int) -> list[Row]:
    """Return the conversations whose day to be looked at again has come, the oldest day first."""
    due = statement.where(Conversation.follow_up_on <= day_in_italy(reader.now))
    ordered = due.order_by(Conversation.follow_up_on, Conversation.id)
    return _rows(session, load_all(session, ordered.limit(limit)), reader)


def _rows(session: Session, found: Sequence[Conversation], reader: Reader) -> list[Row]:
    ids = [conversation.id for conversation in found]
    ring_in(session).hold(each.data_key_id for each in found if each.data_key_id)
    last = _newest(session, ids, Message.author == Author.CITIZEN)
    hits = {number: hit for number in ids if (hit := _hit(session, number, reader.words))}
    labels, unread = labels_of(session, ids), unread_of(session, ids, reader.staff.id)
    return [
        _row(
            conversation,
            last.get(conversation.id),
            hits.get(conversation.id),
            labels.get(conversation.id, []),
            unread.get(conversation.id, 0),
            reader,
        )
        for conversation in found
    ]


def _row(
    conversation: Conversation,
    last: Excerpt | None,
    hit: Excerpt | None,
    labels: Sequence[str],
    unread: int,
    reader: Reader,
) -> Row:
    shown = hit or last
    since, reason = conversation.waiting_since, conversation.waiting_reason
    concerns = conversation.mode is Mode.WAITING or conversation.holder_id == reader.staff.id
    follow_up = conversation.follow_up_on
    return Row(
        id=conversation.id,
        name=conversation.person.name if conversation.person else None,
        language=conversation.language,
        channel=conversation.channel.value,
        mode=conversation.mode.value,
        urgent=conversation.urgent,
        wishes_gender=conversation.wishes_gender.value if conversation.wishes_gender else None,
        topic=conversation.topic,
        waiting_reason=reason.value if reason else None,
        waiting_since=since,
        waiting_seconds=(reader.now - since).total_seconds() if since else None,
        holder_name=conversation.holder.name if conversation.holder else None,
        last_message_at=conversation.last_message_at,
        pieces=excerpt(shown.text, reader.words) if shown else [],
        last_language=shown.language if shown else conversation.language,
        found_seq=hit.seq if hit else None,
        unread=unread if concerns else 0,
        labels=labels,
        follow_up_on=follow_up,
        is_due=follow_up is not None and follow_up <= day_in_italy(reader.now),
    )


def excerpt(text: str, words: str) -> list[Piece]:
    """Return a text in short, in pieces; it begins a little before the words that were looked for."""
    place = re.compile(re.escape(words), re.IGNORECASE).search(text) if words else None
    start = max(place.start() - _BEFORE_FOUND, 0) if place else 0
    end = start + _LONGEST_EXCERPT
    shown = text[start:end]
    parts = re.split(f"({re.escape(words)})", shown, flags=re.IGNORECASE) if place else [shown]
    pieces = [Piece(part, place is not None and number % 2 == 1) for number, part in enumerate(parts) if part]
    before = [Piece("…", False)] if start else []
    return [*before, *pieces, *([Piece("…", False)] if end < len(text) else [])]


def _hit(session: Session, conversation_id: str, words: str) -> Excerpt | None:
    """Return the newest message in which the words stand, among the latest that are looked through."""
    asked = asked_words(words)
    if not asked:
        return None
    latest = select(Message).where(Message.conversation_id == conversation_id, Message.text != "")
    found = session.scalars(latest.order_by(Message.seq.desc()).limit(MOST_LOOKED_THROUGH)).all()
    renderings = renderings_of(session, found)
    for message in found:
        rendered = [each.text or "" for each in renderings.get(message.id, ())]
        folded = fold(" ".join([message.text, message.original_text or "", *rendered]))
        if all(word in folded for word in asked):
            return Excerpt(message.seq, message.text, message.language)
    return None


def _newest(session: Session, ids: Sequence[str], condition: ColumnElement[bool]) -> dict[str, Excerpt]:
    if not ids:
        return {}
    newest = (
        select(Message.conversation_id, func.max(Message.seq))
        .where(Message.conversation_id.in_(ids), Message.text != "", condition)
        .group_by(Message.conversation_id)
    )
    statement = select(Message.conversation_id, Message.seq, Message.text, Message.language).where(
        tuple_(Message.conversation_id, Message.seq).in_(newest)
    )
    return {
        row.conversation_id: Excerpt(row.seq, row.text, row.language) for row in session.execute(statement)
    }
