"""The periods that figures are told for: whole months, quarters and years of Italy's calendar."""

from __future__ import annotations

from datetime import date, datetime

from backoffice.disclosure.axes import ALL, Axis
from backoffice.italy import ROME

MONTHS = range(1, 13)


def month_code(year: int, month: int) -> str:
    """Return the code of a month: `2026-07`."""
    return f"{year:04}-{month:02}"


def quarter_code(year: int, quarter: int) -> str:
    """Return the code of a quarter, 1 to 4: `2026-q3`."""
    return f"{year:04}-q{quarter}"


def months_of(year: int) -> list[str]:
    """Return the codes of the months of a year."""
    return [month_code(year, month) for month in MONTHS]


def periods_of(year: int) -> Axis:
    """Return the axis of a year: months, quarters; the whole year is `ALL`."""
    quarters = {quarter_code(year, quarter): ALL for quarter in range(1, 5)}
    return Axis(
        "period",
        quarters | {month_code(year, month): quarter_code(year, (month + 2) // 3) for month in MONTHS},
    )


def first_moment(code: str) -> datetime:
    """Return when a month begins."""
    return datetime(int(code[:4]), int(code[5:]), 1, tzinfo=ROME)


def end_of(year: int, code: str) -> date:
    """Return the first day after a period of a year."""
    if code == ALL:
        return date(year + 1, 1, 1)
    month = 3 * int(code[-1]) if code[5] == "q" else int(code[5:])
    return date(year + month // 12, month % 12 + 1, 1)


def last_month(year: int, code: str) -> str:
    """Return the code of the last month of a period of a year."""
    end = end_of(year, code)
    return month_code(year, (end.month - 2) % 12 + 1)


def not_over(year: int, today: date) -> set[str]:
    """Return the periods of a year that are not over on a day: nothing is told of them."""
    return {code for code in periods_of(year).chains if end_of(year, code) > today}
