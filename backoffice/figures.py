"""What the report is made of: counts with their parts, and spans of days with median and quartiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from statistics import quantiles

from backoffice.small_cells import LEAST, Shown, is_small, shown


@dataclass(frozen=True)
class Period:
    """From a moment (included) to another (not included), UTC; `first` and `last` are its days in Italy."""

    since: datetime
    until: datetime
    first: date
    last: date


@dataclass(frozen=True)
class Count:
    """A number with its parts. `code` names title and definition; `group` the words of the parts' codes."""

    code: str
    group: str | None
    counts: Shown[str]
    is_sum: bool

    def hides(self, *codes: str) -> bool:
        """Tell whether one of some parts is hidden; of any, where none is named."""
        return any(count is None for key, count in self.counts.parts if not codes or key in codes)

    @property
    def most(self) -> int:
        """The largest part that is shown; 1 where there is none."""
        return max((count for _, count in self.counts.parts if count), default=1)


@dataclass(frozen=True)
class Spread:
    """Quartiles and median of something measured; `count` how many, None where they are too few to tell."""

    code: str
    count: int | None
    quartiles: tuple[float, float, float] | None


def count_of(
    code: str,
    group: str | None,
    parts: Mapping[str, int],
    *,
    order: Sequence[str] | None = None,
    total: int | None = None,
    hides_total: bool = False,
) -> Count:
    """Return a number with its parts, in an order, or the largest first.

    `total` says that the parts are no sum: who is counted may be in several. `hides_total`: see `shown`.
    """
    is_sum = total is None
    keys = order if order is not None else sorted(parts, key=lambda key: (-parts[key], key))
    rows = [(key, parts.get(key, 0)) for key in keys]
    of_all = sum(parts.values()) if total is None else total
    made = shown(of_all, rows, is_sum=is_sum, hides_total=hides_total)
    if order is None:
        made = Shown(made.total, sorted(made.parts, key=_hidden_last))
    return Count(code, group, made, is_sum)


def spread_of(code: str, values: Iterable[float | Decimal]) -> Spread:
    """Return median and quartiles; of fewer than five nothing is told."""
    measured = [float(value) for value in values]
    if len(measured) < LEAST:
        return Spread(code, None if is_small(len(measured)) else len(measured), None)
    low, middle, high = (round(value, 1) for value in quantiles(measured, n=4, method="inclusive"))
    return Spread(code, len(measured), (low, middle, high))


def _hidden_last(row: tuple[str, int | None]) -> tuple[bool, int, str]:
    """Order by count, the hidden ones by name: their place must not tell how many they are."""
    key, count = row
    return (count is None, -(count or 0), key)
