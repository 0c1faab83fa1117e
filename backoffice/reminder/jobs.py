"""Says reminders when their time has come."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.metrics.counters import succeeded
from backoffice.reminder.models import ReminderKind
from backoffice.reminder.service import Say, Tell, count_due, say_due

log = structlog.get_logger(__name__)

EVERY_SECONDS = 30.0


async def say_regularly(
    database: Database,
    sayers: Mapping[ReminderKind, Say],
    clock: Clock,
    tellers: Mapping[ReminderKind, Tell] | None = None,
) -> None:
    """Look now and every half minute, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(say_reminders, database, sayers, clock, tellers)
        except SQLAlchemyError as error:
            log.error("reminders_failed", error=type(error).__name__)
        else:
            succeeded("reminders")
            if count:
                log.info("reminders_said", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def say_reminders(
    database: Database,
    sayers: Mapping[ReminderKind, Say],
    clock: Clock,
    tellers: Mapping[ReminderKind, Tell] | None = None,
) -> int:
    """Say what is due, and return how much was said.

    A transaction each: no two conversations are locked at once.
    """
    with database.read() as session:
        due = count_due(session, {*sayers, *(tellers or {})}, now=clock())
    count = 0
    for _each in range(due):
        with database.transaction() as session:
            count += say_due(session, sayers, now=clock(), tellers=tellers, at_once=1)
    return count
