"""Reading the keys of a list together: each of its rows is sealed by a key of its own.

Keys are kept in memory for a minute, and whoever opens a list after that would wait for a statement a row.
While `load_all` loads, a value whose key is not at hand stays sealed; at the end all are opened. It loads
objects and never single columns, whose values would stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from backoffice.encryption.keyring import ring_in

Row = TypeVar("Row")


@dataclass(frozen=True)
class StillSealed:
    """Stands for a value until its key is read."""

    key_id: str
    open: Callable[[], Any]


_waiting: ContextVar[list[StillSealed] | None] = ContextVar("still_sealed", default=None)


def values_that_wait() -> list[StillSealed] | None:
    """Return where a value is noted that may stay sealed for now; None: each is opened when it is read."""
    return _waiting.get()


def load_all(session: Session, statement: Select[Row]) -> Sequence[Row]:
    """Return the objects that a statement selects, their keys read together."""
    if session.autoflush:
        session.flush()  # now, as a flush may load what it has to read
    waiting: list[StillSealed] = []
    before = _waiting.set(waiting)
    try:
        found = session.scalars(statement).all()
    finally:
        _waiting.reset(before)
    if waiting:
        ring_in(session).hold(each.key_id for each in waiting)
        _open_all(session)
    return found


def _open_all(session: Session) -> None:
    for row in session.identity_map.values():
        for name, value in row.__dict__.items():
            if isinstance(value, StillSealed):
                row.__dict__[name] = value.open()
