"""Lists that are ordered by a moment and an id, the newest first: their pages and cursors."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from backoffice.encryption.together import load_all

Row = TypeVar("Row")


class InvalidCursor(ValueError):
    """A cursor that no list of ours has given."""


def newest_first(
    session: Session,
    statement: Select[Row],
    moment: InstrumentedAttribute[datetime],
    row_id: InstrumentedAttribute[str],
    *,
    limit: int,
    cursor: str | None,
) -> tuple[Sequence[Row], str | None]:
    """Return one page of a statement's rows, and the cursor of the next page.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    if cursor:
        statement = statement.where(tuple_(moment, row_id) < tuple_(*read_cursor(cursor)))
    found = load_all(session, statement.order_by(moment.desc(), row_id.desc()).limit(limit + 1))
    shown = found[:limit]
    if len(found) <= limit:
        return shown, None
    last: Any = shown[-1]
    return shown, write_cursor(getattr(last, moment.key), getattr(last, row_id.key))


def write_cursor(moment: datetime, row_id: str) -> str:
    """Return the cursor that goes on after a row."""
    place = json.dumps([moment.isoformat(), row_id])
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, str]:
    """Return the moment and the id of the row that a cursor goes on after.

    Raises:
        InvalidCursor: it is not one of ours.
    """
    try:
        moment, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        read = datetime.fromisoformat(moment)
        if read.tzinfo is None or not isinstance(row_id, str):
            raise InvalidCursor
        read = read.astimezone(UTC)
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as wrong:
        raise InvalidCursor from wrong
    return read, row_id
