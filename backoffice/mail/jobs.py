"""Sends mail every few seconds."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from backoffice.clock import Clock
from backoffice.database import Database
from backoffice.mail.service import send_due
from backoffice.mail.transport import Folder, Transport, parse_smtp_url
from backoffice.metrics.counters import succeeded

log = structlog.get_logger(__name__)

EVERY_SECONDS = 5.0


def make_transport(smtp_url: SecretStr | None, data_dir: Path) -> Transport:
    """Return the SMTP server of the settings, or the folder `mail/` where there is none."""
    if smtp_url is None:
        return Folder(data_dir / "mail")
    return parse_smtp_url(smtp_url.get_secret_value())


async def send_regularly(database: Database, transport: Transport, sender: str, clock: Clock) -> None:
    """Send what is due every five seconds, until cancelled."""
    while True:
        try:
            count = await run_in_threadpool(send_due, database, transport, sender=sender, now=clock())
        except SQLAlchemyError as error:
            log.error("mail_failed", error=type(error).__name__)
        else:
            succeeded("mail")
            if count:
                log.info("mail_sent", count=count)
        await asyncio.sleep(EVERY_SECONDS)
