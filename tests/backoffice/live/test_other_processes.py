from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from backoffice.live import other_processes
from backoffice.live.broker import Broker
from backoffice.live.other_processes import Connect, SharedDoorbell, make_doorbell

LONG = 10.0


class Bell:
    """The doorbell of one process."""

    def __init__(self) -> None:
        self._rung: queue.Queue[frozenset[str]] = queue.Queue()

    def ring(self, topics: frozenset[str]) -> None:
        self._rung.put(topics)

    def next(self) -> frozenset[str]:
        return self._rung.get(timeout=LONG)

    @property
    def is_silent(self) -> bool:
        return self._rung.empty()


@dataclass
class Notification:
    payload: str


class Server:
    """The part of PostgreSQL that hands notifications to everybody who listens, the sender too."""

    def __init__(self) -> None:
        self.listening = threading.Semaphore(0)
        self.refusals = 0
        self._ears: list[queue.Queue[str]] = []

    @contextmanager
    def connect(self) -> Iterator[ServerConnection]:
        if self.refusals:
            self.refusals -= 1
            raise psycopg.OperationalError("refused")
        yield ServerConnection(self)

    def listen(self, ear: queue.Queue[str]) -> None:
        self._ears.append(ear)
        self.listening.release()

    def notify(self, payload: str) -> None:
        for ear in self._ears:
            ear.put(payload)


class ServerConnection:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._ear: queue.Queue[str] = queue.Queue()

    def execute(self, query: str, parameters: tuple[str, ...] = ()) -> Any:
        if parameters:
            self._server.notify(parameters[1])
        else:
            assert query == "LISTEN sportello"
            self._server.listen(self._ear)

    def notifies(self, *, timeout: float) -> Iterator[Notification]:
        try:
            yield Notification(self._ear.get(timeout=timeout))
        except queue.Empty:
            return


@contextmanager
def two_processes(connect: Connect) -> Iterator[tuple[SharedDoorbell, Bell, Bell]]:
    here, there = Bell(), Bell()
    first, second = SharedDoorbell(here, connect), SharedDoorbell(there, connect)
    first.start()
    second.start()
    try:
        yield first, here, there
    finally:
        first.close()
        second.close()


def test_a_ring_is_heard_at_once_here_and_then_in_the_other_process_but_not_twice_here() -> None:
    server = Server()
    with two_processes(server.connect) as (doorbell, here, there):
        for _ in range(2):
            assert server.listening.acquire(timeout=LONG)
        doorbell.ring(frozenset({"turns"}))
        assert here.next() == there.next() == {"turns"}
        doorbell.ring(frozenset({"events"}))
        assert there.next() == {"events"}
        assert here.next() == {"events"}
        assert here.is_silent


def test_a_database_that_is_away_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_processes, "AGAIN_SECONDS", 0.01)
    server = Server()
    server.refusals = 6
    with two_processes(server.connect) as (doorbell, here, there):
        for _ in range(2):
            assert server.listening.acquire(timeout=LONG)
        doorbell.ring(frozenset({"turns"}))
        assert here.next() == there.next() == {"turns"}


def test_on_sqlite_there_is_nobody_else_to_tell() -> None:
    broker = Broker()
    assert make_doorbell("sqlite:///x.db", broker) is broker


@pytest.mark.postgres
def test_postgresql_carries_a_ring_from_one_process_to_another(postgres_url: str) -> None:
    here, there = Bell(), Bell()
    first, second = make_doorbell(postgres_url, here), make_doorbell(postgres_url, there)
    assert isinstance(first, SharedDoorbell)
    assert isinstance(second, SharedDoorbell)
    second.start()
    with psycopg.connect(postgres_url, autocommit=True) as watching:
        listens = "SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN sportello'"
        for _ in range(1000):
            row = watching.execute(listens).fetchone()
            if row is not None and row[0] == 1:
                break
            threading.Event().wait(0.01)
    first.start()
    first.ring(frozenset({"turns", "events"}))
    assert here.next() == there.next() == {"turns", "events"}
    first.close()
    second.close()
