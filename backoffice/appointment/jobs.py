"""Offers free appointments to those who wait, every two minutes."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.appointment.service import get_desk
from backoffice.appointment.waiting import desks_with_waiting, offer_places
from backoffice.clock import Clock
from backoffice.database import Database

log = structlog.get_logger(__name__)

EVERY_SECONDS = 120.0


async def offer_appointments_regularly(database: Database, clock: Clock) -> None:
    """Look now and every two minutes, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(offer_appointments, database, clock)
        except SQLAlchemyError as error:
            log.error("offering_appointments_failed", error=type(error).__name__)
        else:
            if count:
                log.info("appointments_offered", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def offer_appointments(database: Database, clock: Clock) -> int:
    """Look at each desk for which somebody waits, a transaction each; return how many were offered one."""
    with database.read() as session:
        desks = desks_with_waiting(session)
    count = 0
    for desk_id in desks:
        with database.transaction() as session:
            count += offer_places(session, get_desk(session, desk_id), now=clock())
    return count
