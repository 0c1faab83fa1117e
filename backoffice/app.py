"""The application: routers of the domains, error handlers, and what lives as long as the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from fastapi import FastAPI

from backoffice import health
from backoffice.cleaning import clean_up_regularly
from backoffice.clock import Clock, utc_now
from backoffice.database import Database
from backoffice.error_handlers import install_error_handlers
from backoffice.handoff.jobs import expire_holders_regularly
from backoffice.live.broker import Broker
from backoffice.settings import Settings

ROUTERS = (
    "backoffice.conversation.service_api",
    "backoffice.conversation.turns_api",
    "backoffice.conversation.deliveries_api",
    "backoffice.conversation.api",
    "backoffice.conversation.attachments_api",
    "backoffice.handoff.service_api",
    "backoffice.handoff.api",
    "backoffice.office.api",
    "backoffice.live.api",
    "backoffice.staff.api",
    "backoffice.staff.pages",
    "backoffice.home.pages",
    "backoffice.conversation.pages",
    "backoffice.handoff.pages",
    "backoffice.case.people_api",
    "backoffice.case.api",
    "backoffice.case.pages",
    "backoffice.intake.api",
    "backoffice.directory.api",
    "backoffice.directory.pages",
)
"""Modules with a `router`. A module may also have `install(app)`, called once (static files, filters)."""

INSTALLED = ("backoffice.templating",)
"""Modules with an `install(app)` and no router: what pages need, `app.state.error_page` among it."""


def create_app(settings: Settings, *, clock: Clock = utc_now, jobs: bool = True) -> FastAPI:
    """Make the application. It opens nothing before its first request, or its start.

    Args:
        settings: where the data lies, and the secrets.
        clock: the present moment; a test brings its own.
        jobs: whether the regular jobs run (expiry of leases, cleaning up).
    """
    app = FastAPI(
        title="Sportello",
        version="1",
        openapi_url="/openapi.json",
        docs_url="/docs",
        redoc_url=None,
        lifespan=_lifespan(jobs),
    )
    broker = Broker()
    app.state.settings = settings
    app.state.clock = clock
    app.state.broker = broker
    app.state.database = Database(settings.url, doorbell=broker)
    install_error_handlers(app)
    app.include_router(health.router)
    for name in (*INSTALLED, *ROUTERS):
        if find_spec(name.rpartition(".")[0]) is not None and find_spec(name) is not None:
            _include(app, name)
    return app


def _include(app: FastAPI, name: str) -> None:
    module = import_module(name)
    install: Callable[[FastAPI], None] | None = getattr(module, "install", None)
    if install is not None:
        install(app)
    if name in ROUTERS:
        app.include_router(module.router)


def _lifespan(jobs: bool) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        running = [asyncio.create_task(job) for job in _jobs(app)] if jobs else []
        try:
            yield
        finally:
            app.state.broker.close()
            for task in running:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            app.state.database.close()

    return lifespan


def _jobs(app: FastAPI) -> list[Coroutine[Any, Any, None]]:
    database, clock = app.state.database, app.state.clock
    return [expire_holders_regularly(database, clock), clean_up_regularly(database, clock)]
