from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

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
    response = stream_events(database, app.state.broker, after=1, may_read=lambda: True)
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
    response = stream_events(database, app.state.broker, after=None, may_read=lambda: False)
    lines = response.body_iterator.__aiter__()
    await anext(lines)
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(lines), 10)
