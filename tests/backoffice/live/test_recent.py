from __future__ import annotations

import asyncio

import pytest
from fastapi import FastAPI

from backoffice.database import Database
from backoffice.live import recent
from backoffice.live.broker import Broker
from backoffice.live.recent import Numbered, RecentEvents
from backoffice.live.service import EVENTS, announce


class CountedEvents(RecentEvents):
    """Counts how often the database is asked."""

    reads = 0

    def _newest(self) -> int:
        self.reads += 1
        return super()._newest()

    def _read(self, number: int) -> list[Numbered]:
        self.reads += 1
        return super()._read(number)


@pytest.fixture
def broker(app: FastAPI) -> Broker:
    found: Broker = app.state.broker
    return found


def happen(database: Database, *names: str) -> None:
    for name in names:
        with database.transaction() as session:
            announce(session, name)


async def test_a_hundred_pages_cost_one_read_for_each_event(database: Database, broker: Broker) -> None:
    events = CountedEvents(database, broker)
    start = await events.last()
    before = events.reads
    happen(database, "a")
    found = await asyncio.gather(*(events.after(start) for _ in range(100)))
    assert all(of_page == [(start + 1, "a")] for of_page in found)
    assert events.reads == before + 1


async def test_pages_that_ask_again_at_rest_are_answered_from_memory(
    database: Database, broker: Broker
) -> None:
    events = CountedEvents(database, broker)
    start = await events.last()
    before = events.reads
    for _ in range(20):
        assert await events.after(start) == []
    assert events.reads == before


async def test_what_was_committed_while_a_read_ran_is_read_once_more(
    database: Database, broker: Broker
) -> None:
    events = CountedEvents(database, broker)
    start = await events.last()
    happen(database, "a")
    early = asyncio.create_task(events.after(start))
    await asyncio.sleep(0)  # its read is on its way
    happen(database, "b")
    assert await events.after(start) == [(start + 1, "a"), (start + 2, "b")]
    assert (start + 1, "a") in await early


async def test_what_another_process_wrote_is_seen_without_a_ring(
    database: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "YOUNG_SECONDS", 0.0)
    events = RecentEvents(database, broker)
    start = await events.last()
    elsewhere = Database(database.engine.url.render_as_string(hide_password=False))
    rung = broker.count(EVENTS)
    happen(elsewhere, "a")
    assert broker.count(EVENTS) == rung
    assert await events.after(start) == [(start + 1, "a")]
    elsewhere.close()


async def test_a_page_that_lags_behind_what_is_held_reads_the_database_itself(
    database: Database, broker: Broker
) -> None:
    events = RecentEvents(database, broker, kept=2)
    start = await events.last()
    happen(database, "a", "b", "c", "d")
    assert [name for _, name in await events.after(start + 2)] == ["c", "d"]
    assert [name for _, name in await events.after(start)] == ["a", "b", "c", "d"]


async def test_a_page_that_is_closed_takes_no_other_page_s_read_with_it(
    database: Database, broker: Broker
) -> None:
    events = RecentEvents(database, broker)
    start = await events.last()
    happen(database, "a")
    closed, open_ = (asyncio.create_task(events.after(start)) for _ in range(2))
    await asyncio.sleep(0)
    closed.cancel()
    assert await open_ == [(start + 1, "a")]


async def test_more_than_one_read_brings_is_read_to_its_end(
    database: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "AT_ONCE", 2)
    events = RecentEvents(database, broker)
    start = await events.last()
    happen(database, *"abcde")
    assert [name for _, name in await events.after(start)] == list("abcde")
