"""Median and quartiles of what was measured, from how often each whole value came."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from backoffice.disclosure.protect import LEAST

FEWEST = 2 * LEAST
"""Quartiles of fewer are not told: each quarter would be one or two people."""


@dataclass(frozen=True)
class Spread:
    """Quartiles, in the measure of the figure: a quarter took no longer than `low`, a half than `median`."""

    low: int
    median: int
    high: int


def spread_of(values: Counter[int]) -> Spread | None:
    """Return the quartiles; None of fewer than ten. Each is a value that somebody had (nearest rank)."""
    total = values.total()
    if total < FEWEST:
        return None
    low, median, high = (_at(values, -(-total * quarter // 4)) for quarter in (1, 2, 3))
    return Spread(low, median, high)


def _at(values: Counter[int], rank: int) -> int:
    """Return the value of a rank, 1 for the smallest."""
    passed = 0
    for value in sorted(values):
        passed += values[value]
        if passed >= rank:
            return value
    raise ValueError("there are fewer values than the rank")
