"""What happens to courses without anybody asking: offers end, the next one has the seat, people are told."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.care_training.seats import courses_to_look_at, expire_offers
from backoffice.care_training.telling import about_to_begin, is_day, tell_beginning, tell_news, with_news
from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.metrics.counters import succeeded

log = structlog.get_logger(__name__)

EVERY_SECONDS = 60.0


async def look_after_courses_regularly(database: Database, clock: Clock) -> None:
    """Look now and every minute, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(look_after_courses, database, clock)
        except SQLAlchemyError as error:
            log.error("courses_failed", error=type(error).__name__)
        else:
            succeeded("courses")
            if count:
                log.info("courses_looked_after", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def look_after_courses(database: Database, clock: Clock) -> int:
    """End offers, offer free seats, tell what is new; return how many offers ended and sentences were said.

    Each course and each sentence is a transaction of its own; nothing is locked where there is nothing to do.
    """
    now = clock()
    with database.read() as session:
        courses = courses_to_look_at(session, now=now)
    count = 0
    for course_id in courses:
        with database.transaction() as session:
            count += expire_offers(session, course_id, now=now)
    if not is_day(now):
        return count
    with database.read() as session:
        news, beginning = with_news(session), about_to_begin(session, now=now)
    for tell, ids in ((tell_news, news), (tell_beginning, beginning)):
        for enrolment_id in ids:
            with database.transaction() as session:
                count += tell(session, enrolment_id, now=now)
    return count
