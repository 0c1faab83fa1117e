"""What happens without anybody asking: files that no scanner has seen are shown to it.

When it finds a virus then, the person is told as they would have been at first.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.attachment.models import Attachment, ScanState, Storage
from backoffice.attachment.sealing import Unreadable
from backoffice.attachment.vault import Vault
from backoffice.clock import Clock
from backoffice.conversation.messages import say
from backoffice.conversation.queries import lock_conversation
from backoffice.database import Database
from backoffice.metrics.counters import succeeded
from backoffice.settings import Settings

log = structlog.get_logger(__name__)

EVERY_SECONDS = 900.0
AT_ONCE = 200

MOST_FAILURES = 3
"""One file may be too large for a scanner; three in a row mean that it is away."""


async def scan_regularly(database: Database, settings: Settings, clock: Clock) -> None:
    """Scan now and then every quarter of an hour what is not scanned yet, until cancelled."""
    while True:
        try:
            count = await run_in_threadpool(scan_waiting, database, Vault.of(settings), clock)
        except SQLAlchemyError as error:
            log.error("scanning_failed", error=type(error).__name__)
        else:
            succeeded("scanning")
            if count:
                log.info("files_scanned", count=count)
        await asyncio.sleep(EVERY_SECONDS)


def scan_waiting(database: Database, vault: Vault, clock: Clock) -> int:
    """Scan files that came while there was no scanner, the newest first; return how many were.

    It ends early when the scanner is away.
    """
    count = failures = 0
    for row in _waiting(database):
        state = _state_of(vault, row)
        failures = failures + 1 if state is ScanState.SCAN_FAILED else 0
        if failures >= MOST_FAILURES:
            break
        if state in (ScanState.CLEAN, ScanState.INFECTED):
            _record(database, row, state, clock())
            count += 1
    return count


def _record(database: Database, row: Attachment, state: ScanState, now: datetime) -> None:
    with database.transaction() as session:
        session.execute(update(Attachment).where(Attachment.id == row.id).values(scan_state=state))
        if state is ScanState.INFECTED and row.message_id is not None and row.conversation_id is not None:
            conversation = lock_conversation(session, row.conversation_id)
            say(session, conversation, "attachment_infected", now=now)


def _waiting(database: Database) -> list[Attachment]:
    statement = (
        select(Attachment)
        .where(
            Attachment.scan_state.in_((ScanState.NOT_SCANNED, ScanState.SCAN_FAILED)),
            Attachment.storage != Storage.ERASED,
        )
        .order_by(Attachment.id.desc())
        .limit(AT_ONCE)
    )
    with database.read() as session:
        return list(session.scalars(statement))


def _state_of(vault: Vault, row: Attachment) -> ScanState | None:
    """Return what the scanner says, or None for a file that cannot be read at all."""
    try:
        return vault.scan(vault.read(row, start=0, stop=vault.size_of(row)))
    except (FileNotFoundError, Unreadable):
        log.error("attachment_unreadable", attachment=row.id)
        return None
