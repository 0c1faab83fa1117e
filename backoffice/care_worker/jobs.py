"""What happens in the register without anybody asking: cases join it, permits that end are told."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy import Select, exists, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.care_worker.models import CareWorker
from backoffice.care_worker.permits import AT_ONCE, follow_documents, tell_of_permits
from backoffice.care_worker.service import worker_of
from backoffice.case.models import Case
from backoffice.client.schemas import CaseType, Phase
from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.metrics.counters import succeeded

log = structlog.get_logger(__name__)

EVERY_SECONDS = 60.0


async def look_after_workers_regularly(database: Database, clock: Clock) -> None:
    """Look now and every minute, until cancelled. Several processes may do so at once."""
    while True:
        try:
            count = await run_in_threadpool(look_after_workers, database, clock)
        except SQLAlchemyError as error:
            log.error("care_workers_failed", error=type(error).__name__)
        else:
            succeeded("care_workers")
            if count:
                log.info("care_workers_looked_after", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def look_after_workers(database: Database, clock: Clock) -> int:
    """Let cases that came otherwise than by chat join the register, tell of permits; return how many."""
    with database.transaction() as session:
        cases = session.scalars(_without_entry().limit(AT_ONCE)).all()
        for case in cases:
            worker_of(session, case, now=clock())
        follow_documents(session)
        return len(cases) + tell_of_permits(session, now=clock())


def _without_entry() -> Select[Case]:
    known = exists().where(CareWorker.case_id == Case.id)
    return select(Case).where(Case.type == CaseType.CARE_WORK, Case.phase != Phase.CLOSED, ~known)
