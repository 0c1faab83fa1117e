"""What happens to cases without anybody asking: what is overdue raises its one alarm."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.case.planning import tell_overdue
from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.metrics.counters import succeeded
from backoffice.plan.queries import has_untold

log = structlog.get_logger(__name__)

EVERY_SECONDS = 600.0


async def tell_overdue_regularly(database: Database, clock: Clock) -> None:
    """Look now and every ten minutes, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(_tell, database, clock)
        except SQLAlchemyError as error:
            log.error("overdue_failed", error=type(error).__name__)
        else:
            succeeded("overdue")
            if count:
                log.info("overdue_told", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def _tell(database: Database, clock: Clock) -> int:
    with database.read() as session:
        if not has_untold(session, today=clock().date()):
            return 0
    with database.transaction() as session:
        return tell_overdue(session, now=clock())
