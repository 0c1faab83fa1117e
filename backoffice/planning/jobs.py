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
from backoffice.planning.apart import NotDecided, decide_apart
from backoffice.planning.figure import Figure
from backoffice.planning.service import Prepared, due_releases, keep_release, prepare_release
from backoffice.planning.told import Told

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3600.0
"""A month ends at midnight in Italy: its figures are there within the hour, when few people write."""


async def tell_figures_regularly(database: Database, clock: Clock) -> None:
    """Look now and every hour, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await tell_what_is_over(database, clock)
        except (SQLAlchemyError, NotDecided) as error:
            log.error("planning_failed", error=type(error).__name__)
        else:
            succeeded("planning")
            if count:
                log.info("planning_told", count=count)
        await asyncio.sleep(EVERY_SECONDS)


async def tell_what_is_over(database: Database, clock: Clock) -> int:
    """Make every release that is due; return how many. Nothing is locked while one is decided."""
    due = await run_in_threadpool(_due, database, clock)
    return sum([await _tell(database, clock, figure, year) for figure, year in due])


async def _tell(database: Database, clock: Clock, figure: Figure, year: int) -> bool:
    prepared = await run_in_threadpool(_prepare, database, clock, figure, year)
    if prepared is None:
        return False
    try:
        # Of nothing there is nothing to decide.
        told = await decide_apart(prepared) if prepared.raw.cells else prepared.decide()
        await run_in_threadpool(_keep, database, clock, prepared, told)
    except NothingLeftToHide:
        log.error("planning_not_told", figure=figure.code, year=year)
        return False
    except IntegrityError:  # another process was first
        return False
    return True


def _due(database: Database, clock: Clock) -> list[tuple[Figure, int]]:
    with database.read() as session:
        return due_releases(session, now=clock())


def _prepare(database: Database, clock: Clock, figure: Figure, year: int) -> Prepared | None:
    with database.read() as session:
        return prepare_release(session, figure, year, now=clock())


def _keep(database: Database, clock: Clock, prepared: Prepared, told: Told) -> None:
    with database.transaction() as session:
        keep_release(session, prepared, told, now=clock())
