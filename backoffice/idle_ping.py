"""Asks a connection that nobody used for a while whether it still lives, before it is used again.

SQLAlchemy's `pool_pre_ping` asks at each use: two questions for each request of staff, who are let in by one
transaction and served by the next, and with their two switches of autocommit a tenth of what a list takes.
Within a second of its last use no server has ended and begun again; where one was ended and did not, asking
first helps nobody.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

IDLE_SECONDS = 1.0
"""After so long without use a connection is asked."""

_LEFT_AT = "left_at"


def ping_when_idle(engine: Engine, *, now: Callable[[], float] = time.monotonic) -> None:
    """Ask idle connections of an engine; one that is dead is replaced, with all that were made before it.

    Args:
        engine: of PostgreSQL.
        now: seconds of a clock that never goes back.
    """

    def left(_connection: Any, record: Any) -> None:
        record.info[_LEFT_AT] = now()

    def taken(connection: Any, record: Any, _proxy: Any) -> None:
        left_at = record.info.get(_LEFT_AT)  # a new one has not
        if left_at is not None and now() - left_at >= IDLE_SECONDS:
            _ask(engine, connection)

    event.listen(engine, "checkin", left)
    event.listen(engine, "checkout", taken)


def _ask(engine: Engine, connection: Any) -> None:
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as gone:
        raise InvalidatePoolError from gone
