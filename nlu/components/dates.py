"""Days as people say them in a chat -> ISO dates: tomorrow, next month, from 1 March, "тільки з січня".

An entity of ours (`date`), for the day from which a home is wanted or a person can work. What can't be placed
on a day is left alone: the dialogue offers days as buttons.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

import regex

from nlu.components.entity import Entity
from nlu.components.numbers import Number
from nlu.components.phrase import Phrase, stands_after, stands_before
from nlu.components.terms import Languages, TermIndex, by_value, words_of

_WRITTEN: Final = regex.compile(
    r"(?<!\d)(?:(?P<year>20\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"|(?P<day2>\d{1,2})[/.](?P<month2>\d{1,2})(?:[/.](?P<year2>(?:20)?\d\d))?)(?![\d/.]*\d)"
)
_YEARS_AHEAD: Final = 3
_NO_DAY: Final = "no_day"
"""Words around "tomorrow" that make it something else: "por la mañana" is in the morning."""


def read_dates(phrase: Phrase, today: date) -> list[Entity]:
    """Return the days that a message names, counted from `today` (the day in Italy)."""
    written = _read_written(phrase.message, today)
    if written:
        return written
    for reader in (_read_months, _read_spans, _read_relative):
        found = reader(phrase, today)
        if found:
            return found
    return []


def _read_written(message: str, today: date) -> list[Entity]:
    found: list[Entity] = []
    for match in _WRITTEN.finditer(message):
        year = match["year"] or match["year2"]
        day = _day(
            int(match["day"] or match["day2"]),
            int(match["month"] or match["month2"]),
            _full_year(year),
            today,
        )
        if day is not None:
            found.append(Entity("date", day.isoformat(), match.start(), match.end()))
    return found


def _read_months(phrase: Phrase, today: date) -> list[Entity]:
    cues = _cues(phrase.languages)
    for match in cues.months.find(phrase.words):
        day, first, is_said = 1, match.first, stands_before(cues.since, phrase.words, match.first)
        number = next((n for n in phrase.every_number if n.end == match.first), None)
        after = next((n for n in phrase.every_number if n.first == match.end), None)
        if number is not None and 1 <= number.value <= 31:
            day, first, is_said = number.value, number.first, True
        is_weak = cues.weak_months.at(phrase.words, match.first) is not None
        if is_weak and not is_said:
            continue
        year = after.value if after is not None and 2020 <= after.value <= 2100 else None
        behind = _day_behind(phrase, after)
        if behind is not None:
            found = _day(behind[0], match.value, None, today)
            return [phrase.entity("date", found.isoformat(), first, behind[1])] if found else []
        found = _day(day, match.value, year, today)
        if found is not None:
            end = after.end if after is not None and year else match.end
            return [phrase.entity("date", found.isoformat(), first, end)]
    return []


def _day_behind(phrase: Phrase, number: Number | None) -> tuple[int, int] | None:
    """Return the day that stands behind its month, as in 3月15号, and where it ends."""
    if number is None or not 1 <= number.value <= 31:
        return None
    unit = _cues(phrase.languages).day_behind.at(phrase.words, number.end)
    return (number.value, unit.end) if unit is not None else None


def _read_spans(phrase: Phrase, today: date) -> list[Entity]:
    """Read "in two months", "tra 10 giorni"."""
    cues = _cues(phrase.languages)
    for number in phrase.every_number:
        unit = cues.spans.at(phrase.words, number.end)
        if unit is None or number.value > 60:
            continue
        is_ahead = stands_before(cues.ahead, phrase.words, number.first) or stands_after(
            cues.ahead_behind, phrase.words, unit.end
        )
        if not is_ahead:
            continue
        day = (
            _add_months(today, number.value)
            if unit.value == 0
            else today + timedelta(days=number.value * unit.value)
        )
        return [phrase.entity("date", day.isoformat(), number.first, unit.end)]
    return []


def _read_relative(phrase: Phrase, today: date) -> list[Entity]:
    days = {
        "today": today,
        "now": today,
        "tomorrow": today + timedelta(days=1),
        "next_week": today + timedelta(days=7 - today.weekday()),
        "next_month": _add_months(today.replace(day=1), 1),
    }
    for match in _cues(phrase.languages).relative.find(phrase.words):
        if match.value == _NO_DAY:
            continue
        return [phrase.entity("date", days[match.value].isoformat(), match.first, match.end)]
    return []


def _day(day: int, month: int, year: int | None, today: date) -> date | None:
    """Return the next such day; None where the calendar has none or it lies too far from now."""
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    for candidate in (year,) if year else (today.year, today.year + 1):
        if day > calendar.monthrange(candidate, month)[1]:
            return None
        found = date(candidate, month, day)
        if year or found >= today.replace(day=1) - timedelta(days=31):
            return found if abs(found.year - today.year) <= _YEARS_AHEAD else None
    return None


def _full_year(year: str | None) -> int | None:
    return None if year is None else int(year) if len(year) == 4 else 2000 + int(year)


def _add_months(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True)
class _Cues:
    months: TermIndex[int]
    weak_months: TermIndex[bool]
    since: TermIndex[bool]
    ahead: TermIndex[bool]
    ahead_behind: TermIndex[bool]
    day_behind: TermIndex[bool]
    spans: TermIndex[int]
    relative: TermIndex[str]


@cache
def _cues(languages: Languages) -> _Cues:
    def index(*path: str) -> TermIndex[bool]:
        return TermIndex(((term, True) for term in words_of(languages, *path)), tolerant=False)

    # Days in a unit; 0 stands for a month, whose days differ.
    spans = [
        (term, days)
        for unit, days in (("month", 0), ("week", 7), ("day", 1))
        for term in words_of(languages, "dates", f"{unit}_units")
    ]
    names = ("today", "tomorrow", "now", "next_week", "next_month", _NO_DAY)
    relative = [(term, name) for name in names for term in words_of(languages, "dates", name)]
    return _Cues(
        months=TermIndex(
            ((term, int(value)) for term, value in by_value(languages, "dates", "months")), tolerant=False
        ),
        weak_months=index("dates", "weak_months"),
        since=index("dates", "from"),
        ahead=index("dates", "in"),
        ahead_behind=index("dates", "in_behind"),
        day_behind=index("dates", "day_behind"),
        spans=TermIndex(spans, tolerant=False),
        relative=TermIndex(relative, tolerant=False),
    )
