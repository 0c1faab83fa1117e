"""Open now? In Italy's days and hours, over holidays, exceptions, midnight and the change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from dateutil.rrule import rrulestr

from backoffice.directory.holidays import easter_sunday, holidays, is_holiday
from backoffice.directory.opening import OpenState, opening_at
from backoffice.directory.part_models import DirectorySchedule, Frequency, HolidayRule, ScheduleKind
from backoffice.directory.recurrence import falls_on
from backoffice.italy import ROME


def hours(opens: str | None = "09:00", closes: str | None = "12:00", **changes: Any) -> DirectorySchedule:
    """Monday to Friday from nine to twelve, unless told otherwise."""
    usual = {"kind": ScheduleKind.REGULAR, "on_holidays": HolidayRule.CLOSED, "every": 1}
    rule = {"freq": Frequency.WEEKLY, "byday": "MO,TU,WE,TH,FR"}
    return DirectorySchedule(
        opens_at=time.fromisoformat(opens) if opens else None,
        closes_at=time.fromisoformat(closes) if closes else None,
        **{**usual, **rule, **changes},
    )


def rome(written: str, *, fold: int = 0) -> datetime:
    """A moment as a clock in Italy shows it."""
    return datetime.fromisoformat(written).replace(tzinfo=ROME, fold=fold).astimezone(UTC)


def state(schedules: list[DirectorySchedule], written: str) -> OpenState:
    return opening_at(schedules, rome(written)).state


def test_it_is_open_from_the_first_minute_to_the_last_and_says_until_when() -> None:
    found = opening_at([hours()], rome("2026-12-02T09:00"))
    assert found.state is OpenState.OPEN
    assert found.closes_at == rome("2026-12-02T12:00")
    assert state([hours()], "2026-12-02T08:59") is OpenState.CLOSED
    assert state([hours()], "2026-12-02T12:00") is OpenState.CLOSED


def test_after_closing_it_opens_next_on_the_day_that_comes_next() -> None:
    assert opening_at([hours()], rome("2026-12-04T12:00")).opens_next == rome("2026-12-07T09:00")


def test_two_stretches_of_a_day_leave_the_hour_of_lunch_closed() -> None:
    schedules = [hours(), hours("14:00", "17:00")]
    found = opening_at(schedules, rome("2026-12-02T12:30"))
    assert (found.state, found.opens_next) == (OpenState.CLOSED, rome("2026-12-02T14:00"))


def test_stretches_that_touch_are_one() -> None:
    schedules = [hours(), hours("12:00", "17:00")]
    assert opening_at(schedules, rome("2026-12-02T10:00")).closes_at == rome("2026-12-02T17:00")


def test_hours_that_nobody_knows_are_not_closed() -> None:
    assert state([], "2026-12-02T10:00") is OpenState.UNKNOWN
    in_words = hours(None, None, byday=None, freq=None, description="Tre pomeriggi")
    assert state([in_words], "2026-12-02T10:00") is OpenState.UNKNOWN
    ended = hours(valid_to=date(2026, 11, 30))
    assert state([ended], "2026-12-02T10:00") is OpenState.UNKNOWN
    assert opening_at([ended], rome("2026-11-30T13:00")).opens_next is None


def test_a_rule_that_says_its_own_end_is_closed_after_it() -> None:
    assert state([hours(until=date(2026, 11, 30))], "2026-12-02T10:00") is OpenState.CLOSED


def test_words_beside_hours_leave_the_rest_of_that_day_unknown() -> None:
    schedules = [hours(), hours(None, None, byday="WE", description="Il pomeriggio su appuntamento")]
    assert state(schedules, "2026-12-02T10:00") is OpenState.OPEN
    assert state(schedules, "2026-12-02T15:00") is OpenState.UNKNOWN
    assert state(schedules, "2026-12-03T15:00") is OpenState.CLOSED


@pytest.mark.parametrize("day", ["2026-12-08", "2026-12-25", "2027-01-06", "2027-03-29", "2027-10-04"])
def test_it_is_closed_on_a_public_holiday_unless_it_says_otherwise(day: str) -> None:
    moment = f"{day}T10:00"
    assert state([hours()], moment) is OpenState.CLOSED
    assert state([hours(on_holidays=HolidayRule.OPEN)], moment) is OpenState.OPEN
    assert state([hours(on_holidays=HolidayRule.UNKNOWN)], moment) is OpenState.UNKNOWN


def test_a_closed_day_goes_before_everything() -> None:
    closed = hours(None, None, kind=ScheduleKind.CLOSED, freq=None, byday=None)
    closed.valid_from = closed.valid_to = date(2026, 12, 24)
    found = opening_at([hours(), closed], rome("2026-12-24T10:00"))
    assert (found.state, found.opens_next) == (OpenState.CLOSED, rome("2026-12-28T09:00"))


def test_special_hours_take_the_place_of_the_usual_ones_also_on_a_holiday() -> None:
    special = hours("15:00", "18:00", kind=ScheduleKind.SPECIAL, freq=None, byday=None)
    special.valid_from = special.valid_to = date(2026, 12, 8)
    assert state([hours(), special], "2026-12-08T16:00") is OpenState.OPEN
    assert state([hours(), special], "2026-12-08T10:00") is OpenState.CLOSED


def test_round_the_clock_is_open_at_every_minute_and_closes_at_none() -> None:
    always = hours("00:00", "23:59", freq=None, byday=None, on_holidays=HolidayRule.OPEN)
    begin = rome("2026-12-24T00:00")
    for minutes in range(0, 3 * 24 * 60, 7):
        found = opening_at([always], begin + timedelta(minutes=minutes))
        assert (found.state, found.closes_at) == (OpenState.OPEN, None)


def test_a_night_goes_on_after_midnight_and_ends_in_the_morning() -> None:
    night = hours("20:00", "08:00", byday="FR")
    found = opening_at([night], rome("2026-12-05T07:59"))
    assert (found.state, found.closes_at) == (OpenState.OPEN, rome("2026-12-05T08:00"))
    assert state([night], "2026-12-05T08:00") is OpenState.CLOSED
    assert state([night], "2026-12-04T07:00") is OpenState.CLOSED


def test_nine_is_nine_on_both_sides_of_the_change_of_the_clocks() -> None:
    every_day = hours(freq=None, byday=None)
    assert opening_at([every_day], rome("2026-03-28T13:00")).opens_next == datetime(
        2026, 3, 29, 7, tzinfo=UTC
    )
    assert opening_at([every_day], rome("2026-10-24T13:00")).opens_next == datetime(
        2026, 10, 25, 8, tzinfo=UTC
    )


def test_a_night_is_an_hour_shorter_in_march_and_an_hour_longer_in_october() -> None:
    night = hours("22:00", "06:00", freq=None, byday=None)
    for evening, length in (("2026-03-28", 7), ("2026-10-24", 9), ("2026-06-10", 8)):
        opening = rome(f"{evening}T22:00")
        assert opening_at([night], opening).closes_at == opening + timedelta(hours=length)


def test_an_hour_that_comes_twice_is_open_both_times_and_one_that_never_comes_is_skipped() -> None:
    early = hours("02:00", "03:00", freq=None, byday=None)
    for fold in (0, 1):
        assert opening_at([early], rome("2026-10-25T02:30", fold=fold)).state is OpenState.OPEN
    for minute in range(0, 180, 10):
        opening_at([early], datetime(2026, 3, 29, tzinfo=UTC) + timedelta(minutes=minute))


def test_easter_and_the_holidays_of_a_year_are_those_of_the_calendar() -> None:
    assert [easter_sunday(year) for year in (1999, 2024, 2025, 2026, 2027, 2038)] == [
        date(1999, 4, 4), date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28),
        date(2038, 4, 25),
    ]  # fmt: skip
    assert date(2026, 4, 6) in holidays(2026)
    assert (is_holiday(date(2025, 10, 4)), is_holiday(date(2026, 10, 4))) == (False, True)
    assert (len(holidays(2025)), len(holidays(2026))) == (12, 13)


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        ({"byday": "MO,TH"}, "FREQ=WEEKLY;BYDAY=MO,TH"),
        ({"byday": "WE", "every": 2}, "FREQ=WEEKLY;BYDAY=WE;INTERVAL=2"),
        ({"byday": None, "every": 3}, "FREQ=WEEKLY;INTERVAL=3"),
        ({"freq": Frequency.MONTHLY, "byday": "1SA,-1FR"}, "FREQ=MONTHLY;BYDAY=1SA,-1FR"),
        ({"freq": Frequency.MONTHLY, "byday": "5TU"}, "FREQ=MONTHLY;BYDAY=5TU"),
        (
            {"freq": Frequency.MONTHLY, "byday": None, "bymonthday": "1,15,-1"},
            "FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
        ),
        (
            {"freq": Frequency.MONTHLY, "byday": "FR", "bymonthday": "13"},
            "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        ),
        ({"freq": Frequency.MONTHLY, "byday": "2MO", "every": 2}, "FREQ=MONTHLY;BYDAY=2MO;INTERVAL=2"),
        ({"freq": Frequency.MONTHLY, "byday": None}, "FREQ=MONTHLY"),
    ],
)
def test_a_rule_comes_on_the_days_that_rfc_5545_says(rule: dict[str, Any], written: str) -> None:
    first, last = date(2026, 1, 7), date(2027, 12, 31)
    begin = datetime.combine(first, time())
    said = rrulestr(written, dtstart=begin)
    expected = {each.date() for each in said.between(begin, datetime.combine(last, time()), inc=True)}
    made = hours(**{**rule, "dtstart": first})
    found = {
        day
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        if falls_on(made, day)
    }
    assert found == expected
