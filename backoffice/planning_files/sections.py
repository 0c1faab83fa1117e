"""What a sheet of paper says of a figure: for one period and place, sentences and short tables. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from backoffice.disclosure.axes import ALL
from backoffice.planning.figure import Dimension, Figure
from backoffice.planning.places import SUB_DISTRICT
from backoffice.planning.told import Part, Told
from backoffice.planning_files.numbers import Choice, numbers_of
from backoffice.planning_files.wording import Wording

MOST_LINES = 12
"""So many lines has a table of the report; the figure's own sheet has them all."""


@dataclass(frozen=True)
class PrintedTable:
    """A table on paper; its last columns are numbers, `numbers` of them."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: int = 1
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A figure on paper: what it is called, what it counts, what is said in words, and its tables."""

    title: str
    definition: str
    sentences: Sequence[str]
    tables: Sequence[PrintedTable]


@dataclass(frozen=True)
class Paper:
    """What is printed.

    Attributes:
        title: of the whole.
        subtitle: for which period and place.
        when: the period as a file's name has it: `2026` or `2026-q3`.
        sections: one after the other.
        released_on: the day, in Italy, on which the newest of its numbers were decided.
        made_at: the present moment.
    """

    title: str
    subtitle: str
    when: str
    sections: Sequence[Section]
    released_on: date
    made_at: datetime


@dataclass(frozen=True)
class At:
    """A figure of a period and place; of one body, where there is one in `within`."""

    told: Told
    period: str
    place: str
    within: Mapping[Dimension, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look whether it is told at all.

        Raises:
            NotTold: the period is not over, or there is no such place or body.
        """
        self.total()

    def total(self) -> int | None:
        """Return how many there are; None where that is hidden."""
        return self.told.count(self.within, period=self.period, place=self.place)


def whole_section(at: At, wording: Wording) -> Section:
    """Return all that is told of a figure in a period and place; of a body no table tells more."""
    figure = at.told.figure
    if at.within:
        return _section(at, wording, [*_by_place(at, wording), *_by_month(at, wording)])
    tables = [
        *(_by(at, dimension, wording) for dimension in figure.dimensions),
        *(_crossed(at, view, wording) for view, dimensions in figure.views.items() if len(dimensions) > 1),
        *_by_place(at, wording),
        *_by_month(at, wording),
    ]
    return _section(at, wording, tables)


def short_section(at: At, wording: Wording) -> Section:
    """Return the beginning of it, for the report: two splits and the places, the largest lines of each."""
    firsts = [dimensions[0] for dimensions in at.told.figure.views.values()]
    shown = list(dict.fromkeys([*firsts, *at.told.figure.dimensions]))[:2]
    tables = [*(_by(at, dimension, wording) for dimension in shown), *list(_by_place(at, wording))[:1]]
    return _section(at, wording, [_cut(table, wording) for table in tables])


def _section(at: At, wording: Wording, tables: Iterable[PrintedTable]) -> Section:
    figure = at.told.figure
    total = at.total()
    unit = wording.planning(f"unit.{figure.unit}")
    sentences = [
        wording.say("total_hidden") if total is None else wording.say("total", count=str(total), unit=unit)
    ]
    if figure.measure:
        sentences.append(_spread_sentence(at, figure, wording))
    return Section(
        title=wording.title(figure),
        definition=wording.definition(figure),
        sentences=sentences,
        tables=[table for table in tables if table.rows],
    )


def _spread_sentence(at: At, figure: Figure, wording: Wording) -> str:
    spread = at.told.spread(at.within, period=at.period, place=at.place)
    if spread is None:
        return wording.say("spread_hidden")
    measure = wording.planning(f"measure.{figure.measure}")
    low, median, high = (f"{value} {measure}" for value in (spread.low, spread.median, spread.high))
    return wording.planning("spread", low=low, median=median, high=high)


def _by(at: At, dimension: Dimension, wording: Wording) -> PrintedTable:
    told = at.told
    rows = []
    for part in told.by(dimension, period=at.period, place=at.place):
        rows.append(_row(at, part, dimension, wording, wording.name(dimension, part.code)))
        under = told.by(dimension, {dimension: part.code}, period=at.period, place=at.place)
        rows += [
            _row(at, each, dimension, wording, f"– {wording.name(dimension, each.code)}") for each in under
        ]
    measured = told.figure.measure is not None
    return PrintedTable(
        title=wording.planning(f"dimension.{dimension}"),
        heads=[wording.planning(f"dimension.{dimension}"), *_number_heads(told.figure, wording)],
        rows=[row for row in rows if row],
        numbers=2 if measured else 1,
    )


def _row(at: At, part: Part, dimension: Dimension, wording: Wording, name: str) -> Sequence[str]:
    """Return a line; nothing where it would say nought."""
    if part.count == 0:
        return ()
    row = [name, _count(part.count, wording)]
    if at.told.figure.measure:
        spread = at.told.spread({dimension: part.code}, period=at.period, place=at.place)
        row.append("–" if spread is None else str(spread.median))
    return row


def _number_heads(figure: Figure, wording: Wording) -> list[str]:
    heads = [wording.planning(f"unit.{figure.unit}")]
    if figure.measure:
        heads.append(wording.say("head.median", measure=wording.planning(f"measure.{figure.measure}")))
    return heads


def _crossed(at: At, view: str, wording: Wording) -> PrintedTable:
    figure = at.told.figure
    dimensions = figure.views[view]
    names = [wording.planning(f"dimension.{dimension}") for dimension in dimensions]
    found = [
        number
        for number in numbers_of(at.told, Choice(period=at.period, place=at.place))
        if number.table == view and len(number.codes) == len(dimensions) and number.count != 0
    ]
    rows = [
        [*(wording.name(each, number.codes[each]) for each in dimensions), _count(number.count, wording)]
        for number in found
    ]
    return PrintedTable(
        title=wording.say("crossed", names=" × ".join(names)),
        heads=[*names, wording.planning(f"unit.{figure.unit}")],
        rows=rows,
    )


def _by_place(at: At, wording: Wording) -> Iterator[PrintedTable]:
    """Yield the places under this one: sub-districts and towns without one, then the towns of each."""
    figure = at.told.figure
    if not figure.has_place:
        return
    under = at.told.by_place(at.within, period=at.period, under=at.place)
    yield _places(under, wording.say("head.place"), figure, wording)
    for part in under:
        if part.code.startswith(SUB_DISTRICT):
            towns = at.told.by_place(at.within, period=at.period, under=part.code)
            yield _places(towns, wording.place(part.code), figure, wording)


def _places(parts: Sequence[Part], title: str, figure: Figure, wording: Wording) -> PrintedTable:
    return PrintedTable(
        title=title,
        heads=[wording.say("head.place"), wording.planning(f"unit.{figure.unit}")],
        rows=[[wording.place(each.code), _count(each.count, wording)] for each in parts if each.count != 0],
    )


def _by_month(at: At, wording: Wording) -> Iterator[PrintedTable]:
    """Yield the months of a quarter or year; a month has none."""
    inside = at.told.tables.base[0].leaves_under[at.period] - {at.period}
    if not inside:
        return
    figure = at.told.figure
    parts = [part for part in at.told.by_period(at.within, place=at.place) if part.code in inside]
    yield PrintedTable(
        title=wording.say("head.month"),
        heads=[wording.say("head.month"), wording.planning(f"unit.{figure.unit}")],
        rows=[[wording.period(each.code, at.told.year), _count(each.count, wording)] for each in parts],
    )


def _cut(table: PrintedTable, wording: Wording) -> PrintedTable:
    left = len(table.rows) - MOST_LINES
    if left <= 0:
        return table
    note = wording.say("cut", lines=str(left))
    return PrintedTable(table.title, table.heads, table.rows[:MOST_LINES], table.numbers, note)


def _count(count: int | None, wording: Wording) -> str:
    return wording.planning("hidden") if count is None else str(count)


def default_period(told: Told) -> str | None:
    """Return what a sheet is about where nobody says: the year, the last quarter, or the last month."""
    quarters, months = told.by_period(months=False), told.by_period()
    if len(quarters) == len(told.tables.base[0].children[ALL]):
        return ALL
    newest = quarters or months
    return newest[-1].code if newest else None
