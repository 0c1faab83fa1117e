"""A move that changes a number of the base changes each view that splits it: where, is chosen here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from backoffice.disclosure.moves import Move, corners, signs_of, touched
from backoffice.disclosure.tables import BASE, Codes, Node, Tables

Prices = Mapping[str, Mapping[Codes, float]]
"""What it costs to hide a number, by view and codes."""


def worlds(tables: Tables, move: Move, prices: Prices, *, below: float) -> Iterator[frozenset[Node]]:
    """Yield, for each direction that a move may take, the numbers of all views that it changes.

    Those that cost as much as `below`, or more, are left out.
    """
    nodes, _ = _cheap(tables, move, prices, below=below)
    if nodes is None:
        return
    own = len(tables.base)
    is_of_the_base = move.view == BASE or all(other is None for other in move.others[own:])
    for sign in signs_of(tables.atoms(move.view), move):
        if not is_of_the_base:
            yield frozenset(nodes)
            return
        base = Move(BASE, move.start[:own], move.others[:own])
        beside = [_lifted(tables, name, base, sign, prices) for name in tables.views if name != move.view]
        yield frozenset(nodes).union(*beside)


def _lifted(tables: Tables, name: str, base: Move, sign: bool, prices: Prices) -> frozenset[Node]:
    """Return the numbers of one view that a move of the base changes: in one slice of it, if it can be."""
    view = tables.views[name]
    best: frozenset[Node] | None = None
    least = float("inf")
    for own in tables.slices[name]:
        move = Move(name, (*base.start, *own), (*base.others, *(None for _ in own)))
        if sign not in signs_of(view.cells, move):
            continue
        nodes, cost = _cheap(tables, move, prices, below=least)
        if nodes is not None:
            best, least = frozenset(nodes), cost
    return _scattered(tables, name, base, sign) if best is None else best


def _cheap(tables: Tables, move: Move, prices: Prices, *, below: float) -> tuple[list[Node] | None, float]:
    """Return the numbers of its own view that a move changes, and their price; None where it is too high."""
    cost, of_view, axes = 0.0, prices[move.view], tables.axes(move.view)
    for codes in touched(axes, move):
        cost += of_view[codes]
        if cost >= below:
            return None, cost
    return [tables.node(move.view, codes) for codes in touched(axes, move)], cost


def _scattered(tables: Tables, name: str, base: Move, sign: bool) -> frozenset[Node]:
    """Return what changes when each corner of a base move changes in the slice where it has most people."""
    cells, own = tables.views[name].cells, len(tables.base)
    sums: defaultdict[Node, int] = defaultdict(int)
    for corner, is_even in corners(base):
        inside = [codes for codes in cells if codes[:own] == corner]
        chosen = max(
            inside or [_any_slice(tables, name, corner)], key=lambda codes: (cells.get(codes, 0), codes)
        )
        for node in tables.above(name, chosen):
            sums[node] += 1 if is_even == sign else -1
    return frozenset(node for node, change in sums.items() if change)


def _any_slice(tables: Tables, name: str, corner: Codes) -> Codes:
    return (*corner, *(axis.leaves[0] for axis in tables.views[name].axes))
