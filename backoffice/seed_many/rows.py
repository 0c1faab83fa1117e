"""Writes many rows of many tables at once: with COPY on PostgreSQL, with plain inserts on SQLite.

What a column's type does to a value is done here too: what is sealed is sealed by the type itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC
from typing import Any, cast

import psycopg
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Dialect,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    insert,
)
from sqlalchemy.orm import Session

from backoffice.database import UtcDateTime
from backoffice.encryption.columns import SealedJson, SealedText

Row = dict[str, Any]
Shown = Callable[[Any], str]

_NULL = "\\N"
_ID_LENGTH = 36
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def write_rows(session: Session, kind: type[Any], rows: Sequence[Row]) -> None:
    """Insert rows that have all the same columns; what they leave out is as the model's defaults say."""
    if not rows:
        return
    if session.get_bind().dialect.name == "postgresql":
        _copy(session.connection(), cast("Table", kind.__table__), rows)
    else:
        session.execute(insert(kind), list(rows))


def write_pairs(session: Session, kind: type[Any], pairs: Sequence[tuple[int, str]]) -> None:
    """Insert rows of a table that has a number and an id and nothing else: there are so many of them."""
    table = cast("Table", kind.__table__)
    if session.get_bind().dialect.name == "postgresql":
        _send(session.connection(), table, list(table.columns), [f"{one}\t{two}\n" for one, two in pairs])
    elif pairs:
        names = table.columns.keys()
        session.execute(insert(kind), [dict(zip(names, pair, strict=True)) for pair in pairs])


def _copy(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    columns = [column for column in table.columns if column.key in rows[0] or column.default is not None]
    cells = [_cells(column, rows, connection.dialect) for column in columns]
    _send(connection, table, columns, ["\t".join(line) + "\n" for line in zip(*cells, strict=True)])


def _send(connection: Connection, table: Table, columns: Sequence[Column[Any]], lines: Sequence[str]) -> None:
    names = ", ".join(f'"{column.name}"' for column in columns)
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        copy.write("".join(lines))


def _cells(column: Column[Any], rows: Sequence[Row], dialect: Dialect) -> list[str]:
    """Return the values of a column as COPY reads them."""
    show, key = _shown(column, dialect), column.key
    if key in rows[0]:
        return [_NULL if (value := row[key]) is None else show(value) for row in rows]
    default: Any = column.default
    if default.is_callable:
        return [show(default.arg(None)) for _row in rows]
    return [show(default.arg)] * len(rows)


def _shown(column: Column[Any], dialect: Dialect) -> Shown:
    """Return what writes a column's values, those that are not NULL."""
    kind = column.type
    if isinstance(kind, SealedText):
        seal = kind.process_bind_param
        return lambda value: str(seal(value, dialect))
    if isinstance(kind, SealedJson):
        seal_json = kind.process_bind_param
        return lambda value: json.dumps(seal_json(value, dialect))
    if isinstance(kind, JSON):
        return lambda value: json.dumps(value).translate(_ESCAPES)
    if isinstance(kind, UtcDateTime):
        return lambda moment: str(moment.astimezone(UTC))
    if isinstance(kind, LargeBinary):
        return lambda value: f"\\\\x{value.hex()}"
    if isinstance(kind, Boolean):
        return lambda value: "t" if value else "f"
    if isinstance(kind, Numeric | Integer) or getattr(kind, "length", None) == _ID_LENGTH:
        return str
    return lambda value: str(value).translate(_ESCAPES)
