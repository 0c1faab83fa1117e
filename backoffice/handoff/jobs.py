"""What happens without anybody asking, every few seconds.

Mediators who are gone lose the floor, closed pages are no longer present, urgent conversations call
again, and who waits hears where they stand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.handoff import presence, standing
from backoffice.handoff.service import expire_holders, has_expired_holders
from backoffice.metrics.counters import succeeded

log = structlog.get_logger(__name__)

EVERY_SECONDS = 5.0


class Look(Protocol):
    """Tells whether there is anything to do, without a lock."""

    def __call__(self, session: Session, *, now: datetime) -> bool:
        """Look."""


class Act(Protocol):
    """Does it, and returns how often."""

    def __call__(self, session: Session, *, now: datetime) -> int:
        """Act."""


@dataclass(frozen=True)
class Duty:
    """Something that is looked for, and done where there is any."""

    name: str
    look: Look
    act: Act


DUTIES = (
    Duty("holders_expired", has_expired_holders, expire_holders),
    Duty("presence_forgotten", presence.has_gone, presence.forget_gone),
    Duty("mediators_paged", standing.has_urgent_unclaimed, standing.page_urgent),
    Duty("standing_told", standing.has_somebody_to_tell, standing.tell_standing),
)


async def look_after_queue_regularly(database: Database, clock: Clock) -> None:
    """Look every five seconds, until cancelled. Several processes may do so at once."""
    while True:
        for duty in DUTIES:
            try:
                count = await run_in_threadpool(do, duty, database, clock)
            except SQLAlchemyError as error:
                log.error("duty_failed", duty=duty.name, error=type(error).__name__)
            else:
                succeeded(duty.name)
                if count:
                    log.info(duty.name, count=count)
        await asyncio.sleep(EVERY_SECONDS)


def do(duty: Duty, database: Database, clock: Callable[[], datetime]) -> int:
    """Do one duty once, in a transaction of its own."""
    with database.read() as session:
        if not duty.look(session, now=clock()):
            return 0
    with database.transaction() as session:
        return duty.act(session, now=clock())
