"""Somebody who has every table and export, and adds, subtracts and bounds what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

import numpy as np
from numpy.typing import NDArray

from backoffice.disclosure.tables import BASE, Node, Tables

EPSILON = 1e-6
ROUNDS = 60
"""Bounds are narrowed until they stay; more rounds than that were never needed."""

Matrix = NDArray[np.float64]


class Attacker:
    """Knows how tables hang together, every number that is shown, and that no count is below nought.

    The unknowns are the finest cells of each view. Views of the same people have the same numbers where they
    do not split: that is known too, whether the number is shown or not.
    """

    def __init__(
        self, tables: Tables, hidden: frozenset[Node], *, read: Mapping[Node, int] | None = None
    ) -> None:
        """Learn all numbers that are not hidden; or, where files were `read`, what was in them alone."""
        self._tables = tables
        self._places = {
            (view, codes): place
            for place, (view, codes) in enumerate(
                (view, codes)
                for view in tables.views
                for codes in product(*(axis.leaves for axis in tables.axes(view)))
            )
        }
        nodes = list(tables.nodes())
        self._rows = {node: self._row(node) for node in nodes}
        shown = {node: tables.count(node) for node in nodes if node not in hidden} if read is None else read
        equations = [(self._rows[node], float(count)) for node, count in shown.items()]
        equations += [(row, 0.0) for row in self._same_people()]
        # a sum with nought in it says that each of its parts is nought
        self._sums = np.array([row for row, _ in equations])
        self._values = np.array([value for _, value in equations])

    def recovers(self, targets: Iterable[Node]) -> set[Node]:
        """Return the numbers that the attacker knows to the last person."""
        wanted = [target for target in targets if target in self._rows]
        if not wanted:
            return set()
        rows = np.array([self._rows[target] for target in wanted])
        low, high = self._bounds()
        is_nought = high < EPSILON
        by_sums = self._by_sums(rows[:, ~is_nought], is_nought)
        least, most = rows @ low, rows @ high
        by_bounds = np.floor(most + EPSILON) - np.ceil(least - EPSILON) < EPSILON
        return {target for target, known in zip(wanted, by_sums | by_bounds, strict=True) if known}

    def _by_sums(self, rows: Matrix, is_nought: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell which rows are made of equations by adding, subtracting and multiplying."""
        known = self._sums[:, ~is_nought]
        _, values, across = np.linalg.svd(known, full_matrices=False)
        basis = across[values > EPSILON]
        rest = rows - (rows @ basis.T) @ basis
        return np.asarray(np.abs(rest).max(axis=1, initial=0.0) < EPSILON)

    def _bounds(self) -> tuple[Matrix, Matrix]:
        """Narrow the bounds of every cell by every equation until nothing changes."""
        size = len(self._places)
        low, high = np.zeros(size), np.full(size, float(self._values.max(initial=0.0)) + 1000.0)
        plus, minus = np.maximum(self._sums, 0), np.maximum(-self._sums, 0)
        for _ in range(ROUNDS):
            least = plus @ low - minus @ high
            most = plus @ high - minus @ low
            up = (self._values - least)[:, None]  # what is left above the least
            down = (most - self._values)[:, None]
            top = np.where(plus > 0, low + up, np.inf).min(axis=0)
            top = np.minimum(top, np.where(minus > 0, low + down, np.inf).min(axis=0))
            bottom = np.where(plus > 0, high - down, -np.inf).max(axis=0)
            bottom = np.maximum(bottom, np.where(minus > 0, high - up, -np.inf).max(axis=0))
            new_low, new_high = np.maximum(low, bottom), np.minimum(high, top)
            if np.allclose(new_low, low) and np.allclose(new_high, high):
                break
            low, high = new_low, new_high
        return low, high

    def _row(self, node: Node) -> Matrix:
        """Return which cells make up a number; of the base, those of the first view."""
        view = next(iter(self._tables.views)) if node.view == BASE else node.view
        return self._row_of(view, node.codes)

    def _row_of(self, view: str, codes: tuple[str, ...]) -> Matrix:
        row = np.zeros(len(self._places))
        axes = self._tables.axes(view)
        within = [axis.leaves_under[code] for axis, code in zip(axes, codes, strict=False)]
        within += [frozenset(axis.leaves) for axis in axes[len(codes) :]]
        for cell in product(*within):
            row[self._places[view, cell]] = 1.0
        return row

    def _same_people(self) -> Iterable[Matrix]:
        first, *others = self._tables.views
        for other in others:
            for codes in product(*(axis.leaves for axis in self._tables.base)):
                yield self._row_of(first, codes) - self._row_of(other, codes)
