"""Deadlines of a contract, as days and hours in Italy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from backoffice.housing_figures.figures import Figure, figure
from backoffice.italy import ROME

_SATURDAY = 5


@dataclass(frozen=True)
class Deadline:
    """The last day for something, and the working day on which it is better done.

    That a deadline on a weekend moves to Monday is not promised here: the desk counts with the working day
    before it.
    """

    last_day: date
    figures: tuple[Figure, ...]

    @property
    def ends_on_weekend(self) -> bool:
        """Whether the last day is a Saturday or Sunday. Holidays are not known here."""
        return self.last_day.weekday() >= _SATURDAY

    @property
    def do_by(self) -> date:
        """The last day from Monday to Friday that is not after the last day."""
        return self.last_day - timedelta(days=max(self.last_day.weekday() - _SATURDAY + 1, 0))


def registration_deadline(signed_on: date, starts_on: date | None = None) -> Deadline:
    """Return by when a contract is registered: from the signature, or from its start if that is earlier."""
    days = figure("registration_days")
    first = min(signed_on, starts_on or signed_on)
    return Deadline(_later(first, int(days.number)), (days,))


def hospitality_deadline(housed_on: date) -> Deadline:
    """Return the last day on which the authority is told who lives in a home, whatever the hour was."""
    hours = figure("hospitality_hours")
    return Deadline(_later(housed_on, int(hours.number) // 24), (hours,))


def hospitality_moment(housed_at: datetime) -> datetime:
    """Return the moment at which the 48 hours are over, in Italy's time; a change of clocks counts.

    Raises:
        ValueError: the moment has no time zone.
    """
    if housed_at.tzinfo is None:
        raise ValueError("a moment without a time zone")
    hours = timedelta(hours=int(figure("hospitality_hours").number))
    return (housed_at.astimezone(ZoneInfo("UTC")) + hours).astimezone(ROME)


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max
