"""Every cell of the tables that were found, written out here by hand, against the calculator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from backoffice.care_figures.dues import contributions_of
from backoffice.care_figures.files import PayTable, all_figures
from backoffice.care_figures.minimum import board_day, minimum_of
from backoffice.care_figures.rules import cell, rule
from backoffice.care_figures.terms import Terms
from backoffice.client.schemas import CareLevel, NightKind, PayPeriod
from backoffice.housing_figures.figures import Standing

LEVELS = ("A", "AS", "B", "BS", "C", "CS", "D", "DS")
PAY = """
live-in      2026 | 908.10 | - | - | - | - | 1193.84 | - | 1474.73+?
hour         2026 | 6.50 | - | 7.01 | 7.45 | - | - | - | 9.97
reduced      2026 | - | - | - | - | - | - | - | -
night-care   2026 | - | - | - | - | - | - | - | -
rest-cover   2026 | - | - | - | - | - | 8.91 | - | -
live-in      2025 | 736.25 | 870.13 | 937.06 | 1003.99 | 1070.94 | 1137.86 | 1536.60 | 1602.95
hour         2025 | - | - | 6.68 | 7.10 | - | - | - | -
reduced      2025 | - | - | - | - | - | - | - | -
night-care   2025 | - | - | - | - | - | - | - | -
rest-cover   2025 | - | - | - | - | - | 8.49 | - | -
live-in      2024 | - | - | - | - | - | - | - | -
hour         2024 | - | - | - | - | - | - | - | -
live-in      2023 | 725.19 | 857.06 | 922.98 | 988.90 | 1054.85 | 1120.76 | 1318.54+194.98 | 1384.46+194.98
hour         2023 | 5.27 | 6.21 | 6.58 | 6.99 | 7.38 | 7.79 | 8.98 | 9.36
reduced      2023 | - | - | 659.27 | 692.25 | 764.74 | - | - | -
night-care   2023 | - | - | - | 1137.23 | - | 1288.87 | - | 1592.17
rest-cover   2023 | - | - | - | - | - | 8.36 | - | -
live-in      2027 | - | - | - | - | - | - | - | -
hour         2027 | - | - | - | - | - | - | - | -
rest-cover   2027 | - | - | - | - | - | - | - | -
"""
HOW: dict[str, dict[str, object]] = {
    "live-in": {"live_in": True, "hours_week": 54},
    "reduced": {"live_in": True, "hours_week": 30},
    "hour": {"live_in": False, "hours_week": 20},
    "night-care": {"live_in": False, "hours_week": 48, "nights": NightKind.CARE},
    "rest-cover": {"live_in": False, "hours_week": 12, "rest_cover": True},
}


def _cells() -> Iterator[tuple[str, int, CareLevel, str]]:
    for line in PAY.strip().splitlines():
        head, *cells = (part.strip() for part in line.split("|"))
        kind, year = head.split()
        for level, said in zip(LEVELS, cells, strict=True):
            if kind != "reduced" or level in ("B", "BS", "C"):
                yield kind, int(year), CareLevel(level), said


@pytest.mark.parametrize(
    ("kind", "year", "level", "said"),
    list(_cells()),
    ids=lambda each: str(getattr(each, "value", each)),
)
@pytest.mark.parametrize("day", [(1, 1), (6, 30), (12, 31)], ids=["first", "middle", "last"])
def test_every_minimum_is_the_one_of_the_table_and_what_is_not_in_it_is_unknown(
    kind: str, year: int, level: CareLevel, said: str, day: tuple[int, int]
) -> None:
    found = minimum_of(Terms(on=date(year, *day), level=level, **HOW[kind]))  # type: ignore[arg-type]
    if said == "-":
        assert (found.amount, found.is_least, len(found.unknown)) == (None, False, 1)
        return
    parts = [Decimal(part) for part in said.split("+") if part != "?"]
    assert found.amount == sum(parts)
    assert found.unknown == (("indemnity",) if said.endswith("?") else ())
    assert found.per is (PayPeriod.HOUR if kind in ("hour", "rest-cover") else PayPeriod.MONTH)
    assert found.sources


@pytest.mark.parametrize(("year", "said"), [(2023, "761.45"), (2025, None), (2026, "811.09"), (2027, None)])
def test_presence_at_night_has_one_minimum_whatever_the_level(year: int, said: str | None) -> None:
    for level in (None, *CareLevel):
        terms = Terms(
            on=date(year, 5, 1), live_in=False, hours_week=40, nights=NightKind.PRESENCE, level=level
        )
        assert minimum_of(terms).amount == (Decimal(said) if said else None)


@pytest.mark.parametrize(
    ("year", "parts", "day"),
    [
        (2023, ("2.26", "2.26", "1.95"), "6.47"),
        (2024, ("2.28", "2.28", "1.96"), "6.52"),
        (2025, None, None),
        (2026, None, None),
    ],
)
def test_meals_and_bed_are_worth_what_the_table_of_the_year_says(
    year: int, parts: tuple[str, ...] | None, day: str | None
) -> None:
    on = date(year, 3, 1)
    found = [cell(PayTable.BOARD_DAY, name, on) for name in ("lunch", "dinner", "lodging")]
    assert [each and str(each.euros) for each in found] == list(parts or (None, None, None))
    assert board_day(Terms(on=on, live_in=True, hours_week=54)) == (Decimal(day) if day else None)


@pytest.mark.parametrize(
    "line",
    [
        # real hourly pay | permanent | worker | fixed term | without CUAF | fixed term without CUAF
        "0.01 | 1.70 | 0.43 | 1.82 | 1.71 | 1.83",
        "9.61 | 1.70 | 0.43 | 1.82 | 1.71 | 1.83",
        "9.62 | 1.92 | 0.48 | 2.05 | 1.93 | 2.06",
        "11.70 | 1.92 | 0.48 | 2.05 | 1.93 | 2.06",
        "11.71 | 2.34 | 0.59 | 2.50 | 2.35 | 2.51",
        "40.00 | 2.34 | 0.59 | 2.50 | 2.35 | 2.51",
        "long | 1.24 | 0.31 | 1.32 | 1.25 | 1.33",
    ],
)
def test_every_contribution_is_the_one_of_the_table(line: str) -> None:
    real, *cells = (part.strip() for part in line.split("|"))
    permanent, worker, fixed, no_cuaf, fixed_no_cuaf = (Decimal(each) for each in cells)
    # level A of a year without minimums: the pay alone decides; 12/13 of the real pay is the pay of an hour
    hours, pay = (25, Decimal(9)) if real == "long" else (24, _pay_of(Decimal(real)))
    rest: dict[str, object] = {"on": date(2026, 12, 31), "live_in": False, "hours_week": hours}
    rest |= {"paid_eur": pay, "paid_per": PayPeriod.HOUR}

    def hourly(**more: bool) -> tuple[Decimal | None, Decimal | None]:
        found = contributions_of(Terms(**rest, **more))  # type: ignore[arg-type]
        return found.hour, found.worker_hour

    assert hourly() == (permanent, worker)
    assert hourly(fixed_term=True) == (fixed, None)
    assert hourly(fixed_term=True, replaces_absent=True) == (permanent, worker)
    assert hourly(without_cuaf=True) == (no_cuaf, None)
    assert hourly(without_cuaf=True, fixed_term=True) == (fixed_no_cuaf, None)


def _pay_of(real: Decimal) -> Decimal:
    """Return a pay whose thirteen twelfths round to a real hourly pay."""
    return (real * 12 / 13).quantize(Decimal("0.00001"))


@pytest.mark.parametrize("on", [date(2025, 12, 31), date(2027, 1, 1)])
def test_contributions_of_another_year_are_unknown(on: date) -> None:
    found = contributions_of(
        Terms(on=on, live_in=False, hours_week=30, paid_eur=Decimal(8), paid_per=PayPeriod.HOUR)
    )
    assert (found.hour, found.unknown) == (None, ("contributions",))


RULES = """
live_in_hours_day 10 found | live_in_hours_week 54 found | hourly_hours_day 8 found
hourly_hours_week 40 found | hourly_days_least 5 found | hourly_days_most 6 found
reduced_hours_week 30 found | reduced_morning_from 6 found | reduced_morning_to 14 found
reduced_afternoon_from 14 found | reduced_afternoon_to 22 found | reduced_days 3 found
reduced_hours_day 10 found | daily_rest_hours 11 found | afternoon_rest_hours 2 found
weekly_rest_hours 36 found | weekly_rest_sunday_hours 24 found | weekly_rest_other_hours 12 found
hourly_rest_weekday 6 found | holiday_days 26 found | holiday_years_together 2 found
public_holiday_percent 60 found | sick_half_days 3 found | sick_half_percent 50 found
sick_full_percent 100 found | sick_paid_days_1 8 found | sick_paid_days_2 10 found
sick_paid_days_3 15 found | sick_inps_eur 0 background | job_kept_days_1 10 background
job_kept_days_2 45 background | job_kept_days_3 180 background | maternity_months 5 found
maternity_unpaid_months 4 found | thirteenth_parts 12 found | severance_divisor 13.5 background
seniority_percent 4 found | seniority_years 2 found | seniority_most 7 background
notice_long_hours 25 found | notice_long_years 5 found | notice_long_days 15 found
notice_long_days_beyond 30 found | notice_short_years 2 found | notice_short_days 8 found
notice_short_days_beyond 15 found | notice_maternity_days 31 found | notice_maternity_times 2 found
notice_worker_percent 50 found | notice_keeper_days 30 found | notice_keeper_days_beyond 60 found
end_inps_days 5 background | uni_11766_eur_month 30 found | night_presence_from 21 found
night_presence_to 8 found | night_care_from 20 found | night_care_to 8 found
increase_bs_2026_eur 40 found | increase_istat_percent 90 found
contribution_payments_year 4 found | contribution_pay_first_day 1 found
contribution_pay_last_day 10 found | contribution_pay_april 4 found
contribution_pay_july 7 background | contribution_pay_october 10 background
contribution_pay_january 1 background | trial_days_live_in 30 background | trial_days_d 30 background
trial_days_other 8 background
"""


@pytest.mark.parametrize(
    "said", [each.strip() for each in RULES.replace("\n", "|").split("|") if each.strip()]
)
def test_every_rule_has_its_figure_and_says_how_sure_it_is(said: str) -> None:
    code, value, standing = said.split()
    found = rule(code, date(2026, 11, 26))
    assert found is not None
    assert (found.number, found.standing) == (Decimal(value), Standing(standing))


@pytest.mark.parametrize(
    ("code", "day", "value"),
    [
        ("increase_bs_2027_eur", (2027, 1), 30),
        ("increase_bs_2028_eur", (2028, 1), 15),
        ("increase_bs_2028_september_eur", (2028, 9), 15),
    ],
)
def test_a_later_increase_holds_from_its_day_and_no_minimum_comes_of_it(
    code: str, day: tuple[int, int], value: int
) -> None:
    on = date(*day, 1)
    found = rule(code, on)
    assert found is not None
    assert found.number == value
    assert rule(code, date(2026, 12, 31)) is None
    assert minimum_of(Terms(on=on, level=CareLevel.BS, live_in=True, hours_week=54)).amount is None


@pytest.mark.parametrize(
    "code",
    [
        "overtime_percent",
        "sick_paid_years",
        "cassacolf_eur_hour",
        "uni_11766_eur_hour",
        "notice_keeper_years",
    ],
)
def test_what_no_source_gives_has_no_value_and_is_never_found(code: str) -> None:
    assert next(each for each in all_figures().rules if each.code == code).standing is Standing.UNKNOWN
    assert rule(code, date(2026, 11, 26)) is None


def test_the_hourly_figure_of_the_cover_of_rest_days_is_not_an_ordinary_minimum() -> None:
    ordinary = minimum_of(Terms(on=date(2026, 6, 1), level=CareLevel.CS, live_in=False, hours_week=20))
    assert (ordinary.amount, ordinary.unknown) == (None, ("hour",))
