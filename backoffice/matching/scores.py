"""How preferences make a score: each from 0 to 1, or None where nothing is known, weighed by its weight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

NEUTRAL = 0.5
HEAVIEST = 10

Weights = Mapping[str, int]


class Fit(NamedTuple):
    """One that fits, and how well, from 0 to 1."""

    id: str
    score: float


@dataclass(frozen=True)
class Part:
    """What one preference gives to a pair: its value (None: not known), and the weight that it has."""

    code: str
    value: float | None
    weight: int

    @property
    def counted(self) -> float:
        """The value, neutral where nothing is known."""
        return NEUTRAL if self.value is None else self.value


def score_of(parts: list[Part]) -> float:
    """Return the weighted mean, from 0 to 1; `NEUTRAL` where every weight is 0."""
    heavy = sum(part.weight for part in parts)
    if heavy == 0:
        return NEUTRAL
    total = 0.0
    for part in parts:
        total += part.weight * part.counted
    return total / heavy


def within(value: float) -> float:
    """Return a value held between 0 and 1."""
    return min(max(value, 0.0), 1.0)
