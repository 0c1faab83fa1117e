"""Tell that something changed: a row in the same transaction, a ring after it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, event, func, insert, select, text
from sqlalchemy.orm import Session

from backoffice.clock import utc_now
from backoffice.database import publish_after_commit
from backoffice.live.models import LiveEvent

EVENTS = "events"
"""The topic that rings whenever any conversation changed."""

KEPT = timedelta(days=1)

_ANNOUNCED = "announced"

_EVENTS = cast("Table", LiveEvent.__table__)
"""Rows, not objects: that is half of what an event costs, and every message makes one."""

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7265016)")
"""On PostgreSQL numbers are given before the commit: without a lock a reader could pass a lower one
that is committed later, and never see it. SQLite has one writer anyway."""


def announce(session: Session, conversation_id: str) -> None:
    """Say that a conversation changed. However often it is called, a transaction makes one event of each."""
    session.info.setdefault(_ANNOUNCED, set()).add(conversation_id)
    publish_after_commit(session, EVENTS)


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    announced = session.info.pop(_ANNOUNCED, None)
    if not announced:
        return
    session.flush()  # what is announced first: the lock below is held as shortly as can be
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_ONE_AT_A_TIME)
    now = utc_now()
    session.execute(insert(_EVENTS), [{"conversation_id": each, "at": now} for each in sorted(announced)])


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_ANNOUNCED, None)


def events_after(session: Session, after: int, *, limit: int = 500) -> list[LiveEvent]:
    """Return the events after a number, oldest first."""
    statement = select(LiveEvent).where(LiveEvent.id > after).order_by(LiveEvent.id).limit(limit)
    return list(session.scalars(statement))


def last_event_id(session: Session) -> int:
    """Return the number of the newest event; 0 where there was none."""
    return session.scalar(select(func.max(LiveEvent.id))) or 0


def purge_events(session: Session, *, now: datetime) -> None:
    """Delete what is older than a day; the newest stays, since the count goes on from it."""
    newest = select(func.max(LiveEvent.id)).scalar_subquery()
    session.execute(delete(LiveEvent).where(LiveEvent.at < now - KEPT, LiveEvent.id < newest))
