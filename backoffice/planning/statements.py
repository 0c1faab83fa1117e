"""What the statements of all figures are made of: rows become columns of codes, then are counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Case as SqlCase
from sqlalchemy import ColumnElement, Integer, Select, SQLColumnExpression, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from backoffice.planning.periods import first_moment, month_code, months_of

Statement = Select[Any]
"""One row for each cell: its codes in order, what was measured where something is, and how many."""


class seconds_between(FunctionElement[int]):  # noqa: N801  (named as the function of SQL that it is)
    """Whole seconds from one moment to another."""

    type = Integer()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _on_sqlite(element: seconds_between, compiler: SQLCompiler, **words: Any) -> str:
    start, end = (compiler.process(each, **words) for each in element.clauses)
    return f"CAST(ROUND((julianday({end}) - julianday({start})) * 86400) AS INTEGER)"


@compiles(seconds_between, "postgresql")
def _on_postgres(element: seconds_between, compiler: SQLCompiler, **words: Any) -> str:
    start, end = (compiler.process(each, **words) for each in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM ({end} - {start})) AS INTEGER)"


def month_of(moment: SQLColumnExpression[Any], year: int) -> SqlCase[str]:
    """Return the code of the month, by the calendar of Italy, of a moment of a year."""
    months = months_of(year)
    ends = [*map(first_moment, months[1:]), first_moment(month_code(year + 1, 1))]
    return case(*((moment < end, month) for month, end in zip(months, ends, strict=True)))


def is_of(moment: SQLColumnExpression[Any], year: int) -> ColumnElement[bool]:
    """Tell whether a moment is of a year."""
    return (moment >= first_moment(month_code(year, 1))) & (moment < first_moment(month_code(year + 1, 1)))


def counted(rows: Statement, codes: Mapping[str, SQLColumnExpression[Any]]) -> Statement:
    """Return how many rows have the same codes.

    The codes are named in a statement of their own: PostgreSQL does not see that an expression with values
    in it is the one that is grouped by.
    """
    inner = rows_of(rows, codes).subquery()
    columns = [inner.c[name] for name in codes]
    return select(*columns, func.count()).group_by(*columns)


def rows_of(rows: Statement, codes: Mapping[str, SQLColumnExpression[Any]]) -> Statement:
    """Return rows as their codes, each under its name."""
    named: Any = rows.with_only_columns(*(column.label(name) for name, column in codes.items()))
    return cast(Statement, named)
