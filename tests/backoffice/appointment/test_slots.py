"""When a desk receives: hours, exceptions, and the two nights in which the clock is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from backoffice.appointment.slots import (
    Opening,
    OtherDay,
    Stretch,
    WeeklyHours,
    is_open_at,
    is_slot,
    slots_between,
    slots_on,
)
from backoffice.italy import ROME

MORNING = Stretch(time(9), time(12))
MONDAY = date(2026, 11, 30)


def opening(*hours: WeeklyHours, others: tuple[OtherDay, ...] = (), minutes: int = 30) -> Opening:
    return Opening(hours or (WeeklyHours(0, MORNING),), others, minutes)


def starts(of: Opening, day: date) -> list[str]:
    return [begins.astimezone(ROME).strftime("%H:%M") for begins, _ends in slots_on(of, day)]


def test_a_morning_has_its_slots() -> None:
    assert starts(opening(), MONDAY) == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]


def test_a_slot_that_would_end_after_the_desk_closes_is_none() -> None:
    assert starts(opening(minutes=50), MONDAY) == ["09:00", "09:50", "10:40"]


def test_another_weekday_has_none() -> None:
    assert starts(opening(), MONDAY + timedelta(days=1)) == []


def test_a_closed_day_has_none_and_another_day_has_its_own_hours() -> None:
    closed = opening(others=(OtherDay(MONDAY, None),))
    afternoon = opening(others=(OtherDay(MONDAY, Stretch(time(15), time(16))),))
    assert (starts(closed, MONDAY), starts(afternoon, MONDAY)) == ([], ["15:00", "15:30"])


def test_a_public_holiday_has_none_unless_the_desk_says_its_hours() -> None:
    christmas = date(2026, 12, 25)
    friday = WeeklyHours(4, MORNING)
    open_then = OtherDay(christmas, Stretch(time(10), time(11)))
    assert starts(opening(friday), christmas) == []
    assert starts(opening(friday, others=(open_then,)), christmas) == ["10:00", "10:30"]


@pytest.mark.parametrize(("day", "is_there"), [(29, False), (30, True)])
def test_hours_hold_from_their_first_to_their_last_day(day: int, is_there: bool) -> None:
    hours = WeeklyHours(date(2026, 11, day).weekday(), MORNING, MONDAY, MONDAY)
    assert bool(starts(opening(hours), date(2026, 11, day))) is is_there


def test_nine_o_clock_is_nine_o_clock_in_summer_and_in_winter() -> None:
    every_day = opening(*(WeeklyHours(day, MORNING) for day in range(7)))
    begins = {day: next(slots_on(every_day, day))[0] for day in (date(2028, 3, 25), date(2028, 3, 26))}
    assert begins == {
        date(2028, 3, 25): datetime(2028, 3, 25, 8, tzinfo=UTC),
        date(2028, 3, 26): datetime(2028, 3, 26, 7, tzinfo=UTC),
    }


def test_the_hour_that_spring_leaves_out_is_no_slot() -> None:
    night = opening(WeeklyHours(6, Stretch(time(1), time(4))), minutes=60)
    assert starts(night, date(2028, 3, 26)) == ["01:00", "03:00"]


def test_the_hour_that_autumn_has_twice_is_offered_once() -> None:
    night = opening(WeeklyHours(6, Stretch(time(1), time(4))), minutes=60)
    slots = list(slots_on(night, date(2026, 10, 25)))
    assert [begins for begins, _ends in slots] == [
        datetime(2026, 10, 24, 23, tzinfo=UTC),
        datetime(2026, 10, 25, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 2, tzinfo=UTC),
    ]
    assert all(ends - begins == timedelta(hours=1) for begins, ends in slots)


def test_days_follow_one_another() -> None:
    days = [
        begins.astimezone(ROME).date() for begins, _ in slots_between(opening(), MONDAY, date(2026, 12, 7))
    ]
    assert sorted(days) == days
    assert set(days) == {MONDAY, date(2026, 12, 7)}


def test_only_the_beginning_of_a_slot_is_one() -> None:
    nine = datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert is_slot(opening(), nine)
    assert not is_slot(opening(), nine + timedelta(minutes=10))


@pytest.mark.parametrize(
    ("clock", "is_open"), [("08:59", False), ("09:00", True), ("11:59", True), ("12:00", False)]
)
def test_open_now(clock: str, is_open: bool) -> None:
    moment = datetime.combine(MONDAY, time.fromisoformat(clock), tzinfo=ROME)
    assert is_open_at(opening(), moment) is is_open
