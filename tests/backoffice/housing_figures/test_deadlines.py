from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backoffice.housing_figures.deadlines import (
    hospitality_deadline,
    hospitality_moment,
    registration_deadline,
)
from backoffice.italy import day_in_italy

DAYS = some.dates(date(1990, 1, 1), date(2100, 1, 1))


def test_thirty_days_run_from_the_signature_or_from_an_earlier_start() -> None:
    assert registration_deadline(date(2026, 12, 2)).last_day == date(2027, 1, 1)
    assert registration_deadline(date(2026, 12, 2), date(2026, 12, 15)).last_day == date(2027, 1, 1)
    assert registration_deadline(date(2026, 12, 2), date(2026, 11, 20)).last_day == date(2026, 12, 20)


def test_a_deadline_on_a_weekend_is_better_met_on_friday() -> None:
    sunday = registration_deadline(date(2026, 11, 20))
    assert (sunday.last_day, sunday.ends_on_weekend, sunday.do_by) == (
        date(2026, 12, 20),
        True,
        date(2026, 12, 18),
    )
    tuesday = registration_deadline(date(2026, 11, 22))
    assert (tuesday.ends_on_weekend, tuesday.do_by) == (False, tuesday.last_day)


@given(DAYS, some.none() | DAYS)
def test_the_deadline_never_lies_later_than_thirty_days_after_the_signature(
    signed_on: date, starts_on: date | None
) -> None:
    found = registration_deadline(signed_on, starts_on)
    assert found.last_day <= signed_on + timedelta(days=30)
    assert found.do_by <= found.last_day
    assert found.do_by.weekday() < 5


def test_the_authority_is_told_within_two_days() -> None:
    assert hospitality_deadline(date(2026, 12, 10)).last_day == date(2026, 12, 12)


def test_forty_eight_hours_are_hours_also_when_the_clocks_change() -> None:
    before = datetime(2026, 10, 24, 10, 0, tzinfo=UTC)  # noon in Italy, summer time
    assert hospitality_moment(before).isoformat() == "2026-10-26T11:00:00+01:00"


def test_a_moment_without_a_zone_has_no_deadline() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        hospitality_moment(datetime(2026, 12, 2, 10, 0, tzinfo=UTC).replace(tzinfo=None))


def test_the_day_is_the_one_in_italy() -> None:
    assert day_in_italy(datetime(2026, 12, 2, 23, 30, tzinfo=UTC)) == date(2026, 12, 3)
