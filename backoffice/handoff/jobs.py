"""What happens without anybody asking: mediators who are gone lose the floor."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.handoff.service import expire_holders, has_expired_holders

log = structlog.get_logger(__name__)

EVERY_SECONDS = 5.0


async def expire_holders_regularly(database: Database, clock: Clock) -> None:
    """Look every five seconds, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(_expire, database, clock)
        except SQLAlchemyError as error:
            log.error("expiry_failed", error=type(error).__name__)
        else:
            if count:
                log.info("holders_expired", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def _expire(database: Database, clock: Clock) -> int:
    with database.read() as session:
        if not has_expired_holders(session, now=clock()):
            return 0
    with database.transaction() as session:
        return expire_holders(session, now=clock())
