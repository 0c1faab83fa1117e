"""Offers free appointments to those who wait, every half minute."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.appointment.service import get_desk
from backoffice.appointment.waiting import desks_with_waiting, keep_places, tell_of_place, to_tell
from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.metrics.counters import succeeded

log = structlog.get_logger(__name__)

EVERY_SECONDS = 30.0


async def offer_appointments_regularly(database: Database, clock: Clock) -> None:
    """Look now and every half minute, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(offer_appointments, database, clock)
        except SQLAlchemyError as error:
            log.error("offering_appointments_failed", error=type(error).__name__)
        else:
            succeeded("offering_appointments")
            if count:
                log.info("appointments_offered", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def offer_appointments(database: Database, clock: Clock) -> int:
    """Look at each desk for which somebody waits; return how many were offered a place.

    A transaction for each who is told: no two conversations are locked at once.
    """
    with database.read() as session:
        desks = desks_with_waiting(session)
    return sum(_offer_at(database, desk_id, clock) for desk_id in desks)


def _offer_at(database: Database, desk_id: str, clock: Clock) -> int:
    count = _tell(database, desk_id, clock)  # who did not answer gives their place back first
    with database.transaction() as session:
        keep_places(session, get_desk(session, desk_id), now=clock())
    return count + _tell(database, desk_id, clock)


def _tell(database: Database, desk_id: str, clock: Clock) -> int:
    with database.read() as session:
        waiting = to_tell(session, desk_id, now=clock())
    count = 0
    for waiting_id in waiting:
        with database.transaction() as session:
            count += tell_of_place(session, waiting_id, now=clock())
    return count
