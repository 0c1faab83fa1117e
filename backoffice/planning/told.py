"""A figure of a year as it may be told: what pages, files and open data read, and nothing beside it.

Every number goes out through here, so that all tables of a thing hide the same cells.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from backoffice.disclosure.axes import ALL, Axis
from backoffice.disclosure.protect import hidden
from backoffice.disclosure.tables import BASE, Codes, Node, Tables, View
from backoffice.planning.figure import Dimension, Figure
from backoffice.planning.periods import not_over, periods_of
from backoffice.planning.raw import Raw
from backoffice.planning.spreads import Spread, spread_of


class NotTold(ValueError):
    """No table has this number: two dimensions that are not crossed, or a period that is not over."""


@dataclass(frozen=True)
class Part:
    """One line of a table. `count` None: hidden."""

    code: str
    count: int | None


@dataclass(frozen=True)
class Told:
    """One figure of one year. What is hidden is not in it.

    Attributes:
        figure: its definition.
        year: of Italy's calendar.
        tables: how its tables are split; without cells.
        counts: the numbers that are shown, but noughts.
        hidden: which numbers are not shown.
        spreads: median and quartiles of those that are shown and enough.
    """

    figure: Figure
    year: int
    tables: Tables
    counts: Mapping[Node, int]
    hidden: frozenset[Node]
    spreads: Mapping[Node, Spread]

    def count(
        self, within: Mapping[Dimension, str] | None = None, *, period: str = ALL, place: str = ALL
    ) -> int | None:
        """Return a number; None where it is hidden.

        Args:
            within: codes of dimensions; those left out are not split by.
            period: a month, a quarter, or `ALL` for the year.
            place: a town, a sub-district, or `ALL` for the district.

        Raises:
            NotTold: no table has it.
        """
        node = self._node(within or {}, period, place)
        return None if node in self.hidden else self.counts.get(node, 0)

    def by(
        self,
        dimension: Dimension,
        within: Mapping[Dimension, str] | None = None,
        *,
        period: str = ALL,
        place: str = ALL,
    ) -> list[Part]:
        """Return a table by one dimension, most first; the hidden ones last, by code.

        Where `within` has a code of the same dimension, what is directly under that code.

        Raises:
            NotTold: no table has it.
        """
        within = dict(within or {})
        codes = self._axis(dimension).children.get(within.get(dimension, ALL), ())
        found = [
            Part(code, self.count({**within, dimension: code}, period=period, place=place)) for code in codes
        ]
        return sorted(found, key=_hidden_last)

    def by_place(
        self, within: Mapping[Dimension, str] | None = None, *, period: str = ALL, under: str = ALL
    ) -> list[Part]:
        """Return a table of the places directly under one, most first; the hidden ones last, by name.

        Raises:
            NotTold: no table has it.
        """
        places = self.tables.base[1].children.get(under, ()) if self.figure.has_place else ()
        found = [Part(code, self.count(within, period=period, place=code)) for code in places]
        return sorted(found, key=_hidden_last)

    def by_period(
        self, within: Mapping[Dimension, str] | None = None, *, place: str = ALL, months: bool = True
    ) -> list[Part]:
        """Return the months, or the quarters, that are over, in their order.

        Raises:
            NotTold: no table has it.
        """
        axis = self.tables.base[0]
        codes = axis.leaves if months else axis.children[ALL]
        over = [code for code in codes if self._is_over(code)]
        return [Part(code, self.count(within, period=code, place=place)) for code in over]

    def spread(
        self, within: Mapping[Dimension, str] | None = None, *, period: str = ALL, place: str = ALL
    ) -> Spread | None:
        """Return median and quartiles of what is measured; None where they are hidden, or too few.

        Raises:
            NotTold: no table has it, or nothing is measured.
        """
        if self.figure.measure is None:
            raise NotTold(self.figure.code)
        return self.spreads.get(self._node(within or {}, period, place))

    def codes_of(self, dimension: Dimension) -> frozenset[str]:
        """Return the codes that came in the year; of a tree, the uppermost.

        Raises:
            NotTold: no table is split by it.
        """
        return frozenset(self._axis(dimension).children.get(ALL, ()))

    @cached_property
    def worked_out(self) -> dict[Hashable, Any]:
        """What took long to work out from it, kept as long as it is: a release does not change."""
        return {}

    @cached_property
    def periods(self) -> list[str]:
        """The periods that are told: the year where it is over, quarters, and months, in their order."""
        axis = self.tables.base[0]
        codes = [ALL, *axis.children[ALL], *axis.leaves]
        return [code for code in codes if self._is_over(code)]

    @cached_property
    def places(self) -> Axis:
        """The district's towns and sub-districts as the release has them.

        Raises:
            NotTold: nothing tells of a town.
        """
        if not self.figure.has_place:
            raise NotTold(self.figure.code)
        return self.tables.base[1]

    @cached_property
    def shown(self) -> frozenset[Node]:
        """Every number that is told: what the next release of the year may not hide any more."""
        return frozenset(node for node in self.tables.nodes() if node not in self.hidden)

    def _node(self, within: Mapping[Dimension, str], period: str, place: str) -> Node:
        view = self.figure.view_of(*within)
        if view is None or (place != ALL and not self.figure.has_place):
            raise NotTold(self.figure.code)
        base = (period, place) if self.figure.has_place else (period,)
        own = tuple(within.get(dimension, ALL) for dimension in self.figure.views[view])
        node = self.tables.node(view, (*base, *own))
        axes = self.tables.axes(node.view)
        is_known = all(code in axis.chains for axis, code in zip(axes, node.codes, strict=True))
        if not is_known or not self.tables.is_told(node):
            raise NotTold(f"{self.figure.code}: {node.codes}")
        return node

    def _axis(self, dimension: Dimension) -> Axis:
        view = self.figure.view_of(dimension)
        if view is None:
            raise NotTold(f"{self.figure.code}: {dimension}")
        return self.tables.views[view].axes[self.figure.views[view].index(dimension)]

    def _is_over(self, period: str) -> bool:
        node = Node(BASE, (period, ALL) if self.figure.has_place else (period,))
        return self.tables.is_told(node)


def tell(
    figure: Figure,
    raw: Raw,
    *,
    year: int,
    places: Axis,
    today: date,
    shown_before: frozenset[Node] = frozenset(),
) -> Told:
    """Decide what of a figure's year may be told.

    Args:
        figure: which.
        raw: its cells.
        year: of Italy's calendar.
        places: towns and sub-districts (`planning.places`).
        today: in Italy; of periods that are not over nothing is told.
        shown_before: what the release before showed (`Told.shown`), where there was one.

    Raises:
        NothingLeftToHide: what was shown before, with the cells as they are now, gives a small number away.
    """
    periods = periods_of(year)
    base = (periods, places) if figure.has_place else (periods,)
    late = not_over(year, today)
    untold: set[Codes] = {(period,) for period in late}
    if figure.has_place:
        untold = {(period, place) for period in late for place in places.chains}
    views = {name: _view(figure, name, raw, len(base)) for name in figure.views}
    tables = Tables(base, views, frozenset(untold))
    kept_back = hidden(tables, shown_before=shown_before)
    return Told(
        figure,
        year,
        tables=split_by(base, {name: view.axes for name, view in views.items()}, untold),
        counts={
            node: count
            for node, count in tables.counts.items()
            if tables.is_told(node) and node not in kept_back
        },
        hidden=kept_back,
        spreads=_spreads(figure, raw, tables, kept_back),
    )


def split_by(
    base: tuple[Axis, ...], views: Mapping[str, tuple[Axis, ...]], untold: Iterable[Codes]
) -> Tables:
    """Return how tables are split, without cells."""
    return Tables(base, {name: View(axes, {}) for name, axes in views.items()}, frozenset(untold))


def _view(figure: Figure, name: str, raw: Raw, own: int) -> View:
    """Return one view's cells: all others' dimensions are summed up."""
    places = _columns(figure, name, own)
    cells: Counter[Codes] = Counter()
    for codes, count in raw.cells.items():
        cells[(*codes[:own], *(codes[place] for place in places))] += count
    axes = [
        _axis(dimension, {codes[own + at] for codes in cells})
        for at, dimension in enumerate(figure.views[name])
    ]
    return View(tuple(axes), dict(cells))


def _axis(dimension: Dimension, codes: set[str]) -> Axis:
    """Return the axis of some codes; `housing/found` is under `housing`."""
    parents = {code: code.split("/")[0] if "/" in code else ALL for code in codes}
    return Axis(dimension.value, dict.fromkeys(set(parents.values()) - {ALL}, ALL) | parents)


def _spreads(figure: Figure, raw: Raw, tables: Tables, kept_back: frozenset[Node]) -> dict[Node, Spread]:
    """Return the quartiles of what was measured, of each number that is shown."""
    found: defaultdict[Node, Counter[int]] = defaultdict(Counter)
    own = len(tables.base)
    for codes, values in raw.measured.items():
        nodes: set[Node] = set()
        for name in figure.views:
            cell = (*codes[:own], *(codes[place] for place in _columns(figure, name, own)))
            nodes.update(tables.above(name, cell))
        for node in nodes:
            found[node].update(values)
    made = {
        node: spread_of(values)
        for node, values in found.items()
        if tables.is_told(node) and node not in kept_back
    }
    return {node: spread for node, spread in made.items() if spread is not None}


def _columns(figure: Figure, name: str, own: int) -> Sequence[int]:
    """Return where in a raw cell the codes of a view are."""
    return [own + figure.dimensions.index(dimension) for dimension in figure.views[name]]


def _hidden_last(part: Part) -> tuple[bool, int, str]:
    """Order by count, the hidden ones by code: their place must not tell how many they are."""
    return (part.count is None, -(part.count or 0), part.code)
