"""Days of the reader, in Rome, as moments."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from backoffice.italy import ROME


def first_moment(day: date | None) -> datetime | None:
    """Return when a day begins."""
    return None if day is None else datetime.combine(day, time(), ROME)


def day_after(day: date | None) -> datetime | None:
    """Return when a day is over; None also for the last day that there can be."""
    return None if day is None or day == date.max else first_moment(day + timedelta(days=1))
