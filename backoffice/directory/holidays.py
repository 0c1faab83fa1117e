"""The public holidays of all Italy. The feast of a town's patron stands as a closed day of its offices."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

_EVERY_YEAR = (
    (1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26),
)  # fmt: skip
_SAINT_FRANCIS = (10, 4)
_SAINT_FRANCIS_FROM = 2026
"""Law of 8 October 2025, no. 151."""


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year, Easter Sunday and Monday among them."""
    days = [*_EVERY_YEAR, _SAINT_FRANCIS] if year >= _SAINT_FRANCIS_FROM else _EVERY_YEAR
    sunday = easter_sunday(year)
    return frozenset({*(date(year, month, day) for month, day in days), sunday, sunday + timedelta(days=1)})


def is_holiday(day: date) -> bool:
    """Tell whether a day is a public holiday in all Italy."""
    return day in holidays(day.year)


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of a year of the Gregorian calendar (Meeus, Astronomical Algorithms, 8)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    leap, rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - moon + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
