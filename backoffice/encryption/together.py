"""Reading the keys of a list together: each of its rows is sealed by a key of its own.

Keys are kept in memory for a minute, and whoever opens a list after that would wait for a statement a row.
Within `keys_read_together` a value whose key is not at hand stays sealed; at the end all are opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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


@contextmanager
def keys_read_together(session: Session) -> Iterator[None]:
    """Open what is loaded within the block when the block ends: objects, not the values of single columns."""
    if session.autoflush:
        session.flush()  # now, as a flush may load what it has to read
    waiting: list[StillSealed] = []
    before = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(before)
    if not waiting:
        return
    ring_in(session).hold(each.key_id for each in waiting)
    for row in session.identity_map.values():
        for name, value in row.__dict__.items():
            if isinstance(value, StillSealed):
                row.__dict__[name] = value.open()


def load_all(session: Session, statement: Select[Row]) -> Sequence[Row]:
    """Return the objects that a statement selects, their keys read together."""
    with keys_read_together(session):
        return session.scalars(statement).all()
