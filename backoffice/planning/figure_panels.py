"""What the page of a figure shows: its months, and each of its dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from backoffice.chart.bars import Bar, bars
from backoffice.chart.columns import Column, Key, columns
from backoffice.planning.crossed_panel import crossed_panel
from backoffice.planning.figure import Dimension
from backoffice.planning.panel import NOTHING, Cell, Chosen, Line, Panel, about, number_cell, share_cell
from backoffice.planning.spreads import Spread
from backoffice.planning.told import NotTold, Part, Told


def months_panel(chosen: Chosen, before: Told | None) -> Panel:
    """Return the year's months, and beside them those of the year before, for the season."""
    told, choice, wording = chosen.told, chosen.choice, chosen.wording
    rows, lines = [], []
    for month in told.by_period(choice.within, place=choice.place):
        earlier = _year_before(before, month.code, chosen)
        shown = wording.number(month.count)
        rows.append(Column(wording.month(month.code), month.count, shown, earlier.count if earlier else None))
        cells = [number_cell(month.count, wording)]
        if before is not None:
            cells.append(number_cell(earlier.count, wording) if earlier else NOTHING)
        if told.figure.measure is not None:
            spread = told.spread(choice.within, period=month.code, place=choice.place)
            cells += _spread_cells(spread, chosen)
        lines.append(Line(wording.period(month.code, told.year), cells))
    year, year_before = str(told.year), str(told.year - 1)
    title = wording.say("months", year=year)
    key = Key(hidden=wording.say("key_hidden"), earlier=wording.say("key_earlier", year=year_before))
    said = about("months", title, [row.count for row in rows], wording)
    heads = [wording.say("month"), year, *([year_before] if before else []), *_spread_heads(chosen)]
    return Panel("months", title, columns(rows, said, key=key, number=wording.number), heads, lines)


def dimension_panels(chosen: Chosen) -> list[Panel]:
    """Return a panel for each dimension, then one for each two that are crossed.

    With a body chosen there is nothing but the body: no table crosses it with anything.
    """
    if chosen.choice.body is not None:
        return []
    figure = chosen.told.figure
    pairs = [pair for view in figure.views.values() for pair in combinations(view, 2)]
    return [
        *(_dimension_panel(chosen, dimension) for dimension in figure.dimensions),
        *(crossed_panel(chosen, *pair) for pair in pairs),
    ]


def _dimension_panel(chosen: Chosen, dimension: Dimension) -> Panel:
    wording, total = chosen.wording, chosen.count()
    parts = [*_with_parts(chosen, dimension)]
    rows, lines = [], []
    for part, depth in parts:
        name = wording.name(dimension, part.code)
        rows.append(Bar(name, part.count, wording.number(part.count), depth))
        cells = [number_cell(part.count, wording), share_cell(part.count, total, wording)]
        if chosen.told.figure.measure is not None:
            cells += _spread_cells(chosen.spread({dimension: part.code}), chosen)
        lines.append(Line(name, cells, depth))
    title = chosen.name(dimension)
    said = about(dimension, title, [part.count for part, _ in parts], wording)
    heads = [title, chosen.unit, wording.say("share"), *_spread_heads(chosen)]
    return Panel(dimension.value, title, bars(rows, said) if rows else None, heads, lines)


def _with_parts(chosen: Chosen, dimension: Dimension) -> Iterator[tuple[Part, int]]:
    """Yield what a dimension has, and under each what it is split into; noughts are left out."""
    for part in chosen.by(dimension):
        if part.count != 0:
            yield part, 0
            yield from ((under, 1) for under in chosen.by(dimension, {dimension: part.code}))


def _year_before(before: Told | None, month: str, chosen: Chosen) -> Part | None:
    """Return the same month of the year before; None where that year is not told, or had no such place."""
    if before is None:
        return None
    code = f"{before.year:04}{month[4:]}"
    try:
        within: Mapping[Dimension, str] = chosen.choice.within
        return Part(code, before.count(within, period=code, place=chosen.choice.place))
    except NotTold:
        return None


def _spread_heads(chosen: Chosen) -> list[str]:
    measure, wording = chosen.told.figure.measure, chosen.wording
    if measure is None:
        return []
    unit = wording.planning(f"measure.{measure}")
    return [wording.say("median", unit=unit), wording.say("quartiles", unit=unit)]


def _spread_cells(spread: Spread | None, chosen: Chosen) -> list[Cell]:
    if spread is None:
        return [NOTHING, NOTHING]
    low, median, high = (chosen.wording.number(value) for value in (spread.low, spread.median, spread.high))
    return [Cell(median), Cell(f"{low}–{high}")]
