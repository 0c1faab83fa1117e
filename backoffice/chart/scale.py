"""Round numbers for axes, and classes for maps."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor, log10

_STEPS = (1, 2, 5, 10)


def ticks(most: int, *, about: int = 4) -> list[int]:
    """Return round numbers from nought on, evenly apart; the last one is `most` or more."""
    if most <= 0:
        return [0, 1]
    rough = most / about
    power = 10 ** floor(log10(rough)) if rough >= 1 else 1
    step = next(power * each for each in _STEPS if power * each >= rough)
    return [step * place for place in range(ceil(most / step) + 1)]


def classes(values: Iterable[int], *, most: int = 4) -> list[tuple[int, int]]:
    """Return the ranges of a map's legend, each with about as many values; noughts are in none."""
    ordered = sorted(value for value in values if value > 0)
    found: list[tuple[int, int]] = []
    start = 0
    for place in range(1, most + 1):
        end = max(len(ordered) * place // most, start)
        while 0 < end < len(ordered) and ordered[end] == ordered[end - 1]:
            end += 1
        if end > start:
            found.append((ordered[start], ordered[end - 1]))
        start = end
    return found


def class_of(value: int, ranges: list[tuple[int, int]]) -> int:
    """Return in which class a value is, 1 for the lowest; 0 for nought."""
    return sum(value >= low for low, _ in ranges) if value > 0 else 0
