"""The minimum worked out a second time, in cents and fractions, from tables of its own.

It shares nothing with the calculator but the codes: no data file, no rounding, no formula. A month is put
together from its weeks, seniority from the years one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

LIVE_IN = {
    2023: {"A": 72519, "AS": 85706, "B": 92298, "BS": 98890, "C": 105485, "CS": 112076,
           "D": 131854, "DS": 138446},
    2025: {"A": 73625, "AS": 87013, "B": 93706, "BS": 100399, "C": 107094, "CS": 113786,
           "D": 153660, "DS": 160295},
    2026: {"A": 90810, "CS": 119384, "DS": 147473},
}  # fmt: skip
HOUR = {
    2023: {"A": 527, "AS": 621, "B": 658, "BS": 699, "C": 738, "CS": 779, "D": 898, "DS": 936},
    2025: {"B": 668, "BS": 710},
    2026: {"A": 650, "B": 701, "BS": 745, "DS": 997},
}
REDUCED = {2023: {"B": 65927, "BS": 69225, "C": 76474}}
NIGHT_CARE = {2023: {"BS": 113723, "CS": 128887, "DS": 159217}}
PRESENCE = {2023: 76145, 2026: 81109}
REST = {2023: {"CS": 836}, 2025: {"CS": 849}, 2026: {"CS": 891}}
INDEMNITY_2023 = 19498


@dataclass(frozen=True)
class Work:
    """An example: `kind` is live, hour, presence, night or rest; `paid_per` is month or hour."""

    year: int
    kind: str
    level: str
    hours: int
    years: int
    paid_per: str
    days: int | None = None
    certified: bool = False


def whole_cents(amount: Fraction) -> int:
    """Return the nearest cent; half a cent is a cent more."""
    return int((amount * 2 + 1) // 2)


def least_cents(work: Work) -> tuple[int | None, bool]:
    """Return the certain minimum in cents for the period of the pay, and whether that is all of it."""
    cell, monthly = _cell(work)
    if cell is None:
        return None, False
    certain, is_whole = cell, True
    if work.kind == "live" and work.level in ("D", "DS"):
        if work.year == 2023:
            certain += INDEMNITY_2023
        if work.year == 2026:
            is_whole = False
    steps = sum(1 for year in range(1, work.years + 1) if year % 2 == 0 and year <= 14)
    if steps and work.kind == "live" and work.year == 2025 and work.level in ("D", "DS"):
        is_whole = False
    elif steps:
        certain += whole_cents(Fraction(cell, 25) * steps)
    if work.certified:
        if work.kind == "live" and work.year == 2026:
            certain += 3000
        else:
            is_whole = False
    if (work.kind == "live" and work.hours > 54) or (work.kind in ("hour", "rest") and work.hours > 40):
        is_whole = False
    return _in_period(certain, work, monthly=monthly), is_whole


def _cell(work: Work) -> tuple[int | None, bool]:
    if work.kind == "live":
        if work.hours <= 30 and work.level in ("B", "BS", "C"):
            return REDUCED.get(work.year, {}).get(work.level), True
        return LIVE_IN.get(work.year, {}).get(work.level), True
    if work.kind == "presence":
        return PRESENCE.get(work.year), True
    if work.kind == "night":
        return NIGHT_CARE.get(work.year, {}).get(work.level), True
    table = REST if work.kind == "rest" else HOUR
    return table.get(work.year, {}).get(work.level), False


def _in_period(cents: int, work: Work, *, monthly: bool) -> int:
    weeks_of_month = sum((Fraction(52, 144) for _ in range(12)), Fraction(0))
    hours_of_month = weeks_of_month * work.hours
    if work.paid_per == "hour":
        return whole_cents(Fraction(cents) / hours_of_month) if monthly else cents
    month = cents if monthly else whole_cents(cents * hours_of_month)
    if work.days is None:
        return month
    return whole_cents(sum((Fraction(month, 26) for _ in range(work.days)), Fraction(0)))
