"""Once an hour: delete what has served its time.

Events, files that belong to no message and uploads of cases and homes that nobody confirmed after a day,
idempotency keys after a week.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.attachment.sweeping import discard_unknown, forget_unattached
from backoffice.case_import.service import forget_unconfirmed
from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.idempotency.service import purge_effects
from backoffice.listing_import.service import forget_unconfirmed as forget_homes_unconfirmed
from backoffice.live.service import purge_events
from backoffice.metrics.counters import succeeded
from backoffice.staff.links import purge_links

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3600.0


async def clean_up_regularly(database: Database, data_dir: Path, clock: Clock) -> None:
    """Clean up now and then every hour, until cancelled."""
    while True:
        try:
            await run_in_threadpool(_clean_up, database, data_dir, clock)
        except (SQLAlchemyError, OSError) as error:
            log.error("cleaning_failed", error=type(error).__name__)
        else:
            succeeded("cleaning")
        await asyncio.sleep(EVERY_SECONDS)


def _clean_up(database: Database, data_dir: Path, clock: Clock) -> None:
    with database.transaction() as session:
        purge_events(session, now=clock())
        purge_effects(session, now=clock())
        purge_links(session, now=clock())
        forget_unattached(session, now=clock())
        forget_unconfirmed(session, now=clock())
        forget_homes_unconfirmed(session, now=clock())
    with database.read() as session:
        discarded = discard_unknown(session, data_dir, now=clock())
    if discarded:
        log.info("files_discarded", count=discarded)
