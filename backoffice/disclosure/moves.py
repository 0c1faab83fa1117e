"""Other worlds: ways to shift one person between cells so that a hidden number changes.

A move adds one to some of the finest cells and takes one from others. It changes the numbers that it
`touches`, and no other. Where all that it touches is hidden, who sees the rest cannot tell this world from
that one: the number is not to be had by any sum or difference of what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from backoffice.disclosure.axes import Axis
from backoffice.disclosure.tables import Codes, Node, Tables

PARTNERS = 4
"""So many cells beside the first are tried on each axis, where nothing else is said."""

_IS_EVEN = [number.bit_count() % 2 == 0 for number in range(2**9)]
"""Of the corners of a move in the order of `product`: whether an even number of axes is on its other side."""


@dataclass(frozen=True)
class Target:
    """A number that must not be had: of a view, by the leaves that belong to it on each axis."""

    view: str
    inside: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Move:
    """One person more or less at `start`; on each axis with an `other` the opposite there."""

    view: str
    start: Codes
    others: tuple[str | None, ...]


def target_of(tables: Tables, node: Node) -> Target:
    """Return a node as a target."""
    axes = tables.axes(node.view)
    return Target(
        node.view, tuple(axis.leaves_under[code] for axis, code in zip(axes, node.codes, strict=True))
    )


def moves_for(
    tables: Tables, target: Target, starts: Sequence[Codes], *, partners: int | None = PARTNERS
) -> Iterator[Move]:
    """Yield moves that change a target, those that leave most sums as they are first.

    Not each of them is possible, see `signs_of`. The last ones add one person to one cell and its sums: that
    always is.

    Args:
        tables: in which.
        target: what has to change.
        starts: cells of the target with people in them.
        partners: how many cells beside the first are tried on each axis; None for all.
    """
    axes = tables.axes(target.view)
    found = {
        start: [
            ()
            if len(inside) == len(axis.leaves)
            else _partners(tables, target, axis, place, start)[:partners]
            for place, (axis, inside) in enumerate(zip(axes, target.inside, strict=True))
        ]
        for start in starts
    }
    for size in range(len(axes), -1, -1):
        yield from _of_size(target.view, found, size)


def _of_size(view: str, partners: Mapping[Codes, Sequence[Sequence[str]]], size: int) -> Iterator[Move]:
    """Yield the moves that have another side on so many axes."""
    for start, by_axis in partners.items():
        for chosen in combinations(range(len(by_axis)), size):
            choices: list[Sequence[str | None]] = [(None,)] * len(by_axis)
            for place in chosen:
                choices[place] = by_axis[place]
            for others in product(*choices):
                yield Move(view, start, others)


def signs_of(atoms: Mapping[Codes, int], move: Move) -> list[bool]:
    """Return the directions in which no cell falls below nought: True takes from the odd corners."""
    odd = even = True
    for codes, is_even in corners(move):
        if not atoms.get(codes):
            odd, even = (odd, False) if is_even else (False, even)
            if not odd and not even:
                return []
    return [sign for sign, is_possible in ((True, odd), (False, even)) if is_possible]


def corners(move: Move) -> Iterator[tuple[Codes, bool]]:
    """Yield the cells of a move, and whether each goes the way of the first."""
    sides = [
        (code,) if other is None else (code, other)
        for code, other in zip(move.start, move.others, strict=True)
    ]
    return zip(product(*sides), _IS_EVEN, strict=False)


def touched(axes: Sequence[Axis], move: Move) -> Iterator[Codes]:
    """Yield the codes of all numbers that a move changes.

    A sum over both sides of an axis stays as it is: what changes has exactly one of them.
    """
    return product(
        *(
            axis.chains[code] if other is None else axis.between(code, other)
            for axis, code, other in zip(axes, move.start, move.others, strict=True)
        )
    )


def _partners(tables: Tables, target: Target, axis: Axis, place: int, start: Codes) -> list[str]:
    """Return leaves outside of the target on one axis: near ones with people in them, few, first."""
    atoms, inside = tables.atoms(target.view), target.inside[place]
    chain = axis.chains[start[place]]

    def rank(leaf: str) -> tuple[bool, int, int, str]:
        count = atoms.get((*start[:place], leaf, *start[place + 1 :]), 0)
        apart = sum(1 for each in axis.chains[leaf] if each not in chain)
        return (not count, apart, count, leaf)

    return sorted((leaf for leaf in axis.leaves if leaf not in inside), key=rank)
