"""Runs an emulated Telegram on a free port, in a thread, so that other processes can reach it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import httpx
import uvicorn

from tests.telegram_emulator.application import DropConnections, create_application
from tests.telegram_emulator.people import Person
from tests.telegram_emulator.world import TOKEN, Fault, Json, World

_START_SECONDS = 20.0


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()


class TelegramEmulator:
    """A Telegram that a test starts, stops, and looks into through `world`."""

    def __init__(self, token: str = TOKEN, *, port: int = 0) -> None:
        self.world = World(token)
        self.port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Base of the Bot API (SPORTELLO_TELEGRAM_API_URL)."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        return self.world.token

    def person(self, number: int = 5_000_001, **about: Any) -> Person:
        """Return somebody who uses Telegram."""
        person = Person(self.world, number, **about)
        assert person.chat
        return person

    def start(self) -> None:
        """Listen; after a stop, on the same port again."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        application = DropConnections(create_application(self.world))
        ready = threading.Event()
        config = uvicorn.Config(
            application, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = _Server(config, ready)
        self._thread = threading.Thread(target=self._serve, args=(self._server, listener), daemon=True)
        self._thread.start()
        if not ready.wait(_START_SECONDS):
            raise TimeoutError("the emulated Telegram did not start")

    def stop(self) -> None:
        """Stop listening: an outage. What was queued stays queued."""
        if self._server is not None and self._thread is not None:
            with self.world.lock:
                self.world.poller += 1  # ends a waiting getUpdates
            self._server.should_exit = True
            self._server.force_exit = True
            self.world.ring()
            self._thread.join(timeout=_START_SECONDS)
        self._server = self._thread = None

    def fail_next(self, times: int = 1, **how: Any) -> Fault:
        """Have the next calls fail, see `Fault`."""
        return self.world.fail_next(times, **how)

    async def push_webhook(self, update: Json) -> httpx.Response:
        """Bring one update to the webhook that was set, with its secret."""
        webhook = self.world.webhook
        assert webhook is not None, "no webhook is set"
        async with httpx.AsyncClient(trust_env=False) as http:
            return await http.post(
                webhook.url, json=update, headers={"X-Telegram-Bot-Api-Secret-Token": webhook.secret}
            )

    @staticmethod
    def _serve(server: _Server, listener: socket.socket) -> None:
        with listener:
            asyncio.run(server.serve(sockets=[listener]))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@contextmanager
def run_emulator(token: str = TOKEN) -> Iterator[TelegramEmulator]:
    """Run an emulated Telegram for one bot while the block runs."""
    with TelegramEmulator(token) as emulator:
        yield emulator
