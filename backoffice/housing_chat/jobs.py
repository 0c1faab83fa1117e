"""What the chat says of new homes without being asked, looked for every ten minutes."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.errors import BackofficeError
from backoffice.housing_chat.saved_search import households_to_tell, tell_household
from backoffice.metrics.counters import succeeded

log = structlog.get_logger(__name__)

EVERY_SECONDS = 600.0


async def tell_of_homes_regularly(database: Database, clock: Clock) -> None:
    """Look now and every ten minutes, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(tell_of_new_homes, database, clock)
        except SQLAlchemyError as error:
            log.error("telling_of_homes_failed", error=type(error).__name__)
        else:
            succeeded("telling_of_homes")
            if count:
                log.info("homes_told", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def tell_of_new_homes(database: Database, clock: Clock) -> int:
    """Write to each household that wants it, one transaction each; return how many homes were told of.

    One household that cannot be told holds up nobody else.
    """
    with database.read() as session:
        cases = households_to_tell(session, now=clock())
    count = 0
    for case_id in cases:
        try:
            with database.transaction() as session:
                count += tell_household(session, case_id, now=clock())
        except BackofficeError as error:
            log.warning("household_not_told", case=case_id, error=type(error).__name__)
    return count
