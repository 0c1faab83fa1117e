"""The cells of a figure as they are: for those who make releases, never for a page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from backoffice.disclosure.tables import Codes
from backoffice.planning.figure import Figure, Sealed
from backoffice.planning.places import place_code

AT_ONCE = 500
"""So many sealed things are in memory."""
UNKNOWN = "unknown"
"""The code of what was not written down."""


@dataclass
class Raw:
    """Counts by period, place (where the figure has one) and all dimensions; what was measured likewise."""

    cells: Counter[Codes] = field(default_factory=Counter)
    measured: defaultdict[Codes, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))


def read_raw(session: Session, figure: Figure, year: int, *, but_for: Collection[str] = frozenset()) -> Raw:
    """Count the cells of a year, with one statement.

    Months of `but_for` may be missing: nothing sealed is opened again where the cells are known already.
    """
    if figure.sealed is None:
        return sorted_into_cells(figure, session.execute(figure.statement(year)))
    rows = session.execute(figure.statement(year), execution_options={"yield_per": AT_ONCE})
    return sorted_into_cells(figure, _opened(session, figure.sealed, rows, but_for))


def _opened(
    session: Session, sealed: Sealed, rows: Iterable[Sequence[Any]], but_for: Collection[str]
) -> Iterator[Sequence[Any]]:
    wanted = (row for row in rows if row[0] not in but_for)
    while chunk := list(islice(wanted, AT_ONCE)):
        codes = sealed(session, [row[-1] for row in chunk])
        yield from ((*row[:-1], *codes[row[-1]], 1) for row in chunk)


def sorted_into_cells(figure: Figure, rows: Iterable[Sequence[Any]]) -> Raw:
    """Return the rows of a figure's statement as cells; codes of the database become those of the axes."""
    raw = Raw()
    for row in rows:
        *codes, count = row
        value = codes.pop() if figure.measure else None
        named = [_code(code) for code in codes]
        if figure.has_place:
            named[1] = place_code(codes[1])
        cell = tuple(named)
        raw.cells[cell] += count
        if value is not None:
            raw.measured[cell][int(value)] += count
    return raw


def with_months_of(now: Raw, before: Raw, months: Collection[str]) -> Raw:
    """Return the cells of now, but those of some months as they were before."""
    kept = Raw()
    for source, is_wanted in ((before, True), (now, False)):
        kept.cells.update(
            {cell: count for cell, count in source.cells.items() if (cell[0] in months) is is_wanted}
        )
        kept.measured.update(
            {cell: values for cell, values in source.measured.items() if (cell[0] in months) is is_wanted}
        )
    return kept


def cells_document(raw: Raw) -> dict[str, Any]:
    """Return cells as JSON has them."""
    return {
        "cells": [[*cell, count] for cell, count in sorted(raw.cells.items())],
        "measured": [[*cell, sorted(values.items())] for cell, values in sorted(raw.measured.items())],
    }


def raw_of(document: Mapping[str, Any]) -> Raw:
    """Return the cells of a document."""
    raw = Raw()
    raw.cells.update({tuple(cell): count for *cell, count in document["cells"]})
    for *cell, values in document["measured"]:
        raw.measured[tuple(cell)] = Counter(dict(values))
    return raw


def _code(value: object) -> str:
    if value is None:
        return UNKNOWN
    return str(value.value) if isinstance(value, Enum) else str(value)
