"""What happens to holds without anybody asking: those that are over free their home."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.housing_match.holds import expire_holds
from backoffice.housing_match.queries import has_holds_over
from backoffice.metrics.counters import succeeded

log = structlog.get_logger(__name__)

EVERY_SECONDS = 60.0


async def expire_holds_regularly(database: Database, clock: Clock) -> None:
    """Look now and every minute, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(free_homes, database, clock)
        except SQLAlchemyError as error:
            log.error("holds_failed", error=type(error).__name__)
        else:
            succeeded("holds")
            if count:
                log.info("holds_expired", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def free_homes(database: Database, clock: Clock) -> int:
    """Free the homes whose hold is over, and return how many; nothing is locked where there is none."""
    with database.read() as session:
        if not has_holds_over(session, now=clock()):
            return 0
    with database.transaction() as session:
        return expire_holds(session, now=clock())
