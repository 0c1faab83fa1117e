"""Cursors of lists that are ordered by a moment and an id, the newest first."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, datetime


class InvalidCursor(ValueError):
    """A cursor that no list of ours has given."""


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
