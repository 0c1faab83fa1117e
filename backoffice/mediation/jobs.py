"""What happens to requests without anybody asking: offers end and are passed on, mail is written."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.mediation.offering import has_offers_over, pass_on
from backoffice.mediation.telling import has_untold, tell
from backoffice.metrics.counters import succeeded

log = structlog.get_logger(__name__)

EVERY_SECONDS = 15.0


async def look_after_mediation_regularly(database: Database, base_url: str, clock: Clock) -> None:
    """Look now and every quarter of a minute, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(look_after_mediation, database, base_url, clock)
        except SQLAlchemyError as error:
            log.error("mediation_failed", error=type(error).__name__)
        else:
            succeeded("mediation")
            if count:
                log.info("mediation_told", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def look_after_mediation(database: Database, base_url: str, clock: Clock) -> int:
    """Pass offers on and write mail; return how many were asked or written to.

    Nothing is locked where there is nothing to do.
    """
    now = clock()
    with database.read() as session:
        if not has_offers_over(session, now=now) and not has_untold(session):
            return 0
    with database.transaction() as session:
        asked = pass_on(session, now=now)
        return asked + tell(session, base_url=base_url, now=now)
