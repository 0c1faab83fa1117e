"""What happens to shares without anybody asking, every minute: ends are written down, alarms told once.

Rights do not wait for it: a share opens nothing after its end, whether this has run or not.
"""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.case.models import Case
from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.metrics.counters import succeeded
from backoffice.referral.service import tell
from backoffice.sharing.service import has_something_due, settle_due

log = structlog.get_logger(__name__)

EVERY_SECONDS = 60.0


async def settle_shares_regularly(database: Database, clock: Clock) -> None:
    """Look every minute, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(settle_shares, database, clock)
        except SQLAlchemyError as error:
            log.error("settling_shares_failed", error=type(error).__name__)
        else:
            succeeded("settling_shares")
            if count:
                log.info("shares_settled", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def settle_shares(database: Database, clock: Clock) -> int:
    """Write down once what has ended and what nobody has answered in time; return how many."""
    with database.read() as session:
        if not has_something_due(session, now=clock()):
            return 0
    with database.transaction() as session:
        settled = settle_due(session, now=clock())
        for share in settled:
            tell(session, session.get_one(Case, share.case_id))
        return len(settled)
