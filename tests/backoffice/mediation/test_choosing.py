"""Which mediators a request is offered to, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from backoffice.mediation.choosing import Hindrance, Mediator, Wanted, choose, consider
from backoffice.mediation.models import MediationMode, MediationSetting
from backoffice.staff.models import Gender

THURSDAY = datetime(2026, 12, 3, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
WANTED = Wanted("ur", MediationSetting.HEALTH, MediationMode.PRESENCE, THURSDAY, 60, municipality="Crema")
MEDIATOR = Mediator("m1", frozenset({"ur", "pa", "it"}), gender=Gender.WOMAN)


def test_who_speaks_the_language_and_has_time_fits() -> None:
    assert consider(WANTED, MEDIATOR).fits


@pytest.mark.parametrize(
    ("wanted", "mediator", "hindrance"),
    [
        ({"language": "zh"}, {}, Hindrance.LANGUAGE),
        ({"gender": Gender.MAN}, {}, Hindrance.GENDER),
        ({"gender": Gender.WOMAN}, {"gender": None}, Hindrance.GENDER),
        ({"conflicts": frozenset({"m1"})}, {}, Hindrance.CONFLICT),
        ({}, {"absences": ((date(2026, 12, 1), date(2026, 12, 3)),)}, Hindrance.ABSENT),
        ({}, {"roster": ((0, time(9), time(12)),)}, Hindrance.ROSTER),
        ({}, {"roster": ((3, time(9), time(10, 30)),)}, Hindrance.ROSTER),
        ({}, {"busy": ((THURSDAY - HOUR, THURSDAY + HOUR / 4),)}, Hindrance.BUSY),
        ({}, {"modes": frozenset({MediationMode.PHONE})}, Hindrance.MODE),
        ({}, {"settings": frozenset({MediationSetting.SCHOOL})}, Hindrance.SETTING),
        ({}, {"municipalities": frozenset({"Pandino"})}, Hindrance.AREA),
        ({}, {"quarters_month": 38, "most_hours_month": 10}, Hindrance.HOURS),
    ],
)  # fmt: skip
def test_each_hindrance_is_told(
    wanted: dict[str, object], mediator: dict[str, object], hindrance: Hindrance
) -> None:
    choice = consider(replace(WANTED, **wanted), replace(MEDIATOR, **mediator))  # type: ignore[arg-type]
    assert choice.hindrances == (hindrance,)


def test_ten_o_clock_in_italy_lies_in_a_roster_from_ten_to_eleven() -> None:
    assert consider(WANTED, replace(MEDIATOR, roster=((3, time(10), time(11)),))).fits


def test_by_phone_the_town_does_not_matter() -> None:
    phone = replace(WANTED, mode=MediationMode.PHONE)
    assert consider(phone, replace(MEDIATOR, municipalities=frozenset({"Pandino"}))).fits


def test_one_commitment_may_follow_the_other() -> None:
    before = ((THURSDAY - HOUR, THURSDAY),)
    assert consider(WANTED, replace(MEDIATOR, busy=before)).fits


def test_the_same_mediator_as_before_comes_first_then_the_variety_then_who_gave_fewest_hours() -> None:
    wanted = replace(WANTED, variety="lahori", knows=frozenset({"known"}))
    many, few = replace(MEDIATOR, id="many", quarters_month=40), replace(MEDIATOR, id="few", quarters_month=4)
    known = replace(MEDIATOR, id="known", quarters_month=60)
    variety = replace(MEDIATOR, id="variety", quarters_month=50, varieties=frozenset({"lahori"}))
    absent = replace(MEDIATOR, id="absent", absences=((date(2026, 12, 3), date(2026, 12, 3)),))
    chosen = choose(wanted, [many, absent, few, variety, known])
    assert [choice.mediator.id for choice in chosen] == ["known", "variety", "few", "many", "absent"]
    assert [choice.fits for choice in chosen] == [True, True, True, True, False]


def test_who_does_not_speak_the_language_is_not_in_the_list() -> None:
    assert choose(WANTED, [replace(MEDIATOR, languages=frozenset({"ar"}))]) == []
