"""What was acknowledged is there, whatever dies: attack 56, and `kill -9` under a load of messages."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from backoffice import database as database_module
from backoffice.client.schemas import IncomingRequest
from backoffice.conversation.models import Conversation, InboxEntry, Message
from backoffice.database import Database
from backoffice.migrations.upgrade import upgrade
from tests.attacks.processes import free_port, process, wait_for
from tests.backoffice.databases import SERVICE_TOKEN
from tests.backoffice.factories import create_conversation, incoming

SERVICE = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
MESSAGES = 200
CONVERSATIONS = 5


async def post_all(
    address: str, requests: list[IncomingRequest], killed_at: int, kill: asyncio.Event
) -> dict[str, int]:
    """Post messages, several at once; return the number of each that was acknowledged, by external id."""
    acknowledged: dict[str, int] = {}
    places = asyncio.Semaphore(8)

    async def post(http: httpx.AsyncClient, request: IncomingRequest) -> None:
        async with places:
            try:
                content = request.model_dump(mode="json")
                answer = await http.post("/api/v1/service/messages", json=content, headers=SERVICE)
            except httpx.TransportError:
                return
            if answer.status_code in (200, 201):
                acknowledged[request.external_id] = answer.json()["seq"]
            if len(acknowledged) >= killed_at:
                kill.set()

    async with httpx.AsyncClient(base_url=address, timeout=20, trust_env=False) as http:
        await asyncio.gather(*(post(http, request) for request in requests))
    return acknowledged


@pytest.mark.parametrize("killed_at", [20, 110])
async def test_every_message_that_was_acknowledged_survives_a_kill(tmp_path: Path, killed_at: int) -> None:
    url = f"sqlite:///{tmp_path / 'sportello.db'}"
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        conversations = [create_conversation(session) for _ in range(CONVERSATIONS)]
    requests = [incoming(conversations[number % CONVERSATIONS], f"n {number}") for number in range(MESSAGES)]
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    told = {
        "SPORTELLO_DATA_DIR": str(tmp_path),
        "SPORTELLO_DATABASE_URL": url,
        "SPORTELLO_BACKOFFICE_PORT": str(port),
        "SPORTELLO_SERVICE_TOKEN": SERVICE_TOKEN,
        "SPORTELLO_SECRET_KEY": "k",
        "SPORTELLO_MESSAGES_PER_MINUTE": "10000",
    }
    kill = asyncio.Event()
    with process("backoffice", tmp_path / "log", **told) as backoffice:
        await asyncio.to_thread(wait_for, f"{address}/health", backoffice)
        posting = asyncio.create_task(post_all(address, requests, killed_at, kill))
        async with asyncio.timeout(60):
            await kill.wait()
            backoffice.kill()
            acknowledged = await posting
        backoffice.wait(timeout=10)
    assert killed_at <= len(acknowledged) < MESSAGES
    assert _stored(database).items() >= acknowledged.items()

    with process("backoffice", tmp_path / "log", **told) as backoffice:
        await asyncio.to_thread(wait_for, f"{address}/health", backoffice)
        again = await post_all(address, requests, MESSAGES + 1, asyncio.Event())
    assert again.items() >= acknowledged.items()
    assert _stored(database) == again
    assert len(again) == MESSAGES
    with database.read() as session:
        for conversation in session.scalars(select(Conversation)):
            seqs = select(Message.seq).where(Message.conversation_id == conversation.id).order_by(Message.seq)
            assert session.scalars(seqs).all() == list(range(1, conversation.last_seq + 1))
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    database.close()


def _stored(database: Database) -> dict[str, int]:
    with database.read() as session:
        rows = session.execute(
            select(InboxEntry.external_id, InboxEntry.seq).join(Message, Message.id == InboxEntry.id)
        )
        return {row.external_id: row.seq for row in rows}


async def test_attack_56_a_database_that_is_locked_acknowledges_nothing(
    http: httpx.AsyncClient, session: Session, url: str, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    conversation = create_conversation(session)
    session.commit()
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.2)
    database.engine.dispose()
    content = incoming(conversation).model_dump(mode="json")
    holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    refused = await http.post("/api/v1/service/messages", json=content, headers=SERVICE)
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "1"
    assert "locked" not in refused.text
    holder.execute("ROLLBACK")
    holder.close()
    assert (await http.post("/api/v1/service/messages", json=content, headers=SERVICE)).status_code == 201


async def test_attack_56_a_full_disk_acknowledges_nothing_and_loses_nothing(
    http: httpx.AsyncClient, session: Session, database: Database
) -> None:
    conversation = create_conversation(session)
    session.commit()
    pages = session.execute(text("PRAGMA page_count")).scalar() or 0
    session.commit()
    acknowledged: list[str] = []
    statuses: set[int] = set()
    _limit(database, pages + 20)
    for number in range(60):
        request = incoming(conversation, "x" * 3000 + str(number))
        content = request.model_dump(mode="json")
        answer = await http.post("/api/v1/service/messages", json=content, headers=SERVICE)
        statuses.add(answer.status_code)
        if answer.is_success:
            acknowledged.append(request.external_id)
    assert statuses == {201, 503}
    assert sorted(_stored(database)) == sorted(acknowledged)
    assert (await http.get("/health")).status_code in (200, 503)


def _limit(database: Database, pages: int) -> None:
    """Let the database file grow no further than so many pages, as a full disk would."""
    database.engine.dispose()
    event.listen(
        database.engine,
        "connect",
        lambda connection, _record: connection.execute(f"PRAGMA max_page_count={pages}").close(),
    )
