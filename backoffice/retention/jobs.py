"""Every ten minutes: erase whose time is over, and clear the database's files after it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.metrics.counters import succeeded
from backoffice.retention.clearing import clear_files
from backoffice.retention.ledger import LEDGER_FILE, catch_up
from backoffice.retention.policy import Purpose
from backoffice.retention.service import do_orders, run_retention

log = structlog.get_logger(__name__)

EVERY_SECONDS = 600.0


async def erase_regularly(
    database: Database, spans: Mapping[Purpose, timedelta], clock: Clock, data_dir: Path
) -> None:
    """Erase now and then every ten minutes, until cancelled."""
    while True:
        try:
            await run_in_threadpool(erase_whose_time_is_over, database, spans, clock)
            await run_in_threadpool(catch_up, database, data_dir / LEDGER_FILE)
        except (SQLAlchemyError, OSError) as error:
            log.error("retention_failed", error=type(error).__name__)
        else:
            succeeded("retention")
        await asyncio.sleep(EVERY_SECONDS)


def erase_whose_time_is_over(
    database: Database, spans: Mapping[Purpose, timedelta], clock: Clock
) -> dict[Purpose, int]:
    """Run until nothing is left to do; return how many of each purpose were deleted."""
    total: dict[Purpose, int] = dict.fromkeys(Purpose, 0)
    granted = 0
    while True:
        with database.transaction() as session:
            granted += do_orders(session, now=clock())
            done = run_retention(session, spans, now=clock())
        for purpose, count in done.items():
            total[purpose] += count
        if not any(done.values()):
            break
    if granted or any(total.values()):
        clear_files(database)
        log.info(
            "retention",
            granted=granted,
            **{purpose.value: count for purpose, count in total.items() if count},
        )
    return total
