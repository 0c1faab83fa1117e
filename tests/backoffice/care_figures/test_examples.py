"""The minimum against a second computation, and the check that stops whatever is offered below it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from backoffice.care_figures.dues import contributions_of, dues_of, month_pay
from backoffice.care_figures.minimum import check_pay, minimum_for
from backoffice.care_figures.terms import Terms, TermsRefused
from backoffice.client.schemas import CareLevel, NightKind, PayPeriod, PayVerdict
from tests.backoffice.care_figures.second import Work, least_cents

SEED = 20261126
NIGHTS = {"presence": NightKind.PRESENCE, "night": NightKind.CARE}


def _terms(work: Work, paid: Decimal | None = None) -> Terms:
    return Terms(
        on=date(work.year, 1 + work.hours % 12, 1 + work.years % 28),
        live_in=work.kind == "live",
        hours_week=work.hours,
        level=CareLevel(work.level),
        nights=NIGHTS.get(work.kind, NightKind.NONE),
        rest_cover=work.kind == "rest",
        years=Decimal(work.years),
        uni_11766=work.certified,
        paid_eur=paid,
        paid_per=PayPeriod(work.paid_per),
        part_days=work.days,
    )


def _some(random: Random) -> Work:
    kind = random.choice(("live", "live", "hour", "hour", "presence", "night", "rest"))
    per = random.choice(("month", "hour"))
    return Work(
        year=random.choice((2023, 2023, 2024, 2025, 2026, 2026, 2027)),
        kind=kind,
        level=random.choice([level.value for level in CareLevel]),
        hours=random.randint(4, 60),
        years=random.randint(0, 22),
        paid_per=per,
        days=random.randint(1, 26) if per == "month" and random.random() < 0.4 else None,
        certified=random.random() < 0.2,
    )


def _examples(number: int, *, seed: int) -> list[tuple[Work, int, bool]]:
    """Return so many examples whose minimum is known, in part at least."""
    random = Random(seed)
    found: list[tuple[Work, int, bool]] = []
    while len(found) < number:
        work = _some(random)
        cents, is_whole = least_cents(work)
        if cents is not None:
            found.append((work, cents, is_whole))
    return found


@pytest.mark.parametrize(("work", "cents", "is_whole"), _examples(200, seed=SEED))
def test_two_hundred_examples_agree_with_the_second_computation(
    work: Work, cents: int, is_whole: bool
) -> None:
    found = minimum_for(_terms(work), PayPeriod(work.paid_per))
    assert found.amount == Decimal(cents) / 100
    assert (not found.unknown) is is_whole


def test_the_examples_have_every_kind_of_work() -> None:
    works = [work for work, _, _ in _examples(200, seed=SEED)]
    assert {work.kind for work in works} == {"live", "hour", "presence", "night", "rest"}
    assert {work.level for work in works} == {level.value for level in CareLevel}
    assert {bool(work.days) for work in works} == {work.certified for work in works} == {True, False}
    assert {min(work.years // 2, 7) for work in works} == set(range(8))


@pytest.mark.parametrize(
    "line",
    [
        # year, kind, level, hours, years, per, days | minimum
        "2026 live CS 54 0 month - | 1193.84",
        "2026 live CS 54 1 month - | 1193.84",
        "2026 live CS 54 2 month - | 1241.59",
        "2026 live CS 54 5 month - | 1289.35",
        "2026 live CS 54 14 month - | 1528.12",
        "2026 live CS 54 30 month - | 1528.12",
        "2026 live CS 54 0 month 13 | 596.92",
        "2026 live A 40 0 month 1 | 34.93",
        "2026 hour B 20 0 hour - | 7.01",
        "2026 hour BS 25 4 hour - | 8.05",
        "2026 hour BS 40 0 month - | 1291.33",
        "2026 presence A 48 2 month - | 843.53",
        "2026 rest CS 12 0 hour - | 8.91",
        "2023 live DS 54 2 month - | 1634.82",
        "2023 live C 25 0 month - | 764.74",
    ],
)
def test_examples_worked_out_by_hand(line: str) -> None:
    said, euros = line.split("|")
    year, kind, level, hours, years, per, days = said.split()
    work = Work(int(year), kind, level, int(hours), int(years), per, None if days == "-" else int(days))
    assert str(minimum_for(_terms(work), PayPeriod(per)).amount) == euros.strip()


def test_a_thousand_offers_below_the_minimum_are_all_stopped_with_the_amount() -> None:
    random = Random(SEED + 1)
    stopped = 0
    for work, cents, _ in _examples(1000, seed=SEED + 2):
        short = random.choice((1, random.randint(1, max(cents // 2, 1)), cents))
        found = check_pay(_terms(work, Decimal(cents - short) / 100))
        assert found.verdict is PayVerdict.BELOW, work
        assert (found.short, found.per.value) == (Decimal(short) / 100, work.paid_per)
        assert found.minimum.table is not None
        assert found.minimum.table.startswith(f"pay_{work.year}:")
        assert len(found.minimum.table) <= 60
        assert found.minimum.sources
        stopped += 1
    assert stopped == 1000


def test_a_thousand_offers_at_or_above_a_minimum_known_in_whole_are_let_through() -> None:
    random = Random(SEED + 3)
    whole = [each for each in _examples(4000, seed=SEED + 4) if each[2]][:1000]
    assert len(whole) == 1000
    for work, cents, _ in whole:
        more = random.choice((0, 0, 1, random.randint(1, 50_000)))
        found = check_pay(_terms(work, Decimal(cents + more) / 100))
        assert (found.verdict, found.short, found.unknown) == (PayVerdict.ENOUGH, None, ()), work


def test_what_the_table_does_not_give_is_never_let_through_nor_stopped() -> None:
    random = Random(SEED + 5)
    seen = 0
    while seen < 1000:
        work = _some(random)
        cents, is_whole = least_cents(work)
        if is_whole:
            continue
        paid = Decimal(random.randint(cents or 0, max(cents or 0, 400_000))) / 100
        found = check_pay(_terms(work, paid))
        assert found.verdict is PayVerdict.UNKNOWN, work
        assert found.unknown, work
        seen += 1


def test_more_steps_than_a_background_limit_are_cut_and_marked_to_be_checked() -> None:
    work = Work(2026, "live", "CS", 54, 15, "month")
    assert minimum_for(_terms(work), PayPeriod.MONTH).to_check == ()
    cut = check_pay(_terms(replace(work, years=16), Decimal(2000)))
    assert (cut.verdict, cut.to_check) == (PayVerdict.ENOUGH, ("seniority_most",))


@pytest.mark.parametrize(
    ("more", "unknown"),
    [
        ({"lunch": False}, ("board_in_money",)),
        ({"nights": NightKind.CARE}, ("night_care_living_in",)),
        ({"hours_week": 60}, ("overtime",)),
        ({"lunch": True, "dinner": True, "lodging": True}, ()),
    ],
)
def test_living_in_has_dues_that_no_table_gives(more: dict[str, object], unknown: tuple[str, ...]) -> None:
    base: dict[str, object] = {"on": date(2026, 5, 1), "live_in": True, "hours_week": 54}
    base |= {"level": CareLevel.CS, "paid_eur": Decimal(3000), "paid_per": PayPeriod.MONTH}
    found = check_pay(Terms(**{**base, **more}))  # type: ignore[arg-type]
    assert found.unknown == unknown
    assert found.hours_over == (6 if more.get("hours_week") else 0)


def test_what_is_due_beside_the_pay_of_a_year() -> None:
    terms = Terms(
        on=date(2026, 11, 26),
        live_in=True,
        hours_week=54,
        level=CareLevel.CS,
        paid_eur=Decimal(1300),
        paid_per=PayPeriod.MONTH,
    )
    found = dues_of(terms)
    assert [found.month_pay, found.thirteenth, found.holidays] == [1300, 1300, 26]
    assert found.severance == Decimal("1251.85"), "16,900 by 13.5"
    taken = found.contributions
    assert (taken.month, taken.worker_month) == (Decimal("290.16"), Decimal("72.54")), "54 x 52 / 12 = 234 h"
    assert found.family_month == Decimal("1625.95"), "1300 + 108.33 + 217.62"
    part = dues_of(replace(terms, months=5))
    assert (part.thirteenth, part.holidays) == (Decimal("541.67"), Decimal("10.83"))


def test_less_than_the_minimum_is_counted_as_the_minimum() -> None:
    terms = Terms(
        on=date(2026, 2, 1),
        live_in=False,
        hours_week=12,
        level=CareLevel.BS,
        paid_eur=Decimal(5),
        paid_per=PayPeriod.HOUR,
    )
    assert month_pay(terms) == Decimal("387.40"), "7.45 x 52"
    assert contributions_of(terms).hour == Decimal("1.70"), "8.07 with the 13th"


@pytest.mark.parametrize(
    ("pay", "hour", "unknown"), [("8", None, True), ("10.80", None, True), ("10.81", "2.34", False)]
)
def test_a_meal_of_unknown_worth_leaves_the_bracket_unknown_unless_it_is_the_last(
    pay: str, hour: str | None, unknown: bool
) -> None:
    found = contributions_of(
        Terms(
            on=date(2026, 2, 1),
            live_in=False,
            hours_week=20,
            lunch=True,
            paid_eur=Decimal(pay),
            paid_per=PayPeriod.HOUR,
        )
    )
    assert found.hour == (Decimal(hour) if hour else None)
    assert ("contribution_board" in found.unknown) is unknown


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("hours_week", {"hours_week": 0}),
        ("hours_week", {"hours_week": 169}),
        ("years_with_employer", {"years": Decimal(61)}),
        ("months_worked_this_year", {"months": 13}),
        ("part_days", {"part_days": 27}),
        ("paid_eur", {"paid_eur": Decimal(-1), "paid_per": PayPeriod.HOUR}),
        ("paid_per", {"paid_eur": Decimal(9)}),
    ],
)
def test_numbers_that_no_work_has_are_refused_by_name(field: str, more: dict[str, object]) -> None:
    base: dict[str, object] = {"on": date(2026, 2, 1), "live_in": False, "hours_week": 20}
    with pytest.raises(TermsRefused) as refused:
        Terms(**{**base, **more})  # type: ignore[arg-type]
    assert refused.value.field == field
