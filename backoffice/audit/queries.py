"""Statements about the audit trail: one page of the chains that somebody may read, the newest entry first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.paging import InvalidCursor, read_cursor, write_cursor

_AT_ONCE = 1000


@dataclass(frozen=True)
class TrailFilters:
    """What the trail is narrowed by; None and the empty text narrow nothing.

    `action` is a whole action or its beginning up to a dot (`case.`); `since` is inside, `until` outside.
    """

    actor: str | None = None
    action: str | None = None
    subject_kind: str | None = None
    subject_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class TrailPage:
    """One page, the newest entry first, and the cursor of the next."""

    entries: Sequence[AuditEntry]
    next: str | None


def page_of(
    session: Session, chains: Collection[str], filters: TrailFilters, *, cursor: str | None, limit: int
) -> TrailPage:
    """Return a page of these chains.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    statement = _filtered(chains, filters)
    if cursor:
        statement = statement.where(AuditEntry.id < _row_of(cursor))
    found = session.scalars(statement.order_by(AuditEntry.id.desc()).limit(limit + 1)).all()
    shown = found[:limit]
    following = write_cursor(shown[-1].at, str(shown[-1].id)) if len(found) > limit else None
    return TrailPage(shown, following)


def all_of(
    session: Session, chains: Collection[str], filters: TrailFilters
) -> Iterator[Sequence[AuditEntry]]:
    """Give all entries, the newest first, a thousand at a time."""
    statement = _filtered(chains, filters).order_by(AuditEntry.id.desc()).limit(_AT_ONCE)
    found = session.scalars(statement).all()
    while found:
        yield found
        last = found[-1].id
        session.expunge_all()
        found = session.scalars(statement.where(AuditEntry.id < last)).all()


def _filtered(chains: Collection[str], filters: TrailFilters) -> Select[AuditEntry]:
    statement = select(AuditEntry).where(AuditEntry.chain.in_(chains))
    exact = {
        AuditEntry.actor: filters.actor,
        AuditEntry.subject_kind: filters.subject_kind,
        AuditEntry.subject_id: filters.subject_id,
    }
    for column, value in exact.items():
        if value:
            statement = statement.where(column == value)
    if filters.action:
        is_family = filters.action.endswith(".")
        matches = AuditEntry.action.startswith(filters.action, autoescape=True)
        statement = statement.where(matches if is_family else AuditEntry.action == filters.action)
    if filters.since is not None:
        statement = statement.where(AuditEntry.at >= filters.since)
    if filters.until is not None:
        statement = statement.where(AuditEntry.at < filters.until)
    return statement


def _row_of(cursor: str) -> int:
    _, row = read_cursor(cursor)
    if not row.isascii() or not row.isdecimal() or len(row) > 18:
        raise InvalidCursor
    return int(row)
