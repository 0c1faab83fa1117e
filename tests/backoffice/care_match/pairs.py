"""Family assistants and requests of every kind for Hypothesis: known, unknown, and the edges between."""

from __future__ import annotations

import random
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from hypothesis import strategies as st

from backoffice.care_match.preferences import PREFERENCES
from backoffice.care_match.sides import WEEK, Request, Worker
from backoffice.client.schemas import (
    CareAbility,
    CareCertificate,
    CareLimit,
    CareSchedule,
    CaresFor,
    CareSkill,
    DomesticTask,
    GenderWished,
    ItalianLevel,
    Transport,
)
from backoffice.matching.scores import HEAVIEST

TOWNS = ("Crema", "Offanengo", "Pandino", "Soncino")
DAY = date(2026, 12, 2)
KEYS = ("a", "b", "c")

maybe = st.none() | st.booleans()
days_near = st.integers(-10, 60).map(lambda number: DAY + timedelta(days=number))
languages = st.lists(st.sampled_from(("it", "uk", "ar", "en")), max_size=3, unique=True).map(tuple)
weekdays = st.lists(st.sampled_from(WEEK), max_size=7, unique=True).map(lambda found: tuple(sorted(found)))
hours = st.none() | st.integers(1, 54)
absences = st.tuples(days_near, st.integers(0, 30)).map(lambda each: (each[0], each[0] + timedelta(each[1])))


def some(codes: type[StrEnum], most: int = 3) -> Any:
    values = [each.value for each in codes]
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


workers = st.builds(
    Worker,
    key=st.sampled_from(KEYS),
    is_registered=st.sampled_from((True, True, True, True, False)),
    shows_profile=st.sampled_from((True, True, True, True, False)),
    towns=st.lists(st.sampled_from(TOWNS), max_size=3, unique=True).map(tuple),
    years=st.none() | st.integers(0, 30),
    skills=some(CareSkill, 6),
    recognised=some(CareSkill),
    good_references=st.integers(0, 3),
    schedules=some(CareSchedule, 4),
    languages=languages,
    free_from=st.none() | days_near,
    may_work=st.sampled_from((True, True, None, False)),
    right_ends=st.booleans(),
    works_until=st.none() | st.integers(-20, 400).map(lambda number: DAY + timedelta(days=number)),
    is_renewed=st.booleans(),
    abilities=some(CareAbility, 6),
    certificates=some(CareCertificate),
    transport=some(Transport, 2),
    italian=st.none() | st.sampled_from(ItalianLevel),
    hours_most=hours,
    free_days=st.just(WEEK) | weekdays,
    limits=some(CareLimit, 2),
    cares_for=st.none() | st.sampled_from(CaresFor),
    gender=st.none() | st.sampled_from(GenderWished),
    absences=st.lists(absences, max_size=2).map(tuple),
    engaged_hours=st.sampled_from((0, 0, 0, 10, 25, 54, None)),
    lives_in=st.sampled_from((False, False, True)),
)
requests = st.builds(
    Request,
    starts_on=days_near,
    town=st.none() | st.sampled_from(TOWNS),
    needs=some(CareSkill),
    schedules=some(CareSchedule, 2),
    hours_week=hours,
    self_sufficient=maybe,
    abilities=some(CareAbility),
    tasks=some(DomesticTask, 2),
    days=st.just(()) | weekdays,
    pets=maybe,
    smokers=maybe,
    stairs=maybe,
    languages=languages,
    gender_wished=st.none() | st.sampled_from(GenderWished),
    known=st.lists(st.sampled_from(KEYS), max_size=2, unique=True).map(tuple),
)
weights = st.fixed_dictionaries({code: st.integers(0, HEAVIEST) for code in PREFERENCES})


def a_worker(dice: random.Random, key: str) -> Worker:
    """Return an invented worker who often fits: cheaper to make than an example of Hypothesis."""
    return Worker(
        key=key,
        is_registered=True,
        shows_profile=True,
        towns=tuple(dice.sample(TOWNS, dice.choice((1, 2, 3)))),
        years=dice.randrange(20),
        skills=drawn(dice, CareSkill, 5),
        schedules=drawn(dice, CareSchedule, 4),
        languages=dice.choice((("uk", "it"), ("ar",), ("it",))),
        free_from=dice.choice((None, DAY, DAY + timedelta(days=20), DAY + timedelta(days=50))),
        may_work=True,
        abilities=drawn(dice, CareAbility, 6),
        certificates=drawn(dice, CareCertificate, 2),
        transport=drawn(dice, Transport, 2),
        italian=dice.choice((None, *ItalianLevel)),
        hours_most=dice.choice((None, 25, 54)),
        limits=drawn(dice, CareLimit, 1),
        cares_for=dice.choice((None, *CaresFor)),
        absences=dice.choice(((), ((DAY, DAY + timedelta(days=9)),))),
    )


def a_request(dice: random.Random) -> Request:
    """Return an invented request."""
    return Request(
        starts_on=DAY + timedelta(days=dice.randrange(40)),
        town=dice.choice((None, *TOWNS)),
        needs=drawn(dice, CareSkill, 2),
        schedules=drawn(dice, CareSchedule, 2),
        hours_week=dice.choice((None, 10, 30, 54)),
        self_sufficient=dice.choice((None, True, False)),
        abilities=drawn(dice, CareAbility, 3),
        tasks=drawn(dice, DomesticTask, 2),
        days=dice.choice(((), (0, 2, 4))),
        pets=dice.choice((None, True, False)),
        stairs=dice.choice((None, True, False)),
        languages=dice.choice(((), ("uk",), ("it", "ar"))),
        known=dice.choice(((), ("this",))),
    )


def drawn(dice: random.Random, codes: type[StrEnum], most: int) -> tuple[str, ...]:
    values = [each.value for each in codes]
    return tuple(dice.sample(values, dice.randrange(min(most, len(values)) + 1)))
