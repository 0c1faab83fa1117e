"""Linked tables: the same people split by period and place, and beside that by one thing or another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import NamedTuple

from backoffice.disclosure.axes import ALL, Axis

Codes = tuple[str, ...]
"""One code for each axis, in their order; those of the base first."""

BASE = ""
"""The view that splits by the base alone."""


_NOT_SPLIT = frozenset((ALL,) * own for own in range(9))
"""What a view has where it does not split; nine axes are more than anybody reads."""


class Node(NamedTuple):
    """One number of a table. Where a view does not split, its number is the base's: there is but one."""

    view: str
    codes: Codes


@dataclass(frozen=True)
class View:
    """A table with axes of its own beside those of the base. `cells`: counts by the finest codes."""

    axes: tuple[Axis, ...]
    cells: Mapping[Codes, int]


@dataclass(frozen=True)
class Tables:
    """All that is counted of one thing: everybody who is counted is in each view once.

    Attributes:
        base: the axes that all views have, such as period and place.
        views: by name; at least one. Two views have no own axis in common.
        untold: numbers that no table has, such as a year that is not over, so that nobody need hide them.
    """

    base: tuple[Axis, ...]
    views: Mapping[str, View]
    untold: frozenset[Codes] = field(default_factory=frozenset)
    """Of the base; what a view splits them into is not told either."""

    @cached_property
    def counts(self) -> dict[Node, int]:
        """Every number that is not nought.

        Raises:
            ValueError: two views do not count the same people.
        """
        found: dict[Node, int] = {}
        for name, view in self.views.items():
            sums: defaultdict[Node, int] = defaultdict(int)
            for codes, count in view.cells.items():
                for node in self.above(name, codes):
                    sums[node] += count
            for node, count in sums.items():
                if found.setdefault(node, count) != count and count:
                    raise ValueError(f"{name}: does not count the same as another view at {node.codes}")
        return {node: count for node, count in found.items() if count}

    def count(self, node: Node) -> int:
        """Return one number."""
        return self.counts.get(node, 0)

    def node(self, view: str, codes: Codes) -> Node:
        """Return the node of codes of a view."""
        own = len(self.base)
        return Node(BASE, codes[:own]) if codes[own:] in _NOT_SPLIT else Node(view, codes)

    def above(self, view: str, codes: Codes) -> Iterator[Node]:
        """Yield the numbers of a view that a cell is part of, its own too."""
        chains = (axis.chains[code] for axis, code in zip(self.axes(view), codes, strict=True))
        return (self.node(view, above) for above in product(*chains))

    def axes(self, view: str) -> tuple[Axis, ...]:
        """Return the axes of a view, the base's first."""
        return self.base if view == BASE else (*self.base, *self.views[view].axes)

    def is_told(self, node: Node) -> bool:
        """Tell whether any table has this number."""
        return not self.untold or node.codes[: len(self.base)] not in self.untold

    def atoms(self, view: str) -> Mapping[Codes, int]:
        """Return the finest numbers of a view that are not nought."""
        return self._base_atoms if view == BASE else self.views[view].cells

    def nodes(self) -> Iterator[Node]:
        """Yield every number that is told, noughts too."""
        for view in (BASE, *self.views):
            for codes in product(*(axis.chains for axis in self.axes(view))):
                node = self.node(view, codes)
                if node.view == view and self.is_told(node):
                    yield node

    def sorted_atoms(self, view: str) -> Sequence[Codes]:
        """Return the codes of the finest numbers of a view that are not nought, in their order."""
        return self._sorted_atoms[view]

    @cached_property
    def slices(self) -> dict[str, list[Codes]]:
        """The combinations of a view's own codes that anybody has, by view."""
        own = len(self.base)
        return {name: sorted({codes[own:] for codes in view.cells}) for name, view in self.views.items()}

    @cached_property
    def _sorted_atoms(self) -> dict[str, list[Codes]]:
        return {view: sorted(self.atoms(view)) for view in (BASE, *self.views)}

    @cached_property
    def _base_atoms(self) -> dict[Codes, int]:
        sums: defaultdict[Codes, int] = defaultdict(int)
        for codes, count in next(iter(self.views.values())).cells.items():
            sums[codes[: len(self.base)]] += count
        return dict(sums)
