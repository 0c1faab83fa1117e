"""The doorbell of this process: long polls and streams sleep here until a commit wakes them.

Nothing travels through it but names of topics; what happened is read from the database. It may miss
what another process commits (`other_processes.py` rings for it), so whoever waits looks again every second.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Annotated, TypeVar, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from backoffice.live.open_streams import OpenStreams

Found = TypeVar("Found")

LOOK_AGAIN_SECONDS = 1.0
"""How long what another process wrote may go unseen."""


class Ear:
    """One waiter, for some topics, in one event loop."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the waiter; called from any thread."""
        with suppress(RuntimeError):  # its loop may be gone by now
            self._loop.call_soon_threadsafe(self._rung.set)

    async def wait(self, seconds: float) -> None:
        """Return when rung, when the time is over, or when the process stops."""
        if self._broker.closing:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)
        self._rung.clear()


class Broker:
    """Who waits for which topic. Safe to ring from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ears: dict[str, set[Ear]] = {}
        self._counts: dict[str, int] = {}
        self.streams = OpenStreams()
        self.closing = False
        """True once the process is about to stop: streams and long polls end at once."""

    @contextmanager
    def listen(self, *topics: str) -> Iterator[Ear]:
        """Listen from now on: begin before the database is read, or a change in between is missed."""
        ear = Ear(self)
        with self._lock:
            for topic in topics:
                self._ears.setdefault(topic, set()).add(ear)
        try:
            yield ear
        finally:
            with self._lock:
                for topic in topics:
                    self._ears[topic].discard(ear)

    def ring(self, topics: frozenset[str]) -> None:
        """Wake everybody who waits for one of the topics."""
        with self._lock:
            for topic in topics:
                self._counts[topic] = self._counts.get(topic, 0) + 1
            woken = {ear for topic in topics for ear in self._ears.get(topic, ())}
        for ear in woken:
            ear.ring()

    def count(self, topic: str) -> int:
        """Return how often a topic has rung here."""
        with self._lock:
            return self._counts.get(topic, 0)

    def close(self) -> None:
        """Wake everybody for good: the process stops. Called from a signal handler, so without the lock."""
        self.closing = True
        for ears in list(self._ears.values()):
            for ear in list(ears):
                ear.ring()

    async def poll(
        self,
        look: Callable[[], Awaitable[Found | None]],
        *topics: str,
        seconds: float,
        is_gone: Callable[[], Awaitable[bool]] | None = None,
    ) -> Found | None:
        """Look until there is something: at once, when a topic rings, and every second.

        Args:
            look: returns what there is, or None.
            topics: what may bring something.
            seconds: how long to go on.
            is_gone: tells whether the caller has hung up; then nothing is looked for any more, since
                a look may take, and what a dead caller took would lie until its lease is over.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        with self.listen(*topics) as ear:
            while True:
                if is_gone is not None and await is_gone():
                    return None
                found = await look()
                left = end - loop.time()
                if found is not None or left <= 0 or self.closing:
                    return found
                await ear.wait(min(left, LOOK_AGAIN_SECONDS))

    async def rings(self, *topics: str, every: float) -> AsyncIterator[None]:
        """Yield at once, at each ring and at least every so many seconds, until the process stops."""
        with self.listen(*topics) as ear:
            while not self.closing:
                yield
                await ear.wait(every)


def get_broker(connection: HTTPConnection) -> Broker:
    """Return the application's broker."""
    return cast("Broker", connection.app.state.broker)


BrokerDep = Annotated[Broker, Depends(get_broker)]
