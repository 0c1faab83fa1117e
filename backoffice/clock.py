"""The time as an argument: endpoints take `clock: ClockDep` and pass `now=clock()` on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

Clock = Callable[[], datetime]
"""Returns the present moment, aware and in UTC."""


def utc_now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return datetime.now(UTC)


def get_clock(connection: HTTPConnection) -> Clock:
    """Return the application's clock; a test puts its own in."""
    return cast("Clock", connection.app.state.clock)


ClockDep = Annotated[Clock, Depends(get_clock)]
