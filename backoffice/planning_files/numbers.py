"""What a figure tells, one number after the other: the long form that every file is made of. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from backoffice.disclosure.axes import ALL
from backoffice.disclosure.tables import BASE, Node
from backoffice.planning.figure import Dimension
from backoffice.planning.spreads import Spread
from backoffice.planning.told import Told

TOTAL = "total"
"""The table of periods and places alone; the others bear the names of the figure's views."""


@dataclass(frozen=True)
class Choice:
    """What of a year is wanted; what is None is not narrowed.

    Attributes:
        period: a month, a quarter, or `ALL` for the whole year.
        place: a town, a sub-district, or `ALL` for the district.
        body: an organisation: its lines alone, since no table crosses it with anything.
    """

    period: str | None = None
    place: str | None = None
    body: str | None = None


@dataclass(frozen=True)
class Number:
    """One number of one table.

    Attributes:
        table: `TOTAL`, or the view that splits it.
        period: a month, a quarter, or `ALL` for the year.
        place: None where the figure knows no towns.
        codes: of the dimensions that it is split by.
        count: None: hidden.
        spread: of what was measured, where it is told.
    """

    table: str
    period: str
    place: str | None
    codes: Mapping[Dimension, str]
    count: int | None
    spread: Spread | None


def numbers_of(told: Told, choice: Choice | None = None) -> list[Number]:
    """Return the numbers of a year: sums before what they are split into, by code and never by count.

    Each period and place has its total, nought too; what a total is split into is left out where it is nought
    and told, so that a file is no longer than what there is.
    """
    wanted = choice or Choice()
    nodes = {*_totals(told), *told.counts, *told.hidden}
    found = [_number(told, node) for node in nodes]
    order = [TOTAL, *told.figure.views]
    return sorted(
        (number for number in found if _is_wanted(number, wanted)),
        key=lambda each: (order.index(each.table), each.period, each.place or "", tuple(each.codes.values())),
    )


def _totals(told: Told) -> Iterator[Node]:
    nodes = (Node(BASE, codes) for codes in product(*(axis.chains for axis in told.tables.base)))
    return (node for node in nodes if told.tables.is_told(node))


def _number(told: Told, node: Node) -> Number:
    figure = told.figure
    own = len(told.tables.base)
    dimensions = figure.views[node.view] if node.view != BASE else ()
    codes = zip(dimensions, node.codes[own:], strict=True)
    return Number(
        table=node.view or TOTAL,
        period=node.codes[0],
        place=node.codes[1] if figure.has_place else None,
        codes={dimension: code for dimension, code in codes if code != ALL},
        count=None if node in told.hidden else told.counts.get(node, 0),
        spread=told.spreads.get(node),
    )


def _is_wanted(number: Number, choice: Choice) -> bool:
    return (
        choice.period in (None, number.period)
        and (choice.place in (None, number.place) or (number.place is None and choice.place == ALL))
        and choice.body in (None, number.codes.get(Dimension.BODY))
    )
