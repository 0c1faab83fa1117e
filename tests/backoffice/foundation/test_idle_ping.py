"""Connections whose server closed them: found out before they are used, where they were idle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from backoffice.idle_ping import IDLE_SECONDS, ping_when_idle

pytestmark = pytest.mark.postgres


class Seconds:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = 1000.0

    def __call__(self) -> float:
        return self.moment


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def engine(postgres_url: str, seconds: Seconds) -> Iterator[Engine]:
    made = create_engine(make_url(postgres_url).set(drivername="postgresql+psycopg"), pool_use_lifo=True)
    ping_when_idle(made, now=seconds)
    yield made
    made.dispose()


def who_serves(engine: Engine) -> int:
    """Return the server's process for a connection, which goes back to the pool."""
    with engine.connect() as connection:
        found: int = connection.scalar(text("SELECT pg_backend_pid()"))
        return found


def end(postgres_url: str, process: int) -> None:
    """Let the server close a connection, and wait until it has."""
    other = create_engine(make_url(postgres_url).set(drivername="postgresql+psycopg"))
    with other.connect() as connection:
        assert connection.scalar(text("SELECT pg_terminate_backend(:pid, 20000)"), {"pid": process})
    other.dispose()


def test_a_connection_that_was_closed_while_idle_is_replaced(
    engine: Engine, postgres_url: str, seconds: Seconds
) -> None:
    first = who_serves(engine)
    end(postgres_url, first)
    seconds.moment += IDLE_SECONDS
    assert who_serves(engine) != first


def test_one_that_was_used_just_now_is_not_asked_and_is_replaced_after_the_error(
    engine: Engine, postgres_url: str, seconds: Seconds
) -> None:
    first = who_serves(engine)
    end(postgres_url, first)
    seconds.moment += IDLE_SECONDS / 2
    with pytest.raises(OperationalError):
        who_serves(engine)
    assert who_serves(engine) != first


def test_one_that_lives_is_used_on(engine: Engine, seconds: Seconds) -> None:
    first = who_serves(engine)
    seconds.moment += 60 * IDLE_SECONDS
    assert who_serves(engine) == first
