"""Months of family care with a regular contract in the two years before a day (L.R. 15/2015, art. 7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_NEEDED = 12
YEARS_LOOKED_AT = 2
_DAYS_OF_MONTH = 30
_MONTHS_YEAR = 12


@dataclass(frozen=True)
class WorkTime:
    """A time of work in a home; both days belong to it, `ended_on` None still goes on.

    `is_regular`: with a contract known to INPS; `is_family_care`: care of persons in a family; None: nobody
    knows. `is_proven`: a paper shows it (statement of contributions, contract).
    """

    started_on: date
    ended_on: date | None
    is_regular: bool | None
    is_family_care: bool | None = True
    is_proven: bool = False


def months_of_care(times: Iterable[WorkTime], *, on: date, proven_only: bool) -> int:
    """Return whole months of regular family care in the two years before a day.

    Times that overlap count once. Whole months are counted first; the days that are over, of all times
    together, make a month for every 30.

    Args:
        times: of work.
        on: the day asked; it is not counted itself.
        proven_only: only what is known to be regular family care and shown by a paper; otherwise also what
            may be so.
    """
    first, last = _years_before(on), on - timedelta(days=1)
    spans = [
        (max(each.started_on, first), min(each.ended_on or last, last))
        for each in times
        if _counts(each, proven_only=proven_only)
    ]
    months, days = 0, 0
    for start, end in _joined(span for span in spans if span[0] <= span[1]):
        whole, over = _months_and_days(start, end + timedelta(days=1))
        months, days = months + whole, days + over
    return months + days // _DAYS_OF_MONTH


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the month's last day where it has no such day."""
    count = day.year * _MONTHS_YEAR + day.month - 1 + months
    year, month = divmod(count, _MONTHS_YEAR)
    following = date(year + (month == _MONTHS_YEAR - 1), (month + 1) % _MONTHS_YEAR + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _years_before(day: date) -> date:
    return add_months(day, -YEARS_LOOKED_AT * _MONTHS_YEAR)


def _counts(time: WorkTime, *, proven_only: bool) -> bool:
    if proven_only:
        return time.is_proven and time.is_regular is True and time.is_family_care is True
    return time.is_regular is not False and time.is_family_care is not False


def _joined(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return spans of days without overlaps; those that follow each other by a day are one."""
    joined: list[tuple[date, date]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + timedelta(days=1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _months_and_days(start: date, end: date) -> tuple[int, int]:
    """Return whole months from a day to another, which is not counted, and the days that are over."""
    months = (end.year - start.year) * _MONTHS_YEAR + end.month - start.month
    if add_months(start, months) > end:
        months -= 1
    return months, (end - add_months(start, months)).days
