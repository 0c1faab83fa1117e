"""`python -m actions`: the action server on 127.0.0.1, until SIGTERM."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import uvicorn
from starlette.applications import Starlette

from actions.application import create_application, make_executor
from actions.client import make_client
from actions.logs import configure_logging
from actions.registry import build_steps
from actions.settings import read_settings
from backoffice.client.guide_copy import GuideCopies, keep_copies
from backoffice.client.pid_file import pid_file
from translations.languages import SUPPORTED

_STOP_WITHIN_SECONDS = 1


def main() -> None:
    """Build everything once and serve."""
    settings = read_settings()
    configure_logging(settings.log_level)
    copies = GuideCopies(settings.data_dir)
    client = make_client(settings.backoffice, settings.token, copies=copies, clock=now)
    executor = make_executor(build_steps(client, now))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        with pid_file(settings.data_dir / "run", "actions", port=settings.actions_port):
            copying = asyncio.create_task(keep_copies(client, copies, SUPPORTED))
            yield
            copying.cancel()
            await asyncio.gather(copying, return_exceptions=True)
            await client.aclose()

    app = create_application(
        executor,
        client,
        secret=settings.rasa_secret,
        metrics_token=settings.shown_by_scrapers,
        lifespan=lifespan,
    )
    uvicorn.run(
        app,
        host=settings.private_host,
        ws="none",
        http="h11",  # strict, and with a bound on what a head may be
        port=settings.actions_port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_STOP_WITHIN_SECONDS,
    )


def now() -> datetime:
    """Return the time, aware and in UTC."""
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
