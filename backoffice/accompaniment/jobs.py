"""What happens to contracts without anybody asking: a day that has passed is told."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.accompaniment.queries import has_untold_steps
from backoffice.accompaniment.steps import tell_overdue_steps
from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.italy import day_in_italy
from backoffice.metrics.counters import succeeded

log = structlog.get_logger(__name__)

EVERY_SECONDS = 60.0


async def look_after_contracts_regularly(database: Database, clock: Clock) -> None:
    """Look now and every minute, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(tell_overdue, database, clock)
        except SQLAlchemyError as error:
            log.error("contracts_failed", error=type(error).__name__)
        else:
            succeeded("contracts")
            if count:
                log.info("checklist_overdue_told", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def tell_overdue(database: Database, clock: Clock) -> int:
    """Raise the alarms of steps whose last day has passed, once each; return how many."""
    with database.read() as session:
        if not has_untold_steps(session, day_in_italy(clock())):
            return 0
    with database.transaction() as session:
        return tell_overdue_steps(session, now=clock())
