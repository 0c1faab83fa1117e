"""What happens to contracts without anybody asking: the work begins, days that have passed are told."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.engagement.beginning import begin_due, plan_year_due
from backoffice.engagement.queries import has_beginning, has_untold_steps, has_without_year
from backoffice.engagement.steps import tell_overdue_steps, thirteenth_of
from backoffice.italy import day_in_italy
from backoffice.metrics.counters import succeeded

log = structlog.get_logger(__name__)

EVERY_SECONDS = 60.0


async def look_after_engagements_regularly(database: Database, clock: Clock) -> None:
    """Look now and every minute, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(look_after_engagements, database, clock)
        except SQLAlchemyError as error:
            log.error("engagements_failed", error=type(error).__name__)
        else:
            succeeded("engagements")
            if count:
                log.info("engagements_looked_after", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def look_after_engagements(database: Database, clock: Clock) -> int:
    """Let work begin whose day has come, plan the year's dates, raise the alarms; return how many."""
    today = day_in_italy(clock())
    with database.read() as session:
        begins = has_beginning(session, today)
        lacks = has_without_year(session, thirteenth_of(today.year))
        tells = has_untold_steps(session, today)
    count = 0
    if begins:
        with database.transaction() as session:
            count += begin_due(session, now=clock())
    if lacks:
        with database.transaction() as session:
            count += plan_year_due(session, now=clock())
    if tells:
        with database.transaction() as session:
            count += tell_overdue_steps(session, now=clock())
    return count
