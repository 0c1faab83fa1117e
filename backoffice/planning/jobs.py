"""What happens to figures by themselves: when a month is over, they are told."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.disclosure.protect import NothingLeftToHide
from backoffice.metrics.counters import succeeded
from backoffice.planning.figure import Figure
from backoffice.planning.service import due_releases, keep_release, prepare_release

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3600.0
"""A month ends at midnight in Italy: its figures are there within the hour, when few people write."""


async def tell_figures_regularly(database: Database, clock: Clock) -> None:
    """Look now and every hour, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(tell_what_is_over, database, clock)
        except SQLAlchemyError as error:
            log.error("planning_failed", error=type(error).__name__)
        else:
            succeeded("planning")
            if count:
                log.info("planning_told", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def tell_what_is_over(database: Database, clock: Clock) -> int:
    """Make every release that is due; return how many. Nothing is locked while one is decided."""
    with database.read() as session:
        due = due_releases(session, now=clock())
    return sum(_tell(database, clock, figure, year) for figure, year in due)


def _tell(database: Database, clock: Clock, figure: Figure, year: int) -> bool:
    with database.read() as session:
        prepared = prepare_release(session, figure, year, now=clock())
    if prepared is None:
        return False
    try:
        told = prepared.decide()
        with database.transaction() as session:
            keep_release(session, prepared, told, now=clock())
    except NothingLeftToHide:
        log.error("planning_not_told", figure=figure.code, year=year)
        return False
    except IntegrityError:  # another process was first
        return False
    return True
