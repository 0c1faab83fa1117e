"""In which orders a list of cases can stand, and the cursors that go on in them.

A cursor names its order and the place of the last row, never a count of rows: what is added meanwhile
moves nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, tuple_

from backoffice.case.models import Case
from backoffice.paging import InvalidCursor, read_cursor, write_cursor

NEWEST = "-opened"
"""The order of a list unless told otherwise."""


@dataclass(frozen=True)
class Order:
    """What a list is ordered by; the id decides between equals. `column` is of `Case`, or of an alias."""

    column: Callable[[type[Case]], ColumnElement[Any]]
    place: Callable[[Case], Any]
    descends: bool
    of_moments: bool


def _town(case: Case) -> str:
    return case.municipality or ""


def _town_column(cases: type[Case]) -> ColumnElement[str]:
    return func.coalesce(cases.municipality, literal_column("''"))


_COLUMNS: dict[str, tuple[Callable[[Any], Any], Callable[[Case], Any], bool]] = {
    "opened": (lambda cases: cases.opened_at, lambda case: case.opened_at, True),
    "updated": (lambda cases: cases.updated_at, lambda case: case.updated_at, True),
    "number": (lambda cases: cases.number, lambda case: case.number, False),
    "municipality": (_town_column, _town, False),
}

ORDERS: dict[str, Order] = {
    f"{sign}{name}": Order(column, place, descends=bool(sign), of_moments=moments)
    for name, (column, place, moments) in _COLUMNS.items()
    for sign in ("-", "")
}
"""The orders that can be asked for, by name; `-` begins with the greatest."""


def order_named(name: str) -> str:
    """Return a name of `ORDERS`; what no list knows is the usual order."""
    return name if name in ORDERS else NEWEST


def ordered(
    statement: Select[Case], name: str, cursor: str | None, *, cases: type[Case] = Case
) -> Select[Case]:
    """Put a statement into an order, going on after a cursor; `cases` is `Case`, or an alias that it selects.

    Raises:
        InvalidCursor: the cursor is not one of ours, or of another order.
    """
    order = ORDERS[name]
    column = order.column(cases)
    if cursor:
        here, after = tuple_(column, cases.id), tuple_(*_read(cursor, name))
        statement = statement.where(here < after if order.descends else here > after)
    if order.descends:
        return statement.order_by(column.desc(), cases.id.desc())
    return statement.order_by(column, cases.id)


def cursor_after(case: Case, name: str) -> str:
    """Return the cursor that goes on after a case."""
    place = ORDERS[name].place(case)
    if name == NEWEST:
        return write_cursor(place, case.id)
    shown = place.isoformat() if isinstance(place, datetime) else place
    packed = json.dumps([name, shown, case.id])
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _read(cursor: str, name: str) -> tuple[Any, str]:
    if name == NEWEST:
        return read_cursor(cursor)
    try:
        order, place, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if order != name or not isinstance(place, str) or not isinstance(row_id, str):
            raise InvalidCursor
        return (_moment(place) if ORDERS[name].of_moments else place), row_id
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as wrong:
        raise InvalidCursor from wrong


def _moment(written: str) -> datetime:
    read = datetime.fromisoformat(written)
    if read.tzinfo is None:
        raise InvalidCursor
    return read.astimezone(UTC)
