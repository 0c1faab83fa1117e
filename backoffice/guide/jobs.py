"""What happens to the guide by itself: delivered sentences come in, topics past their day ask for a look."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.guide.seeding import is_behind, read_delivered, seed_guide
from backoffice.guide.tasks import open_verifications, topics_to_verify
from backoffice.guide.topics import read_guide
from backoffice.metrics.counters import succeeded

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3600.0
"""A topic's last day ends at midnight in Italy: its task is there within the hour."""


async def look_after_guide_regularly(database: Database, clock: Clock) -> None:
    """Bring the delivered sentences in at the start, then look at the dates every hour, until cancelled."""
    is_seeded = False
    while True:
        try:
            if not is_seeded:
                count = await run_in_threadpool(bring_in_delivered, database, clock)
                is_seeded = True
                log.info("guide_seeded", count=count)
            opened = await run_in_threadpool(look_at_dates, database, clock)
        except SQLAlchemyError as error:
            log.error("guide_failed", error=type(error).__name__)
        else:
            succeeded("guide")
            if opened:
                log.info("guide_topics_to_verify", count=opened)
        await asyncio.sleep(EVERY_SECONDS if is_seeded else 60.0)


def bring_in_delivered(database: Database, clock: Clock) -> int:
    """Seed the guide; return how many sentences were new or changed.

    The files are read first, then each topic is a short transaction, where there is something to do at all:
    at the start others want to write too.
    """
    delivered, count = read_delivered(), 0
    with database.read() as session:
        if not is_behind(session, delivered):
            return 0
    for topic in read_guide().topics:
        with database.transaction() as session:
            count += seed_guide(session, now=clock(), topics=frozenset({topic}), delivered=delivered)
    return count


def look_at_dates(database: Database, clock: Clock) -> int:
    """Open the tasks of topics past their last day; return how many. Without one nothing is locked."""
    with database.read() as session:
        if not topics_to_verify(session, now=clock()):
            return 0
    with database.transaction() as session:
        return open_verifications(session, now=clock())
