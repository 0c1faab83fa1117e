"""Sudden rises and services that are worse for some, in words for paper. Of numbers that are shown alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from babel.numbers import format_decimal

from backoffice.planning.alarms import RISING, WATCHES, Pair, Watch, behind, rises_under, splits
from backoffice.planning.equal_service import CONFIDENCE, FEWEST, MARGIN
from backoffice.planning.figure import Dimension
from backoffice.planning.periods import last_month
from backoffice.planning.rises import FEWEST as FEWEST_OF_RISE
from backoffice.planning.rises import MONTHS_BEFORE, Rise
from backoffice.planning.told import NotTold, Told
from backoffice.planning_files.sections import Section
from backoffice.planning_files.wording import Wording


def rises_section(
    years: Mapping[str, Sequence[Told]], *, year: int, period: str, place: str, wording: Wording
) -> Section:
    """Return the sudden rises of a period's last month.

    Args:
        years: by figure, the year and, where it is told, the one before.
        year: of the period.
        period: a month, a quarter, or `ALL`.
        place: with `ALL` each sub-district and town is looked at, else the place and what is under it.
        wording: the words.
    """
    month = last_month(year, period)
    sentences = [
        _rise(rise, years[code][0], dimension, wording)
        for code, dimension in RISING
        if years.get(code)
        for rise in rises_under(years[code], dimension, month=month, place=place)
    ]
    definition = wording.planning("rises.definition", fewest=str(FEWEST_OF_RISE), months=str(MONTHS_BEFORE))
    title = wording.say("rises", month=wording.period(month, year))
    return Section(title, definition, sentences or [wording.planning("rises.none")], [])


def behind_section(tolds: Mapping[str, Told], *, period: str, wording: Wording) -> Section:
    """Return which languages and channels are served worse in a period."""
    sentences = [
        sentence
        for watch in WATCHES
        if watch.figure in tolds
        for by in splits(watch)
        for sentence in _behind(tolds[watch.figure], watch, by, period, wording)
    ]
    definition = wording.planning(
        "behind.definition",
        margin=str(round(MARGIN * 100)),
        confidence=str(round(CONFIDENCE * 100)),
        fewest=str(FEWEST),
    )
    return Section(wording.say("behind"), definition, sentences or [wording.planning("behind.none")], [])


def _rise(rise: Rise[Pair], told: Told, dimension: Dimension, wording: Wording) -> str:
    usual = format_decimal(round(rise.usual, 1), locale=wording.language)
    told_of = [wording.title(told.figure), wording.name(dimension, rise.key.code)]
    if told.figure.has_place:
        told_of.append(wording.place(rise.key.place))
    numbers = wording.planning("rise", count=str(rise.count), usual=usual)
    return wording.say("of", what=", ".join(told_of), words=numbers)


def _behind(told: Told, watch: Watch, by: Dimension, period: str, wording: Wording) -> Iterator[str]:
    try:
        found = behind(told, watch, by, period=period)
    except NotTold:
        return
    for each in found:
        numbers = wording.planning(
            "behind",
            share=str(round(each.share.value * 100)),
            others=str(round(each.others.value * 100)),
        )
        what = f"{wording.title(told.figure)}, {wording.name(by, each.key)}"
        yield wording.say("of", what=what, words=numbers)
