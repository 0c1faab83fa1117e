"""The cells of a figure as they are: for those who make releases, never for a page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sqlalchemy.orm import Session

from backoffice.disclosure.tables import Codes
from backoffice.planning.figure import Figure
from backoffice.planning.places import place_code

UNKNOWN = "unknown"
"""The code of what was not written down."""


@dataclass
class Raw:
    """Counts by period, place (where the figure has one) and all dimensions; what was measured likewise."""

    cells: Counter[Codes] = field(default_factory=Counter)
    measured: defaultdict[Codes, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))


def read_raw(session: Session, figure: Figure, year: int) -> Raw:
    """Count the cells of a year, with one statement."""
    return sorted_into_cells(figure, session.execute(figure.statement(year)))


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


def _code(value: object) -> str:
    if value is None:
        return UNKNOWN
    return str(value.value) if isinstance(value, Enum) else str(value)
