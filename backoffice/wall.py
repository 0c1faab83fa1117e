"""The second wall on PostgreSQL: whom a transaction acts for, told to row-level security.

What somebody may see, `permissions.py` of each domain decides. Should a statement be wrong, the rows of
another body are not there: a transaction of a request that is not one of our own processes' runs in the role
`ROLE`, which the policies of `migrations/wall.py` bind, and tells them who asks. Nobody has said so yet:
it sees no protected row at all. Jobs, commands and the service's requests act as the owner of the tables,
whom policies do not bind. SQLite has no such wall. Decision 0017 says what stands behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from fastapi import Depends
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.types import ASGIApp, Receive, Scope, Send

from backoffice.clock import Clock, utc_now

ROLE = "sportello_staff"
"""Who the policies bind. It belongs to the whole server; it cannot sign in and owns nothing."""

_BEYOND = "beyond_the_wall"
_CALLER = "wall_caller"

_STAND = text(
    f"SELECT set_config('role', '{ROLE}', true), set_config('sportello.body', :body, true), "
    "set_config('sportello.staff', :staff, true), set_config('sportello.at', :at, true)"
)
_STEP_OUT = text("SELECT set_config('role', 'none', true)")


@dataclass
class Caller:
    """Who sent a request: nobody, until a dependency of its route has found out."""

    is_service: bool = False
    staff_id: str = ""
    organisation_id: str = ""
    clock: Clock = utc_now


_caller: ContextVar[Caller | None] = ContextVar(_CALLER, default=None)


@dataclass(frozen=True)
class Walled:
    """Has each request begin as nobody's (ASGI)."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        before = _caller.set(Caller())
        try:
            await self.app(scope, receive, send)
        finally:
            _caller.reset(before)


def asks_as_staff(staff_id: str, organisation_id: str, clock: Clock) -> None:
    """Say that a member of staff sent the request: transactions that begin from now on see their body's."""
    caller = _caller.get()
    if caller is not None:
        caller.staff_id, caller.organisation_id, caller.clock = staff_id, organisation_id, clock


def asks_as_service() -> None:
    """Say that the request is one of our own processes', or is opened by a secret link: no wall stands."""
    caller = _caller.get()
    if caller is not None:
        caller.is_service = True


async def by_secret_link() -> None:
    """Mark a route that a token in its address opens: it shows what the token was made for."""
    asks_as_service()


BySecretLink = Depends(by_secret_link)
"""For a route's `dependencies`."""


@event.listens_for(Session, "after_begin")
def _stand(session: Session, _transaction: Any, connection: Connection) -> None:
    if not session.info.get(_BEYOND):
        _put_up(connection)


def _put_up(connection: Connection) -> None:
    caller = _caller.get()
    if caller is None or caller.is_service or connection.dialect.name != "postgresql":
        return
    asked_by = {"body": caller.organisation_id, "staff": caller.staff_id, "at": caller.clock().isoformat()}
    connection.execute(_STAND, asked_by)


@contextmanager
def beyond_the_wall(session: Session) -> Iterator[None]:
    """Let what is asked within the block see every body's rows: the statement alone says which.

    Each use is a door in the wall, with its reason beside it; a test lists them all.
    """
    doors = session.info
    if _caller.get() is None or session.get_bind().dialect.name != "postgresql":
        yield
        return
    _write_down(session)
    doors[_BEYOND] = doors.get(_BEYOND, 0) + 1
    try:
        session.connection().execute(_STEP_OUT)
        yield
        if (
            session.autoflush
        ):  # what was changed within goes through the door too; a reading session has nothing
            session.flush()
    finally:
        doors[_BEYOND] -= 1
        if not doors[_BEYOND]:
            with suppress(SQLAlchemyError):  # a transaction that failed sees nothing any more
                _put_up(session.connection())


def _write_down(session: Session) -> None:
    """Send what was changed on this side of the door, not on the other; a reading session has nothing."""
    if session.autoflush:
        session.flush()
