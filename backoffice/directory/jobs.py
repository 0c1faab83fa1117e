"""What happens to the directory without anybody asking: services whose date is past get their task."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.directory.reviews import has_due, open_due_reviews
from backoffice.metrics.counters import succeeded

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3600.0
"""Dates end with the day: within the hour is early enough, and a restart at noon misses nothing."""


async def look_after_directory_regularly(database: Database, clock: Clock) -> None:
    """Look now and every hour, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(look_after_directory, database, clock)
        except SQLAlchemyError as error:
            log.error("directory_failed", error=type(error).__name__)
        else:
            succeeded("directory")
            if count:
                log.info("directory_reviews_opened", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def look_after_directory(database: Database, clock: Clock) -> int:
    """Open the tasks that are due and return how many; nothing is locked where there are none."""
    now = clock()
    with database.read() as session:
        if not has_due(session, now=now):
            return 0
    with database.transaction() as session:
        return open_due_reviews(session, now=now)
