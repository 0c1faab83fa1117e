"""Equal service: whether people of one language, or on one channel, are served worse than the others. Pure.

The test, in one sentence: the share of a language that something went wrong for is compared with the share of
all others together, and the alarm rings when the difference, even at the kind end of its interval, is more
than five points. The interval is Newcombe's of two independent shares, made of Wilson's (Statistics in
Medicine 17, 1998, method 10), at 99 per cent: of two hundred that are served alike fewer than one rings.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Generic, TypeVar

FEWEST = 30
"""Of fewer no share is told: the interval would be wider than any difference that matters."""
MARGIN = 0.05
"""A difference that is smaller, for sure, is no reason to ring."""
CONFIDENCE = 0.99

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Share:
    """How many of how many something went wrong for."""

    wrong: int
    total: int

    @property
    def value(self) -> float:
        """From 0 to 1; 0 of nobody."""
        return self.wrong / self.total if self.total else 0.0


@dataclass(frozen=True)
class Behind(Generic[Key]):
    """Somebody is served worse. `low` and `high`: between what the difference of the shares lies."""

    key: Key
    share: Share
    others: Share
    low: float
    high: float


def falling_behind(shares: Mapping[Key, Share | None], *, margin: float = MARGIN) -> list[Behind[Key]]:
    """Return who is served worse than all the others together, the worst first.

    Args:
        shares: by language, or by channel. None: hidden, which is left out of both sides.
        margin: from which difference on it matters, from 0 to 1.
    """
    known = {key: share for key, share in shares.items() if share is not None}
    wrong, total = sum(each.wrong for each in known.values()), sum(each.total for each in known.values())
    found = []
    for key, share in known.items():
        others = Share(wrong - share.wrong, total - share.total)
        if share.total < FEWEST or others.total < FEWEST:
            continue
        low, high = difference(share, others)
        if low > margin:
            found.append(Behind(key, share, others, low, high))
    return sorted(found, key=lambda each: -each.low)


def wilson(share: Share, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return between what the true share lies (Wilson, J. Am. Stat. Assoc. 22, 1927). Not of nobody."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    n, p = share.total, share.value
    middle = p + z * z / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def difference(one: Share, other: Share, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return between what the difference of two shares, the first less the second, lies."""
    low, high = wilson(one, confidence=confidence)
    other_low, other_high = wilson(other, confidence=confidence)
    apart = one.value - other.value
    return (
        apart - sqrt((one.value - low) ** 2 + (other_high - other.value) ** 2),
        apart + sqrt((high - one.value) ** 2 + (other.value - other_low) ** 2),
    )
