"""Figures that name nobody, not even by subtraction: small cells are hidden, with what would give them back.

A table that is handed on must not tell of one person. Nought is shown: it tells of nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

LEAST = 5
"""Fewer than so many are not shown."""

Key = TypeVar("Key", bound=str)


@dataclass(frozen=True)
class Shown(Generic[Key]):
    """A total and its parts as they may be shown; None is hidden."""

    total: int | None
    parts: list[tuple[Key, int | None]]


def is_small(count: int) -> bool:
    """Tell whether a count is hidden by itself."""
    return 0 < count < LEAST


def shown(
    total: int, parts: Sequence[tuple[Key, int]], *, is_sum: bool, hides_total: bool = False
) -> Shown[Key]:
    """Return a total and its parts with the small ones hidden.

    Args:
        total: of all.
        parts: a count for each key.
        is_sum: whether the parts make up the total. Then one hidden part would be the total less the others:
            the smallest others are hidden too, until at least two are, and they are not so few together that
            each is known.
        hides_total: the total less that of another table would tell a small number; then one part of a sum is
            hidden at least.
    """
    hidden = {key for key, count in parts if is_small(count)}
    if is_sum and not is_small(total):
        hidden |= _companions(parts, hidden)
    if is_sum and hides_total and not hidden:
        hidden |= {key for _, key in sorted((count, key) for key, count in parts if count)[:1]}
    return Shown(
        total=None if hides_total or is_small(total) else total,
        parts=[(key, None if key in hidden else count) for key, count in parts],
    )


def _companions(parts: Sequence[tuple[Key, int]], hidden: set[Key]) -> set[Key]:
    """Return the parts that have to be hidden along with those that are."""
    if not hidden:
        return set()
    also: set[Key] = set()
    sum_hidden = sum(count for key, count in parts if key in hidden)
    others = sorted((count, place) for place, (key, count) in enumerate(parts) if count and key not in hidden)
    for count, place in others:
        if len(hidden) + len(also) >= 2 and sum_hidden >= LEAST:
            break
        also.add(parts[place][0])
        sum_hidden += count
    return also
