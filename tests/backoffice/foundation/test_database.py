from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.orm import Session
from starlette.types import Message, Receive, Scope, Send

from backoffice import database as module
from backoffice.database import Database, make_engine, new_id, publish_after_commit
from backoffice.idempotency.models import Effect
from backoffice.person.models import Person
from tests.backoffice.databases import SERVICE_TOKEN
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation, create_front_door, incoming


class Bell:
    """Remembers what rang."""

    def __init__(self) -> None:
        self.rung: list[frozenset[str]] = []

    def ring(self, topics: frozenset[str]) -> None:
        self.rung.append(topics)


def people(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def test_moments_come_back_aware_and_in_utc(session: Session) -> None:
    rome = timezone(timedelta(hours=1))
    person = Person(
        organisation_id=create_front_door(session).id, created_at=datetime(2026, 1, 1, 1, tzinfo=rome)
    )
    session.add(person)
    session.flush()
    session.expire(person)
    assert person.created_at == datetime(2026, 1, 1, 0, 0, tzinfo=UTC)
    assert person.created_at.tzinfo is UTC


def test_a_moment_without_time_zone_is_refused(session: Session) -> None:
    organisation = create_front_door(session)
    session.add(Person(organisation_id=organisation.id, created_at=datetime(2026, 1, 1)))  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"):
        session.flush()


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.transaction() as session:
            organisation = create_front_door(session)
            session.add(Person(organisation_id=organisation.id, created_at=NOW))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert people(database) == 0


def test_the_bell_rings_after_the_commit_and_not_without_one(url: str) -> None:
    bell = Bell()
    database = Database(url, doorbell=bell)
    with database.writing() as session:
        session.execute(text("SELECT 1"))
        publish_after_commit(session, "turns")
        session.rollback()
        session.execute(text("SELECT 1"))
        session.commit()
        assert bell.rung == []
        publish_after_commit(session, "turns", "events")
        session.execute(text("SELECT 1"))
        assert bell.rung == []
        session.commit()
    assert bell.rung == [frozenset({"turns", "events"})]
    database.close()


def test_ids_grow_with_time_and_are_version_seven() -> None:
    ids = [new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert {each[14] for each in ids} == {"7"}
    assert ids[0][:8] <= ids[-1][:8]


def test_only_sqlite_and_postgresql_are_spoken() -> None:
    with pytest.raises(ValueError, match="SPORTELLO_DATABASE_URL"):
        make_engine("mysql://localhost/x")


async def test_the_commit_happens_before_the_answer_leaves(app: FastAPI, database: Database) -> None:
    with database.transaction() as session:
        conversation = create_conversation(session)
    stored_when_answered: list[int] = []

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def look_first(message: Message) -> None:
            if message["type"] == "http.response.start":
                with database.read() as reading:
                    count = reading.scalar(text("SELECT count(*) FROM message"))
                stored_when_answered.append(count)
            await send(message)

        await app(scope, receive, look_first)

    transport = httpx.ASGITransport(watched)
    async with httpx.AsyncClient(transport=transport, base_url="http://backoffice") as http:
        answer = await http.post(
            "/api/v1/service/messages",
            json=incoming(conversation).model_dump(mode="json"),
            headers={"Authorization": f"Bearer {SERVICE_TOKEN}"},
        )
    assert answer.status_code == 201
    assert stored_when_answered == [1]


async def test_a_refused_request_leaves_nothing_behind(http: httpx.AsyncClient, database: Database) -> None:
    answer = await http.post(
        "/api/v1/service/conversations/no-such/handoff",
        json={"reason": "asked"},
        headers={"Authorization": f"Bearer {SERVICE_TOKEN}", "Idempotency-Key": "k"},
    )
    assert answer.status_code == 404
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Effect)) == 0


MANY = 120
"""Three times as many as the pool has threads: Telegram hands out a hundred messages at once."""


async def test_many_who_write_at_once_are_all_answered(http: httpx.AsyncClient, session: Session) -> None:
    conversations = [create_conversation(session) for _ in range(MANY)]
    session.commit()
    answers = await asyncio.gather(
        *(
            http.post(
                "/api/v1/service/messages",
                json=incoming(conversation).model_dump(mode="json"),
                headers={"Authorization": f"Bearer {SERVICE_TOKEN}"},
            )
            for conversation in conversations
        )
    )
    assert [answer.status_code for answer in answers] == [201] * MANY


class TestSqlite:
    """What is particular to SQLite."""

    @pytest.fixture
    def backend(self) -> str:
        return "sqlite"

    def test_what_is_acknowledged_survives_a_power_loss(self, database: Database) -> None:
        with database.engine.connect() as connection:
            settings = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
        assert settings == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "busy_timeout": 5000,
        }

    def test_many_writers_at_once_all_get_their_turn(self, database: Database) -> None:
        with database.transaction() as session:
            organisation_id = create_front_door(session).id

        def write() -> None:
            for _ in range(10):
                with database.transaction() as own:
                    before = own.scalar(select(func.count()).select_from(Person))
                    own.add(Person(organisation_id=organisation_id, name=str(before), created_at=NOW))

        threads = [threading.Thread(target=write) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        with database.read() as session:
            names = session.scalars(select(Person.name)).all()
        assert sorted(int(name or 0) for name in names) == list(range(120))

    def test_a_reader_waits_for_no_writer(self, database: Database) -> None:
        with database.transaction() as session:
            create_front_door(session)
            session.flush()
            assert people(database) == 0

    def test_a_writer_that_another_process_keeps_out_gives_up(
        self, database: Database, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
        other, late = Database(url), Database(url)
        with other.writing() as holding, late.writing() as kept_out:
            holding.execute(text("SELECT 1"))
            with pytest.raises(OperationalError, match="locked"):
                kept_out.execute(text("SELECT 1"))
        with late.transaction() as session:
            create_front_door(session)
        other.close()
        late.close()

    def test_after_a_failed_statement_the_next_writer_gets_in(self, database: Database) -> None:
        with pytest.raises(OperationalError), database.transaction() as session:
            session.execute(text("SELECT * FROM no_such_table"))
        with database.transaction() as session:
            create_front_door(session)

    def test_the_file_is_where_the_settings_say(self, url: str) -> None:
        assert Path(url.removeprefix("sqlite:///")).is_file()
