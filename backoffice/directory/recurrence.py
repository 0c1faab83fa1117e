"""On which days a schedule comes: the part of RFC 5545 that HSDS takes, weekly and monthly rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from backoffice.directory.part_models import DirectorySchedule, Frequency

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_BYDAY = re.compile(r"(?P<nth>[+-]?[1-5])?(?P<day>MO|TU|WE|TH|FR|SA|SU)")
_MONTHDAY = re.compile(r"[+-]?([1-9]|[12][0-9]|3[01])")


def read_byday(written: str) -> Sequence[tuple[int | None, int]]:
    """Read `MO,-1FR` into pairs: which one in the month (None: each), and the weekday from 0, Monday.

    Raises:
        ValueError: it is not written so.
    """
    found = []
    for part in written.split(","):
        read = _BYDAY.fullmatch(part.strip())
        if read is None:
            raise ValueError(f"not a list of days: {written}")
        found.append((int(read["nth"]) if read["nth"] else None, WEEKDAYS.index(read["day"])))
    return found


def read_bymonthday(written: str) -> Sequence[int]:
    """Read `2,-1` into days of a month; those below 0 count from its end.

    Raises:
        ValueError: it is not written so.
    """
    parts = [part.strip() for part in written.split(",")]
    if not all(_MONTHDAY.fullmatch(part) for part in parts):
        raise ValueError(f"not a list of days of a month: {written}")
    return [int(part) for part in parts]


def falls_on(rule: DirectorySchedule, day: date) -> bool:
    """Tell whether a rule comes on a day. One without frequency and days comes on every day.

    Weeks begin on Monday. `every` counts from `dtstart`; without one each week or month counts.
    """
    if (rule.dtstart and day < rule.dtstart) or (rule.until and day > rule.until):
        return False
    if rule.byday is None and rule.bymonthday is None and rule.freq is not None and rule.dtstart:
        return _like_the_first(rule, rule.dtstart, day)
    return _is_turn(rule, day) and _is_day(rule, day)


def _like_the_first(rule: DirectorySchedule, first: date, day: date) -> bool:
    same = day.weekday() == first.weekday() if rule.freq is Frequency.WEEKLY else day.day == first.day
    return same and _is_turn(rule, day)


def _is_turn(rule: DirectorySchedule, day: date) -> bool:
    if rule.every == 1 or rule.dtstart is None:
        return True
    if rule.freq is Frequency.MONTHLY:
        months = (day.year - rule.dtstart.year) * 12 + day.month - rule.dtstart.month
        return months % rule.every == 0
    return (_monday(day) - _monday(rule.dtstart)).days // 7 % rule.every == 0


def _is_day(rule: DirectorySchedule, day: date) -> bool:
    if rule.bymonthday is not None:
        from_the_end = day.day - _days_in_month(day) - 1
        if not {day.day, from_the_end} & set(read_bymonthday(rule.bymonthday)):
            return False
    if rule.byday is None:
        return True
    return any(weekday == day.weekday() and _is_nth(nth, day) for nth, weekday in read_byday(rule.byday))


def _is_nth(nth: int | None, day: date) -> bool:
    if nth is None:
        return True
    if nth > 0:
        return (day.day - 1) // 7 + 1 == nth
    return (_days_in_month(day) - day.day) // 7 + 1 == -nth


def _days_in_month(day: date) -> int:
    next_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (next_month - timedelta(days=1)).day


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
