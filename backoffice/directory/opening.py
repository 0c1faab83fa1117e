"""Is it open now, and when does it open next? Days and hours are those of Italy, whatever the machine says.

Hours that nobody knows are "not known, call first", and never "closed".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from backoffice.client.schemas import OpenNow
from backoffice.directory.holidays import is_holiday
from backoffice.directory.part_models import DirectorySchedule, HolidayRule, ScheduleKind
from backoffice.directory.recurrence import falls_on
from backoffice.italy import ROME, day_in_italy

LOOK_AHEAD_DAYS = 60
_END_OF_DAY = time(23, 59)
"""How HSDS writes the end of a day that goes on."""


OpenState = OpenNow
"""What is known of a moment."""


@dataclass(frozen=True)
class Opening:
    """Open or not at a moment. Both times are aware, in UTC.

    `closes_at` is None when it is not open, or does not close in sight; `opens_next` when it is open, or
    when it is not known.
    """

    state: OpenState
    closes_at: datetime | None = None
    opens_next: datetime | None = None


NOT_KNOWN = Opening(OpenState.UNKNOWN)

Stretch = tuple[datetime, datetime]


def opening_at(schedules: Sequence[DirectorySchedule], moment: datetime) -> Opening:
    """Tell whether a place with these schedules is open at a moment, and until when, or from when on."""
    today = day_in_italy(moment)
    end = _end_of_stretch(schedules, moment, today)
    if end is not None:
        return Opening(OpenState.OPEN, closes_at=end if end - moment < timedelta(days=7) else None)
    if not is_known(schedules, today):
        return NOT_KNOWN
    return Opening(OpenState.CLOSED, opens_next=_next_opening(schedules, moment, today))


def stretches(schedules: Sequence[DirectorySchedule], day: date) -> Sequence[Stretch]:
    """Return when it is known to open and to close on a day, in order, as moments in UTC."""
    return sorted(_stretch(each, day) for each in _in_force(schedules, day) if each.opens_at is not None)


def is_known(schedules: Sequence[DirectorySchedule], day: date) -> bool:
    """Tell whether the hours of a day are known: that it stays closed is known, too."""
    if any(_holds(each, day) for each in schedules if each.kind is ScheduleKind.CLOSED):
        return True
    if any(_holds(each, day) for each in schedules if each.kind is ScheduleKind.SPECIAL):
        return all(each.opens_at is not None for each in _in_force(schedules, day))
    regular = [each for each in schedules if each.kind is ScheduleKind.REGULAR and _is_valid(each, day)]
    if not regular:
        return False
    on_that_day = [each for each in regular if falls_on(each, day)]
    if is_holiday(day) and any(each.on_holidays is HolidayRule.UNKNOWN for each in on_that_day):
        return False
    return all(each.opens_at is not None for each in on_that_day) and any(
        each.opens_at is not None for each in regular
    )


def _in_force(schedules: Sequence[DirectorySchedule], day: date) -> Sequence[DirectorySchedule]:
    """Return the schedules that say when it is open on a day: closed days and special hours go first."""
    on_that_day = [each for each in schedules if _holds(each, day)]
    if any(each.kind is ScheduleKind.CLOSED for each in on_that_day):
        return []
    special = [each for each in on_that_day if each.kind is ScheduleKind.SPECIAL]
    if special:
        return special
    if is_holiday(day):
        return [each for each in on_that_day if each.on_holidays is HolidayRule.OPEN]
    return on_that_day


def _holds(schedule: DirectorySchedule, day: date) -> bool:
    return _is_valid(schedule, day) and falls_on(schedule, day)


def _is_valid(schedule: DirectorySchedule, day: date) -> bool:
    begun = schedule.valid_from is None or schedule.valid_from <= day
    return begun and (schedule.valid_to is None or day <= schedule.valid_to)


def _stretch(schedule: DirectorySchedule, day: date) -> Stretch:
    """Return one stretch of a day; it ends on the next one where it closes no later than it opens."""
    assert schedule.opens_at is not None
    assert schedule.closes_at is not None
    closes, last = schedule.closes_at.replace(second=0, microsecond=0), day
    if closes == _END_OF_DAY:
        closes, last = time(0), day + timedelta(days=1)
    elif schedule.closes_at <= schedule.opens_at:
        last = day + timedelta(days=1)
    opening = datetime.combine(day, schedule.opens_at, ROME)
    # The hour that comes twice in October: open from its first time on, closed after its second one.
    closing = datetime.combine(last, closes, ROME).replace(fold=1)
    return opening.astimezone(UTC), closing.astimezone(UTC)


def _end_of_stretch(schedules: Sequence[DirectorySchedule], moment: datetime, today: date) -> datetime | None:
    """Return until when it is open at a moment, stretches that touch taken as one; None if it is not."""
    end: datetime | None = None
    for offset in range(-1, 8):
        for opening, closing in stretches(schedules, today + timedelta(days=offset)):
            if opening <= (end or moment) < closing or (end and opening <= end < closing):
                end = closing
    return end


def _next_opening(schedules: Sequence[DirectorySchedule], moment: datetime, today: date) -> datetime | None:
    for offset in range(LOOK_AHEAD_DAYS):
        day = today + timedelta(days=offset)
        later = [opening for opening, _ in stretches(schedules, day) if opening > moment]
        if later:
            return later[0]
        if not is_known(schedules, day):
            return None
    return None
