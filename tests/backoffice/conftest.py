"""A backoffice for each test: its own database and data folder, a clock that stands still, no jobs.

By default the database is SQLite. A folder whose tests shall also run on PostgreSQL has in its
`conftest.py`: `from tests.backoffice.databases import backend as backend`.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from backoffice.app import create_app
from backoffice.client.client import BackofficeClient
from backoffice.database import Database
from backoffice.settings import Settings
from backoffice.tables import load_tables
from tests.backoffice.databases import (
    SERVICE_TOKEN,
    FrozenClock,
    empty_database,
    kept_connection,
    start_postgres,
)


@pytest.fixture
def backend() -> str:
    """Which database the test runs on."""
    return "sqlite"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no rows; each test gets a copy."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    database = Database(f"sqlite:///{path}")
    load_tables().create_all(database.engine)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server with every table; it stops with the session."""
    with start_postgres(tmp_path_factory.mktemp("postgres")) as url:
        database = Database(url)
        load_tables().create_all(database.engine)
        database.close()
        yield url
        kept_connection(url).close()


@pytest.fixture
def url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The URL of an empty database."""
    if backend == "postgres":
        server: str = request.getfixturevalue("postgres_url")
        empty_database(server)
        return server
    path = tmp_path / "test.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that a test moves: it starts on Wednesday 2 December 2026, 11:00 in Rome."""
    return FrozenClock()


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Settings:
    """Settings that read nothing from the environment of the machine."""
    return Settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        database_url=url,
        service_token=SERVICE_TOKEN,
        secret_key="secret key of the tests",
        messages_per_minute=1000,
    )


@pytest.fixture
def app(settings: Settings, clock: FrozenClock) -> Iterator[FastAPI]:
    """The real application, over an empty database."""
    application = create_app(settings, clock=clock, jobs=False)
    yield application
    application.state.broker.close()
    application.state.database.close()


@pytest.fixture
def database(app: FastAPI) -> Database:
    """The application's database."""
    found: Database = app.state.database
    return found


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session that a test writes with; what it shall show to others it commits."""
    with database.writing() as opened:
        yield opened


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[BackofficeClient]:
    """The real client, in front of the real application."""
    opened = BackofficeClient("http://backoffice", SERVICE_TOKEN, transport=httpx.ASGITransport(app))
    yield opened
    await opened.aclose()


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Plain HTTP, without any token."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://backoffice") as opened:
        yield opened
