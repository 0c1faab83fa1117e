"""The doorbell between processes: what one backoffice commits wakes those who wait at another one.

Only names of topics travel, by PostgreSQL's NOTIFY. It is sent after the commit, from a thread and a
connection of its own: in the transaction it would make all commits of the database queue up behind one
another. So a ring may be lost, with the process or the connection; whoever waits looks again every second.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

import psycopg
import structlog
from sqlalchemy import make_url

from backoffice.database import Doorbell

log = structlog.get_logger(__name__)

CHANNEL = "sportello"
AGAIN_SECONDS = 2.0
"""Until a connection that broke is tried again."""
_LISTENS_SECONDS = 0.5
"""How long the ear waits before it sees whether the process stops."""


class Connection(Protocol):
    """The part of a psycopg connection that is used here."""

    def execute(self, query: str, parameters: tuple[str, ...] = ()) -> Any:
        """Run a statement, committed at once."""

    def notifies(self, *, timeout: float) -> Iterator[Any]:
        """Yield notifications, with a `payload` each, for so many seconds."""


Connect = Callable[[], AbstractContextManager[Connection]]


class SharedDoorbell:
    """Rings here at once, and in the other processes a moment later.

    Args:
        near: the doorbell of this process.
        connect: opens a connection that commits each statement.
    """

    def __init__(self, near: Doorbell, connect: Connect) -> None:
        self._near = near
        self._connect = connect
        self._name = secrets.token_hex(8)
        self._topics: set[str] = set()
        self._something = threading.Condition()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to tell and to listen."""
        for part in (self._tell, self._listen):
            thread = threading.Thread(target=self._go_on, args=(part,), name=part.__name__, daemon=True)
            self._threads.append(thread)
            thread.start()

    def ring(self, topics: frozenset[str]) -> None:
        """Wake who waits here, and have the others told; never waits. Called from any thread."""
        self._near.ring(topics)
        with self._something:
            self._topics |= topics
            self._something.notify()

    def close(self) -> None:
        """Stop; what was not told yet is not told."""
        self._stopping.set()
        with self._something:
            self._something.notify()
        for thread in self._threads:
            thread.join(timeout=1.0)

    def _go_on(self, part: Callable[[Connection], None]) -> None:
        is_well = True
        while not self._stopping.is_set():
            try:
                with self._connect() as connection:
                    part(connection)
            except (psycopg.Error, OSError) as error:
                if is_well:
                    log.warning("doorbell_broken", part=part.__name__, error=type(error).__name__)
                is_well = False
                self._stopping.wait(AGAIN_SECONDS)
            else:
                is_well = True

    def _tell(self, connection: Connection) -> None:
        while (topics := self._rung()) and not self._stopping.is_set():
            connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, " ".join([self._name, *topics])))

    def _rung(self) -> frozenset[str]:
        """Wait for topics, and take all that have gathered: a busy moment makes one notification."""
        with self._something:
            while not self._topics and not self._stopping.is_set():
                self._something.wait()
            topics, self._topics = frozenset(self._topics), set()
        return topics

    def _listen(self, connection: Connection) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        while not self._stopping.is_set():
            for heard in connection.notifies(timeout=_LISTENS_SECONDS):
                self._hear(heard.payload)

    def _hear(self, payload: str) -> None:
        sender, *topics = payload.split(" ")
        if sender != self._name:
            self._near.ring(frozenset(topics))


def make_doorbell(url: str, near: Doorbell) -> Doorbell:
    """Return the doorbell of a database: on PostgreSQL other processes may be at work on it."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "postgresql":
        return near
    address = parsed.set(drivername="postgresql").render_as_string(hide_password=False)

    def connect() -> AbstractContextManager[Connection]:
        return psycopg.connect(address, autocommit=True, connect_timeout=3)

    return SharedDoorbell(near, connect)
