"""Figures of one table that name nobody, not even by subtraction: small ones are hidden, with companions.

A table that is handed on must not tell of one person. The rule is that of `backoffice.disclosure`, which
planning uses for all its tables together; this is its short form for a total and its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from backoffice.disclosure.axes import flat
from backoffice.disclosure.protect import LEAST, hidden, is_small
from backoffice.disclosure.tables import Codes, Tables, View

Key = TypeVar("Key", bound=str)


@dataclass(frozen=True)
class Shown(Generic[Key]):
    """A total and its parts as they may be shown; None is hidden."""

    total: int | None
    parts: list[tuple[Key, int | None]]


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
    places = {place for place, (_, count) in enumerate(parts) if is_small(count)}
    if is_sum and places and not is_small(total):
        places = _hidden_of_a_sum(parts)
    if is_sum and hides_total and not places:
        places = {place for _, _, place in sorted((n, key, at) for at, (key, n) in enumerate(parts) if n)[:1]}
    return Shown(
        total=None if hides_total or is_small(total) else total,
        parts=[(key, None if place in places else count) for place, (key, count) in enumerate(parts)],
    )


def _hidden_of_a_sum(parts: Sequence[tuple[Key, int]]) -> set[int]:
    """Return the places of the parts to hide. A part that is nought stays: it tells of nobody."""
    cells: dict[Codes, int] = {(f"{place:06}",): count for place, (_, count) in enumerate(parts) if count}
    axis = flat("part", (code for (code,) in cells))
    chosen = hidden(Tables((axis,), {"parts": View((), cells)}))
    return {int(node.codes[0]) for node in chosen}


__all__ = ["LEAST", "Shown", "is_small", "shown"]
