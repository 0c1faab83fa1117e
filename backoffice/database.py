"""The database: engine, sessions, and the only commit.

One request is one transaction. `DbSession` is committed after the endpoint has returned and before
its answer leaves (`scope="function"`: FastAPI's default would commit after the answer). On SQLite a
transaction takes the write lock at its first statement (`BEGIN IMMEDIATE`), so that what it read is
still true when it writes; `ReadSession` takes none and is never committed: use it where nothing is
written. Writers of one process queue at a lock of ours, since SQLite's own waiting is by sleeping.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Protocol, cast
from weakref import WeakKeyDictionary

import anyio.to_thread
from anyio import CancelScope, CapacityLimiter
from fastapi import Depends
from pydantic_core import from_json
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator
from starlette.requests import HTTPConnection

from backoffice.client import failpoints
from backoffice.idle_ping import ping_when_idle

BUSY_SECONDS = 5.0
"""How long a writer waits for another one before it gives up."""

AT_ONCE = 16
"""So many requests of a process have a session at once; the others wait in their order. Far fewer than the
pool has threads (40), and than there are connections: between two steps of a request others run, who wait,
each in a thread, for what it holds (the write lock, a connection); it needs a thread to go on and let go."""

_TOPICS = "topics"
_OPERATION = "operation"
_HAS_ROOM = "sportello.has_room"


class Base(DeclarativeBase):
    """Base of every table. Constraints have names, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite keeps it without its zone, and in an order that sorts by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments; turn aware ones into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> str:
    """Return a UUID of version 7 (RFC 9562): 48 bits of milliseconds, then random; so keys grow."""
    value = (int(time.time() * 1000) << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return str(uuid.UUID(int=value))


class Doorbell(Protocol):
    """Whoever wants to know, after a commit, what has changed."""

    def ring(self, topics: frozenset[str]) -> None:
        """Wake those who wait for one of the topics; called from any thread."""


class Database:
    """An engine with its two kinds of sessions. Nothing is opened before the first statement."""

    def __init__(
        self,
        url: str,
        *,
        doorbell: Doorbell | None = None,
        secret: str | None = None,
        data_dir: Path | None = None,
    ) -> None:
        """Make the engine.

        Args:
            url: of SQLite or PostgreSQL.
            doorbell: hears what a commit changed.
            secret: the installation's, which what is sealed cannot be read or written without.
            data_dir: where erasures are noted too, outside of the database (`retention/ledger.py`).
        """
        self.engine = make_engine(url)
        self.room = anyio.Semaphore(AT_ONCE)
        _accesses[self.engine.dialect] = self._access = Access(url, secret)
        info = {"doorbell": doorbell, "data_dir": data_dir}
        self.writing = sessionmaker(self.engine, expire_on_commit=False, info=info)
        self.reading = sessionmaker(
            self.engine.execution_options(read_only=True), expire_on_commit=False, autoflush=False
        )

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that is committed when the block ends well: for jobs, commands and long polls."""
        with self.writing() as session:
            yield session
            _commit(session)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads: it takes no write lock and is never committed."""
        with self.reading() as session:
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        for engine in self._access.side_engines:
            engine.dispose()


@dataclass
class Access:
    """How a database was opened, for those who have only its dialect at hand."""

    url: str
    secret: str | None
    side_engines: list[Engine] = field(default_factory=list)


_accesses: WeakKeyDictionary[Dialect, Access] = WeakKeyDictionary()


def access_of(dialect: Dialect) -> Access:
    """Return how the database was opened.

    Raises:
        KeyError: not by `Database`.
    """
    return _accesses[dialect]


def make_side_engine(dialect: Dialect) -> Engine:
    """Return an engine of few connections, for short reads while a session holds another connection."""
    access = access_of(dialect)
    url = make_url(access.url)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
        engine = create_engine(url, pool_size=5, max_overflow=5, pool_pre_ping=True, hide_parameters=True)
    else:
        shared = {"timeout": BUSY_SECONDS, "check_same_thread": False}
        engine = create_engine(url, pool_size=5, max_overflow=5, hide_parameters=True, connect_args=shared)
    access.side_engines.append(engine)
    return engine


def publish_after_commit(session: Session, *topics: str) -> None:
    """Ring the doorbell for these topics once the transaction is committed; never before, nor if it fails."""
    session.info.setdefault(_TOPICS, set()).update(topics)


def name_operation(session: Session, operation: str) -> None:
    """Name what this transaction is about: tests have the process die before or after its commit."""
    session.info[_OPERATION] = operation


@event.listens_for(Session, "after_commit")
def _ring(session: Session) -> None:
    topics = session.info.pop(_TOPICS, None)
    doorbell = cast("Doorbell | None", session.info.get("doorbell"))
    if topics and doorbell is not None:
        doorbell.ring(frozenset(topics))


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_TOPICS, None)


# --- Sessions of a request ----------------------------------------------------------------------


def get_database(connection: HTTPConnection) -> Database:
    """Return the application's database."""
    return cast("Database", connection.app.state.database)


async def get_session(connection: HTTPConnection) -> AsyncIterator[Session]:
    """Give the request its session and commit it: the only commit of a request.

    The end runs in a thread of its own, whatever the pool's load: a committing request must never
    wait for those that wait for it.
    """
    async with _room(connection):
        session = get_database(connection).writing()
        try:
            yield session
        except BaseException:
            await _aside(session.close)
            raise
        await _aside(partial(_commit_and_close, session))


def _commit_and_close(session: Session) -> None:
    with session:
        _commit(session)


def _commit(session: Session) -> None:
    operation = session.info.pop(_OPERATION, None)
    if operation is None:
        session.commit()
        return
    session.flush()
    failpoints.reached(f"before-{operation}-commit")
    session.commit()
    failpoints.reached(f"after-{operation}-commit")


async def get_read_session(connection: HTTPConnection) -> AsyncIterator[Session]:
    """Give the request a session that only reads."""
    async with _room(connection):
        session = get_database(connection).reading()
        try:
            yield session
        finally:
            await _aside(session.close)


@asynccontextmanager
async def _room(connection: HTTPConnection) -> AsyncIterator[None]:
    """Wait until a session more may be open; a request that has one already does not wait for another."""
    if connection.scope.get(_HAS_ROOM):
        yield
        return
    async with get_database(connection).room:
        connection.scope[_HAS_ROOM] = True
        try:
            yield
        finally:
            connection.scope[_HAS_ROOM] = False


async def _aside(end: Callable[[], None]) -> None:
    with CancelScope(shield=True):
        await anyio.to_thread.run_sync(end, limiter=CapacityLimiter(1))


DbSession = Annotated[Session, Depends(get_session, scope="function")]
"""The request's transaction; committed before the answer leaves."""

ReadSession = Annotated[Session, Depends(get_read_session, scope="function")]
"""A session for an endpoint that writes nothing at all."""

DatabaseDep = Annotated[Database, Depends(get_database)]
"""The database itself, for long polls and streams that open a session each time they look."""


# --- Engines ------------------------------------------------------------------------------------


def make_engine(url: str) -> Engine:
    """Make the engine for SQLite or PostgreSQL.

    Raises:
        ValueError: another database.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=20,
            max_overflow=20,
            pool_use_lifo=True,  # the one used last knows the statements, and needs no question
            hide_parameters=True,
            json_deserializer=from_json,
        )
        ping_when_idle(engine)
        return engine
    if parsed.get_backend_name() != "sqlite":
        raise ValueError("SPORTELLO_DATABASE_URL: only SQLite and PostgreSQL are supported")
    queue = threading.Lock()
    engine = create_engine(
        parsed,
        pool_size=20,
        max_overflow=40,
        hide_parameters=True,  # errors are logged, and the words of people must not be
        json_deserializer=from_json,  # a page of a list reads hundreds of small documents
        connect_args={"factory": _QueueingConnection, "timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", lambda connection, _record: connection.prepare(queue))
    event.listen(engine, "begin", _begin)
    return engine


class _QueueingConnection(sqlite3.Connection):
    """A connection whose writing transactions queue at one lock of the process."""

    _queue: threading.Lock | None = None
    _holds = False

    def prepare(self, queue: threading.Lock) -> None:
        """Set what SQLite keeps for each connection (reference, reliability.md 2.2 G)."""
        self._queue = queue
        self.isolation_level = None  # BEGIN is ours: Python's own would come too late, and deferred
        for pragma in (
            "journal_mode=WAL",
            f"busy_timeout={int(BUSY_SECONDS * 1000)}",
            "synchronous=FULL",  # an acknowledged message must survive a power loss
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "secure_delete=ON",  # what is deleted is overwritten, so that erased is erased
        ):
            self.execute(f"PRAGMA {pragma}").close()

    def begin_writing(self) -> None:
        """Take the process's turn, then the database's write lock."""
        if self._queue is not None and not self._queue.acquire(timeout=BUSY_SECONDS):
            raise sqlite3.OperationalError("database is locked")
        self._holds = self._queue is not None
        try:
            self.execute("BEGIN IMMEDIATE").close()
        except BaseException:
            self._leave()
            raise

    def commit(self) -> None:
        """Commit, then let the next writer in. A commit that fails keeps the turn for the rollback."""
        super().commit()
        self._leave()

    def rollback(self) -> None:
        """Roll back, and let the next writer in."""
        try:
            super().rollback()
        finally:
            self._leave()

    def close(self) -> None:
        """Close; a turn that is still held is given up."""
        try:
            super().close()
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._holds and self._queue is not None:
            self._holds = False
            self._queue.release()


def _begin(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    if not isinstance(driver, _QueueingConnection):
        return
    try:
        if connection.get_execution_options().get("read_only"):
            driver.execute("BEGIN").close()
        else:
            driver.begin_writing()
    except sqlite3.OperationalError as error:  # outside of a statement SQLAlchemy does not wrap it itself
        raise OperationalError("BEGIN", {}, error, hide_parameters=True) from error
