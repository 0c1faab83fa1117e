from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import cast

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from backoffice.client.client import BackofficeClient
from backoffice.client.schemas import TurnClaim
from backoffice.clock import utc_now
from backoffice.conversation.incoming import record_message
from backoffice.database import Database
from backoffice.live.service import announce, events_after, last_event_id, purge_events
from backoffice.live.stream import stream_events
from tests.backoffice.factories import NOW, PLENTY, create_conversation, incoming, send


def test_a_transaction_makes_one_event_of_each_conversation(database: Database) -> None:
    with database.transaction() as session:
        announce(session, "a")
        announce(session, "b")
        announce(session, "a")
    with database.read() as session:
        assert [event.conversation_id for event in events_after(session, 0)] == ["a", "b"]


def test_what_is_rolled_back_did_not_happen(session: Session) -> None:
    announce(session, create_conversation(session).id)
    session.rollback()
    session.commit()
    assert last_event_id(session) == 0


def test_events_are_kept_for_a_day_and_the_count_goes_on(database: Database) -> None:
    for _ in range(2):
        with database.transaction() as session:
            announce(session, "a")
    with database.transaction() as session:
        purge_events(session, now=utc_now() + timedelta(days=2))
    with database.read() as session:
        assert [event.id for event in events_after(session, 0)] == [2]


def test_a_reader_never_passes_an_event_that_is_committed_later(database: Database) -> None:
    seen: list[int] = []
    done = threading.Event()
    start = threading.Barrier(5)

    def write() -> None:
        start.wait()
        for _ in range(15):
            with database.transaction() as session:
                announce(session, "a")

    def read() -> None:
        start.wait()
        finished = False
        while not finished:
            finished = done.is_set()
            with database.read() as session:
                seen.extend(event.id for event in events_after(session, seen[-1] if seen else 0))

    writers = [threading.Thread(target=write) for _ in range(4)]
    reader = threading.Thread(target=read)
    for thread in [*writers, reader]:
        thread.start()
    for thread in writers:
        thread.join(timeout=60)
    done.set()
    reader.join(timeout=60)
    assert len(seen) == 60
    assert seen == sorted(seen)


async def test_a_long_poll_for_events_returns_at_once_when_something_happens(
    client: BackofficeClient, database: Database
) -> None:
    with database.transaction() as session:
        conversation = create_conversation(session)
    start = (await client.read_events()).last_id
    waiting = asyncio.create_task(client.read_events(after=start, wait_seconds=20))
    await asyncio.sleep(0)
    with database.transaction() as session:
        send(session, conversation)
    events = await asyncio.wait_for(waiting, 10)
    assert [event.conversation_id for event in events.events] == [conversation.id]
    assert events.last_id == events.events[-1].id


async def test_a_long_poll_for_a_turn_returns_at_once_when_there_is_one(
    client: BackofficeClient, database: Database
) -> None:
    with database.transaction() as session:
        conversation = create_conversation(session)
    waiting = asyncio.create_task(client.claim_turn(TurnClaim(worker="bot", wait_seconds=20)))
    await asyncio.sleep(0)
    with database.transaction() as session:
        record_message(session, incoming(conversation), allowance=PLENTY, now=NOW)
    turn = (await asyncio.wait_for(waiting, 10)).turn
    assert turn is not None
    assert turn.conversation_id == conversation.id


async def test_a_stream_begins_where_its_reader_stopped_and_goes_on(app: FastAPI, database: Database) -> None:
    for name in ("a", "b"):
        with database.transaction() as session:
            announce(session, name)
    response = stream_events(
        app.state.recent_events, app.state.broker, reader="a", after=1, may_read=lambda: True
    )
    lines = response.body_iterator.__aiter__()
    assert "event: ready" in str(await anext(lines))
    assert 'id: 2\nevent: conversation\ndata: {"conversation": "b"}' in str(await anext(lines))
    with database.transaction() as session:
        announce(session, "c")
    assert '"c"' in str(await asyncio.wait_for(anext(lines), 10))
    app.state.broker.close()
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(lines), 10)


async def test_a_stream_ends_when_its_reader_may_no_longer_read(
    app: FastAPI, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.live.stream.MAY_READ_FOR_SECONDS", 0.0)
    response = stream_events(
        app.state.recent_events, app.state.broker, reader="a", after=None, may_read=lambda: False
    )
    lines = response.body_iterator.__aiter__()
    await anext(lines)
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(lines), 10)


async def test_attack_50_of_too_many_streams_the_oldest_ends_of_an_account_and_of_all(
    app: FastAPI, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.live.open_streams.MOST_OF_ONE", 2)
    monkeypatch.setattr("backoffice.live.open_streams.MOST", 4)
    monkeypatch.setattr("backoffice.live.stream.LOOK_AGAIN_SECONDS", 0.05)
    broker = app.state.broker

    async def opened(reader: str) -> AsyncGenerator[str]:
        response = stream_events(
            app.state.recent_events, broker, reader=reader, after=None, may_read=lambda: True
        )
        lines = cast("AsyncGenerator[str]", response.body_iterator)
        await anext(lines)
        return lines

    streams = [await opened(reader) for reader in "aaa"]
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(streams[0]), 10)
    assert len(broker.streams) == 2
    streams += [await opened(reader) for reader in "bbc"]
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(streams[1]), 10)
    assert len(broker.streams) == 4
    with database.transaction() as session:
        announce(session, "x")
    for stream in streams[2:]:
        assert '"x"' in await asyncio.wait_for(anext(stream), 10)
        await stream.aclose()
    assert len(broker.streams) == 0
