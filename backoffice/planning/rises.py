"""Sudden rises: which of many counts is higher this month than the months before let expect. Pure.

The test, in one sentence: if this month were like those before it, each request of them all would be as
likely to have come in any of them, so that this month's number is that of heads when for each request a coin
is thrown that shows heads once in as many throws as there are months. How likely so many heads or more are is
the exact binomial tail (Przyborowski and Wilenski, Biometrika 31, 1940). Of many counts some are high by
chance: the list is cut by Benjamini and Hochberg (J. R. Stat. Soc. B 57, 1995), so that of the rises that are
told one in twenty at most is expected to be none.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, log1p
from typing import Generic, TypeVar

MONTHS_BEFORE = 12
FEWEST_BEFORE = 6
"""So many of the months before have to be shown; fewer say nothing of what is usual."""
FEWEST = 5
"""A month with fewer is no rise, however quiet it was before; nor is it shown."""
FACTOR = 1.5
"""What is told is at least half as much again as usual: a busy town's chance moves are no news."""
FALSE_SHARE = 0.05

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Rise(Generic[Key]):
    """A count that is higher than usual. `usual` a month; `chance` of so many by chance alone."""

    key: Key
    count: int
    usual: float
    chance: float


def rises(series: Mapping[Key, Sequence[int | None]], *, false_share: float = FALSE_SHARE) -> list[Rise[Key]]:
    """Return the sudden rises of the last month, the least likely ones first.

    Args:
        series: of each thing, such as a need in a town, its months in order, the last one at the end; at most
            the twelve before it are looked at. None: hidden, which is left out; a thing whose last month is
            hidden is not looked at.
        false_share: how many of the rises that are told may be none.
    """
    looked_at = [each for key, counts in series.items() if (each := _look_at(key, counts)) is not None]
    looked_at.sort(key=lambda each: (each.chance, -each.count))
    kept = 0
    for place, each in enumerate(looked_at, start=1):
        if each.chance <= false_share * place / len(looked_at):
            kept = place
    return [each for each in looked_at[:kept] if each.count >= FACTOR * each.usual]


def chance_of(count: int, before: int, months: int) -> float:
    """Return how likely `count` or more are of one month, were it like the `months` before."""
    total, share = count + before, 1 / (months + 1)
    if count <= 0:
        return 1.0
    if count > total * share:
        return min(1.0, _sum_of_terms(count, total, share, upwards=True))
    return 1.0 - _sum_of_terms(count - 1, total, share, upwards=False)


def _sum_of_terms(count: int, total: int, share: float, *, upwards: bool) -> float:
    """Return the binomial terms from a number on, away from the mean: each is smaller than the one before.

    It ends where what is left would change no digit, so that a large district takes no longer than a town.
    """
    first = exp(_log_binomial(total, count) + count * log(share) + (total - count) * log1p(-share))
    odds, found, term = share / (1 - share), 0.0, 1.0
    while term > found * 1e-17:
        found += term
        if upwards:
            term *= (total - count) / (count + 1) * odds
            count += 1
        else:
            term *= count / (total - count + 1) / odds
            count -= 1
    return first * found


def _look_at(key: Key, counts: Sequence[int | None]) -> Rise[Key] | None:
    """Return a count with its chance; None where it cannot be a rise whatever came before.

    Which things are looked at depends on nothing that the test looks for but the least count, which makes the
    test stricter and never laxer: the others would have had no small chance.
    """
    *earlier, now = counts
    before = [count for count in earlier[-MONTHS_BEFORE:] if count is not None]
    if now is None or len(before) < FEWEST_BEFORE:
        return None
    usual = sum(before) / len(before)
    chance = chance_of(now, sum(before), len(before)) if now >= FEWEST else 1.0
    return Rise(key, now, usual, chance)


def _log_binomial(total: int, chosen: int) -> float:
    return lgamma(total + 1) - lgamma(chosen + 1) - lgamma(total - chosen + 1)
