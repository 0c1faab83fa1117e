from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from backoffice.care_figures.notice import last_day, notice_of, trial_of, years_between
from backoffice.care_figures.terms import TermsRefused
from backoffice.client.schemas import CareLevel, NoticeBy

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    "line",
    [
        # hours, years | family | family near maternity | worker
        "25 0 | 15 | 30 | 8",
        "54 5 | 15 | 30 | 8",
        "25 5.001 | 30 | 60 | 15",
        "40 12 | 30 | 60 | 15",
        "24 0 | 8 | 16 | 4",
        "1 2 | 8 | 16 | 4",
        "24 2.001 | 15 | 30 | 8",
        "10 30 | 15 | 30 | 8",
    ],
)
def test_notice_is_by_hours_and_years(line: str) -> None:
    said, family, near, worker = (part.strip() for part in line.split("|"))
    hours, years = said.split()
    found = [
        notice_of(by, on=TODAY, hours_week=int(hours), years=Decimal(years), near_maternity=maternity)
        for by, maternity in (
            (NoticeBy.FAMILY, False),
            (NoticeBy.FAMILY, True),
            (NoticeBy.WORKER, False),
            (NoticeBy.WORKER, True),
        )
    ]
    assert [each.days for each in found] == [int(family), int(near), int(worker), int(worker)]
    assert [each.doubled for each in found] == [False, True, False, False]
    assert all(each.sources and not each.unknown for each in found)


@pytest.mark.parametrize(
    ("by", "near", "possible", "unknown"),
    [
        (NoticeBy.FAMILY, False, (30, 60), ("notice_keeper_years",)),
        (NoticeBy.FAMILY, True, (30, 60), ("notice_keeper_years", "notice_keeper_maternity")),
        (NoticeBy.WORKER, False, (), ("notice_keeper_worker",)),
    ],
)
def test_of_a_keeper_with_a_home_the_source_does_not_decide(
    by: NoticeBy, near: bool, possible: tuple[int, ...], unknown: tuple[str, ...]
) -> None:
    found = notice_of(
        by, on=TODAY, hours_week=40, years=Decimal(3), keeper_with_home=True, near_maternity=near
    )
    assert (found.days, found.possible, found.unknown) == (None, possible, unknown)


def test_after_the_contract_ends_no_notice_is_known() -> None:
    found = notice_of(NoticeBy.FAMILY, on=date(2028, 11, 1), hours_week=30, years=Decimal(1))
    assert (found.days, found.unknown) == (None, ("notice",))
    with pytest.raises(TermsRefused):
        notice_of(NoticeBy.FAMILY, on=TODAY, hours_week=0, years=Decimal(1))


@pytest.mark.parametrize(
    ("start", "years"),
    [
        ((2026, 11, 26), "0"),
        ((2027, 1, 1), "0"),
        ((2026, 11, 25), "0.001"),
        ((2021, 11, 26), "5"),
        ((2021, 11, 25), "5.001"),
        ((2021, 11, 27), "4.918"),
        ((2024, 5, 26), "2.5"),
    ],
)
def test_a_day_over_whole_years_is_more_than_those_years(start: tuple[int, int, int], years: str) -> None:
    assert years_between(date(*start), TODAY) == Decimal(years)


def test_the_day_of_the_notice_is_not_counted() -> None:
    assert last_day(date(2026, 11, 26), 15) == date(2026, 12, 11)


@pytest.mark.parametrize(
    ("level", "live_in", "days"), [("A", False, 8), ("CS", True, 30), ("D", False, 30), ("DS", True, 30)]
)
def test_a_trial_is_as_long_as_the_level_or_the_living_in_says_and_is_to_be_checked(
    level: str, live_in: bool, days: int
) -> None:
    found = trial_of(CareLevel(level), live_in=live_in, on=TODAY)
    assert found is not None
    assert (found.days, found.to_check[:10]) == (days, "trial_days")
