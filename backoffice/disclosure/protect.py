"""Which numbers of linked tables are hidden: the small ones, and what would give them back by subtraction.

For each number under five another world is sought: one person shifted between a few cells, so that the
number changes and as little else as can be. All that would change is hidden. Then nobody can tell the true
world from the other one by what is shown, however tables, periods, towns and exports are added and
subtracted. Hiding more never takes another number's world away: so one pass over the numbers is enough, and
the result is sound without solving anything (docs/decisions/0014-figures-that-name-nobody.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import product
from math import prod

from backoffice.disclosure.axes import ALL
from backoffice.disclosure.lifts import worlds
from backoffice.disclosure.moves import Move, Target, moves_for, target_of
from backoffice.disclosure.tables import BASE, Codes, Node, Tables

LEAST = 5
"""Fewer than so many are not told."""

NOUGHT = 20.0
"""What it costs to hide a nought: as a number of so many, since it makes people look for somebody."""

STARTS = 3
"""So many cells of a small number are tried first."""
FORBIDDEN = float("inf")


class NothingLeftToHide(ValueError):
    """A number under five follows from what was shown before: the older tables were not made by `hidden`."""


def is_small(count: int) -> bool:
    """Tell whether a count is hidden by itself. Nought is shown: it tells of nobody."""
    return 0 < count < LEAST


def hidden(
    tables: Tables, *, shown_before: frozenset[Node] = frozenset(), with_companions: bool = True
) -> frozenset[Node]:
    """Return the numbers that must not be shown.

    Args:
        tables: all that is told of one thing.
        shown_before: what earlier releases showed; it can't be hidden any more.
        with_companions: False hides the small numbers alone, which is not safe: a test proves it.

    Raises:
        NothingLeftToHide: `shown_before` gives a small number away.
    """
    small = {node for node, count in tables.counts.items() if is_small(count) and tables.is_told(node)}
    if not with_companions:
        return frozenset(small)
    hiding = _Hiding(tables, small, shown_before)
    for node, starts in _starts(tables, small):
        if node not in hiding.other:  # a world that was found for another number has this one changed too
            hiding.keep_from(target_of(tables, node), starts)
    looked_through: set[Node] = set()
    while groups := list(_small_groups(tables, hiding.nodes, since=looked_through)):
        looked_through = set(hiding.nodes)
        for target, starts in groups:
            hiding.keep_from(target, starts)
    return frozenset(hiding.nodes)


class _Hiding:
    """What is hidden so far.

    Attributes:
        nodes: these numbers.
        other: those of them that are different in a world that was found.
    """

    def __init__(self, tables: Tables, small: set[Node], shown_before: frozenset[Node]) -> None:
        self.nodes = set(small)
        self.other: set[Node] = set()
        self._tables = tables
        views = (BASE, *tables.views)
        self._prices = {view: _Prices(tables, view, self.nodes, shown_before - small) for view in views}

    def keep_from(self, target: Target, starts: Sequence[Codes]) -> None:
        """Hide what lets a target have another value, at little cost.

        Raises:
            NothingLeftToHide: no move is possible that changes hidden numbers alone.
        """
        nodes = self._search(moves_for(self._tables, target, starts[:STARTS]))
        if nodes is None:  # older releases stand in the way: any world will do
            nodes = self._search(moves_for(self._tables, target, starts, partners=None), is_first_enough=True)
        if nodes is None:
            raise NothingLeftToHide(target.view)
        self.other |= nodes
        self._hide(node for node in nodes if self._tables.is_told(node))

    def _hide(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            self.nodes.add(node)
            for view in (node.view,) if node.view else self._prices:
                self._prices[view].forget(node)

    def _search(self, moves: Iterator[Move], *, is_first_enough: bool = False) -> frozenset[Node] | None:
        """Return what the cheapest move changes; None where each would change what was shown before."""
        best: frozenset[Node] | None = None
        least = FORBIDDEN
        for move in moves:
            for nodes in worlds(self._tables, move, self._prices, below=least):
                cost = sum(self._prices[node.view][node.codes] for node in nodes)
                if cost < least:
                    best, least = nodes, cost
            if best is not None and (is_first_enough or not least):
                return best
        return best


class _Prices(dict[Codes, float]):
    """What it costs to hide the numbers of a view, by their codes; worked out when first asked for."""

    def __init__(self, tables: Tables, view: str, hidden: Set[Node], shown_before: frozenset[Node]) -> None:
        super().__init__()
        self._tables, self._view = tables, view
        self._hidden, self._shown_before = hidden, shown_before

    def __missing__(self, codes: Codes) -> float:
        price = self[codes] = self._price(self._tables.node(self._view, codes))
        return price

    def forget(self, node: Node) -> None:
        """Work the price of a number out anew: it is hidden now."""
        own = len(self._tables.axes(self._view)) - len(node.codes)
        self.pop(node.codes + (ALL,) * own, None)

    def _price(self, node: Node) -> float:
        if node in self._hidden or not self._tables.is_told(node):
            return 0.0
        if node in self._shown_before:
            return FORBIDDEN
        return self._tables.counts.get(node, NOUGHT)


def _starts(tables: Tables, nodes: set[Node]) -> Iterator[tuple[Node, list[Codes]]]:
    """Yield nodes with the finest cells in them that are not nought, sums before their parts."""
    found: defaultdict[Node, list[Codes]] = defaultdict(list)
    for view in (BASE, *tables.views):
        for codes in tables.sorted_atoms(view):
            for node in tables.above(view, codes):
                if node.view == view and node in nodes:
                    found[node].append(codes)
    yield from sorted(found.items(), key=lambda item: (-item[0].codes.count(ALL), item[0]))


def _small_groups(
    tables: Tables, nodes: set[Node], *, since: set[Node]
) -> Iterator[tuple[Target, list[Codes]]]:
    """Yield the hidden parts of a sum that is shown, where together they are under five.

    Those whose parts are all of `since` were looked at before.
    """
    looked_at: set[tuple[Node, int]] = set()
    for node in sorted(nodes - since):
        axes = tables.axes(node.view)
        for place, axis in enumerate(axes):
            code = node.codes[place]
            if code == ALL:
                continue
            above = axis.chains[code][1]
            whole = (*node.codes[:place], above, *node.codes[place + 1 :])
            parent = tables.node(node.view, whole)
            if parent in nodes or not tables.is_told(parent) or (parent, place) in looked_at:
                continue
            looked_at.add((parent, place))
            parts = [
                tables.node(node.view, (*node.codes[:place], each, *node.codes[place + 1 :]))
                for each in axis.children[above]
            ]
            apart = [part for part in parts if part in nodes or not tables.is_told(part)]
            if is_small(sum(tables.count(part) for part in apart)):
                yield _group(tables, node, place, apart)


def _group(tables: Tables, node: Node, place: int, parts: Sequence[Node]) -> tuple[Target, list[Codes]]:
    axes = tables.axes(node.view)
    inside = [axis.leaves_under[code] for axis, code in zip(axes, node.codes, strict=True)]
    inside[place] = frozenset().union(*(axes[place].leaves_under[part.codes[place]] for part in parts))
    return Target(node.view, tuple(inside)), list(_atoms_inside(tables, node.view, inside))


def _atoms_inside(tables: Tables, view: str, inside: Sequence[frozenset[str]]) -> Iterator[Codes]:
    """Yield the finest cells with people in them within some leaves of each axis, in their order."""
    atoms = tables.atoms(view)
    if prod(map(len, inside)) < len(atoms):
        yield from (codes for codes in product(*map(sorted, inside)) if codes in atoms)
        return
    for codes in tables.sorted_atoms(view):
        if all(code in within for code, within in zip(codes, inside, strict=True)):
            yield codes
