"""The web application over a fake backoffice, called in process and, for streams, over a socket."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from backoffice.client.guide_copy import GuideCopies
from bot.rasa_client import RasaClient
from bot.webchat.application import create_application
from bot.webchat.feed import EventFeed
from tests.bot.conftest import Run
from tests.bot.fakes import FakeBackoffice, FakeRasa

HEARTBEAT_SECONDS = 0.2


@pytest.fixture
def feed(backoffice: FakeBackoffice) -> EventFeed:
    return EventFeed(backoffice, wait_seconds=0.5)


@pytest.fixture
def copies(tmp_path: Path) -> GuideCopies:
    return GuideCopies(tmp_path)


@pytest.fixture
async def application(
    backoffice: FakeBackoffice, rasa: FakeRasa, feed: EventFeed, copies: GuideCopies
) -> AsyncIterator[Starlette]:
    async with RasaClient("http://rasa.test", "s", transport=rasa.transport) as client:
        yield create_application(backoffice, client, feed, guide=copies, heartbeat_seconds=HEARTBEAT_SECONDS)


@pytest.fixture
async def http(application: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot.test") as client:
        yield client


@pytest.fixture
async def citizen(http: httpx.AsyncClient) -> httpx.AsyncClient:
    """Somebody with an open session: conversation-1."""
    answer = await http.post("/chat/sessions", json={"language": "uk"})
    http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return http


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@pytest.fixture
async def streams(application: Starlette, feed: EventFeed, run: Run) -> AsyncIterator[httpx.AsyncClient]:
    """The same application behind a real socket, with the feed running."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        application, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    run(feed.run())
    await server.ready.wait()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=address, timeout=10, trust_env=False) as client:
        answer = await client.post("/chat/sessions", json={"language": "uk"})
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        yield client
    feed.stop()
    server.should_exit = True
    await serving
    listener.close()
