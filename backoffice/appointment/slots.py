"""When a desk can receive: from its hours and exceptions to moments, across the changes of summer time.

Pure functions. Hours are those of the clock on the wall in Italy. An hour that the spring leaves out is no
slot; one that the autumn has twice is offered once, the first time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from backoffice.directory.holidays import is_holiday
from backoffice.italy import ROME


@dataclass(frozen=True)
class Stretch:
    """A stretch of a day in which a desk receives, on the clock of the wall."""

    opens: time
    closes: time


@dataclass(frozen=True)
class WeeklyHours:
    """A stretch of a weekday (0 is Monday), from a day until a day, both included; None: without an end."""

    weekday: int
    stretch: Stretch
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether they hold on a day."""
        return self.weekday == day.weekday() and (self.valid_from or day) <= day <= (self.valid_to or day)


@dataclass(frozen=True)
class OtherDay:
    """A day with other hours; no stretch: closed."""

    day: date
    stretch: Stretch | None


@dataclass(frozen=True)
class Opening:
    """When a desk receives, and how long an appointment takes in minutes."""

    hours: Sequence[WeeklyHours]
    others: Sequence[OtherDay]
    slot_minutes: int


def stretches_on(opening: Opening, day: date) -> list[Stretch]:
    """Return the stretches of a day, the earliest first.

    An exception replaces the hours of the week; without one a public holiday has none.
    """
    others = [other for other in opening.others if other.day == day]
    if others:
        found = [other.stretch for other in others if other.stretch is not None]
    elif is_holiday(day):
        found = []
    else:
        found = [hours.stretch for hours in opening.hours if hours.holds_on(day)]
    return sorted(found, key=lambda stretch: stretch.opens)


def slots_on(opening: Opening, day: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield beginning and end of each slot of a day, in UTC."""
    for stretch in stretches_on(opening, day):
        minute = _minute(stretch.opens)
        while minute + opening.slot_minutes <= _minute(stretch.closes):
            starts_at = _moment(day, minute)
            minute += opening.slot_minutes
            if starts_at is not None:
                yield starts_at, starts_at + timedelta(minutes=opening.slot_minutes)


def slots_between(opening: Opening, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    """Yield the slots of some days, both included, in their order."""
    day = first
    while day <= last:
        yield from slots_on(opening, day)
        day += timedelta(days=1)


def is_slot(opening: Opening, starts_at: datetime) -> bool:
    """Tell whether a moment is the beginning of a slot."""
    day = starts_at.astimezone(ROME).date()
    return any(begins == starts_at for begins, _ends in slots_on(opening, day))


def is_open_at(opening: Opening, moment: datetime) -> bool:
    """Tell whether a desk receives at a moment."""
    local = moment.astimezone(ROME)
    return any(
        stretch.opens <= local.time() < stretch.closes for stretch in stretches_on(opening, local.date())
    )


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _moment(day: date, minute: int) -> datetime | None:
    """Return the moment of a minute of a day; None where the clock leaves it out."""
    local = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=ROME)
    moment = local.astimezone(UTC)
    return moment if moment.astimezone(ROME).replace(tzinfo=None) == local.replace(tzinfo=None) else None
