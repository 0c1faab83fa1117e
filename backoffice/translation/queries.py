"""Statements about the phrasebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from backoffice.paging import newest_first
from backoffice.search.folding import fold
from backoffice.staff.models import Staff
from backoffice.translation.models import PhrasebookEntry

_AT_ONCE = 500


@dataclass(frozen=True)
class Pair:
    """An entry, and who wrote it."""

    entry: PhrasebookEntry
    author: str


@dataclass(frozen=True)
class PhrasebookPage:
    """One page of pairs, the youngest first, how many there are in all, and the cursor of the next page."""

    pairs: Sequence[Pair]
    count: int
    next: str | None


def find_pairs(
    session: Session,
    readable: Select[PhrasebookEntry],
    *,
    words: str = "",
    language: str = "",
    cursor: str | None,
    limit: int,
) -> PhrasebookPage:
    """Return the pairs that hold these words on either side.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    statement = readable
    if words.split():
        statement = statement.where(PhrasebookEntry.id.in_(_with_words(session, readable, words)))
    if language:
        statement = statement.where(
            or_(PhrasebookEntry.source_language == language, PhrasebookEntry.target_language == language)
        )
    count = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    order = (PhrasebookEntry.created_at, PhrasebookEntry.id)
    shown, following = newest_first(session, statement, *order, limit=limit, cursor=cursor)
    return PhrasebookPage(_with_authors(session, shown), count, following)


def all_pairs(session: Session, readable: Select[PhrasebookEntry]) -> Iterator[Pair]:
    """Return every pair, in an order that does not change: languages, then the words' key."""
    ordered = readable.order_by(
        PhrasebookEntry.source_language,
        PhrasebookEntry.target_language,
        PhrasebookEntry.source_key,
        PhrasebookEntry.id,
    )
    for block in session.scalars(ordered.execution_options(yield_per=_AT_ONCE)).partitions():
        yield from _with_authors(session, block)


def _with_words(session: Session, readable: Select[PhrasebookEntry], words: str) -> list[str]:
    """Return the pairs that hold every word; they are encrypted, and few enough to be opened and read."""
    asked = fold(words).split()
    return [
        entry.id
        for entry in session.scalars(readable)
        if all(word in fold(f"{entry.source_text}\n{entry.target_text}") for word in asked)
    ]


def _with_authors(session: Session, entries: Sequence[PhrasebookEntry]) -> list[Pair]:
    ids = {entry.staff_id for entry in entries}
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids))) if ids else ()
    names = {row.id: row.name for row in rows}
    return [Pair(entry, names.get(entry.staff_id, "")) for entry in entries]
