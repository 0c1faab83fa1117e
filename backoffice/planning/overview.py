"""The first page of planning: every figure at a glance, and what has suddenly risen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from backoffice.chart.columns import Column, Key, columns
from backoffice.disclosure.axes import ALL
from backoffice.planning.alarms import RISING, Pair, rises_under
from backoffice.planning.choice import Choice
from backoffice.planning.figure import Dimension, Figure
from backoffice.planning.panel import Cell, Line, about, number_cell, spread_words
from backoffice.planning.registry import FIGURES
from backoffice.planning.rises import Rise
from backoffice.planning.told import NotTold, Told
from backoffice.planning.wording import Wording

Years = Mapping[str, Sequence[Told]]
"""By a figure's code: the year that is shown, and the one before where it is told."""


@dataclass(frozen=True)
class Card:
    """One figure at a glance.

    Attributes:
        figure: which.
        count: its number in words; empty where the period is not told yet.
        is_hidden: whether the number is hidden.
        spread: median and quartiles in a sentence; empty where nothing is measured.
        is_district: whether it is of the whole district, though a place was chosen.
        chart: the months of the year.
        query: leads to its page.
    """

    figure: Figure
    count: str
    is_hidden: bool
    spread: str
    is_district: bool
    chart: Markup
    query: str


def cards(years: Years, choice: Choice, wording: Wording) -> list[Card]:
    """Return the figures that are told of the year, in their order."""
    return [
        _card(years[figure.code][0], choice, wording)
        for figure in FIGURES
        if years.get(figure.code) and years[figure.code][0].year == choice.year
    ]


def rise_lines(years: Years, choice: Choice, wording: Wording) -> list[Line]:
    """Return the sudden rises of the period's last month, in the place that was chosen and under it."""
    lines = []
    for code, dimension in RISING:
        tolds = years.get(code) or ()
        if not tolds or tolds[0].year != choice.year:
            continue
        for rise in rises_under(tolds, dimension, month=choice.last_month, place=choice.place):
            lines.append(_line(tolds, dimension, rise, choice, wording))
    return lines


def _card(told: Told, choice: Choice, wording: Wording) -> Card:
    figure = told.figure
    place = choice.place if figure.has_place and choice.place in told.places.chains else ALL
    is_told = choice.period in told.periods
    count = told.count(period=choice.period, place=place) if is_told else None
    spread = ""
    if is_told and figure.measure is not None and count != 0:
        spread = spread_words(told.spread(period=choice.period, place=place), told, wording)
    months = told.by_period(place=place)
    rows = [Column(wording.month(each.code), each.count, "") for each in months]
    chart = columns(
        rows,
        about(figure.code, wording.title(figure), [each.count for each in months], wording),
        key=Key(),
        number=wording.number,
        small=True,
    )
    shown = wording.number(count) if is_told else ""
    is_hidden = is_told and count is None
    query = Choice(choice.year, choice.period, place).query
    return Card(figure, shown, is_hidden, spread, place != choice.place, chart, query)


def _line(
    tolds: Sequence[Told], dimension: Dimension, rise: Rise[Pair], choice: Choice, wording: Wording
) -> Line:
    what = wording.say(
        "rise_what",
        figure=wording.title(tolds[0].figure),
        what=wording.name(dimension, rise.key.code),
    )
    usual = wording.decimal(rise.usual)
    return Line(
        what,
        (
            Cell(wording.place(rise.key.place)),
            number_cell(rise.count, wording),
            Cell(usual),
            _a_year_before(tolds, dimension, rise.key, choice.last_month, wording),
            Cell(_chance(rise.chance, wording)),
        ),
    )


def _a_year_before(
    tolds: Sequence[Told], dimension: Dimension, key: Pair, month: str, wording: Wording
) -> Cell:
    """Return the same month of the year before, for the season."""
    try:
        before = tolds[1]
        if key.code not in before.codes_of(dimension):
            return Cell(wording.number(0))
        period = f"{before.year:04}{month[4:]}"
        return number_cell(before.count({dimension: key.code}, period=period, place=key.place), wording)
    except (IndexError, NotTold):
        return Cell("–", is_quiet=True)


def _chance(chance: float, wording: Wording) -> str:
    """Return how likely it is, as one in so many; nobody needs more than a million."""
    if chance < 1e-6:
        return wording.say("chance_less", number=wording.number(1_000_000))
    one_in = round(1 / chance)
    digits = len(str(one_in)) - 2
    return wording.say("chance", number=wording.number(round(one_in, -digits) if digits > 0 else one_in))
