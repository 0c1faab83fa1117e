"""What each hard rule says of a request and a family assistant, and what each preference gives."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from backoffice.care_match import preferences, rules
from backoffice.care_match.engine import why
from backoffice.care_match.places import TOWNS, kilometres
from backoffice.care_match.preferences import PREFERENCES
from backoffice.care_match.rules import RULES, Answer, Rule
from backoffice.care_match.sides import Request, Worker
from backoffice.care_match.wording import in_words
from backoffice.client.schemas import CaresFor, GenderWished, ItalianLevel
from tests.backoffice.care_match.pairs import requests, weights, workers

YES, NO, ASK = Answer.YES, Answer.NO, Answer.ASK
START = date(2026, 12, 2)
WOMAN, MAN = GenderWished.WOMAN, GenderWished.MAN
LATER = START + timedelta(days=400)

TABLE: list[tuple[Rule, dict[str, Any], dict[str, Any], Answer]] = [
    (rules.registered, {}, {"is_registered": True, "shows_profile": True}, YES),
    (rules.registered, {}, {"is_registered": True}, NO),
    (rules.registered, {}, {"shows_profile": True}, NO),
    (rules.may_work, {}, {"may_work": True, "right_ends": False}, YES),
    (rules.may_work, {}, {"may_work": True, "works_until": START}, YES),
    (rules.may_work, {}, {"may_work": True, "works_until": START - timedelta(1)}, NO),
    (rules.may_work, {}, {"may_work": True, "works_until": START - timedelta(1), "is_renewed": True}, ASK),
    (rules.may_work, {}, {"may_work": True}, ASK),
    (rules.may_work, {}, {"may_work": False, "works_until": LATER}, NO),
    (rules.may_work, {}, {}, ASK),
    (rules.schedule, {"schedules": ("live_in",)}, {"schedules": ("live_in", "nights")}, YES),
    (rules.schedule, {"schedules": ("live_in",)}, {"schedules": ("hourly",)}, NO),
    (rules.schedule, {"schedules": ("live_in", "hourly")}, {"schedules": ("hourly",)}, YES),
    (rules.schedule, {"schedules": ("hourly", "weekend")}, {"schedules": ("hourly",)}, NO),
    (rules.schedule, {}, {"schedules": ("hourly",)}, ASK),
    (rules.schedule, {"schedules": ("nights",)}, {}, ASK),
    (rules.days, {"days": (0, 2)}, {"free_days": (0, 1, 2)}, YES),
    (rules.days, {"days": (0, 6)}, {"free_days": (0, 1, 2)}, NO),
    (rules.days, {}, {}, YES),
    (rules.days, {}, {"free_days": (0, 1)}, ASK),
    (rules.start, {}, {"free_from": START}, YES),
    (rules.start, {}, {"free_from": START + timedelta(30)}, YES),
    (rules.start, {}, {"free_from": START + timedelta(31)}, NO),
    (rules.start, {}, {}, ASK),
    (rules.present, {}, {"absences": ((START, START),)}, NO),
    (rules.present, {}, {"absences": ((START + timedelta(1), LATER),)}, YES),
    (rules.hours, {"hours_week": 20}, {"hours_most": 20}, YES),
    (rules.hours, {"hours_week": 21}, {"hours_most": 20}, NO),
    (rules.hours, {}, {"hours_most": 20}, ASK),
    (rules.hours, {}, {}, YES),
    (rules.engaged, {"hours_week": 40}, {}, YES),
    (rules.engaged, {"hours_week": 15}, {"engaged_hours": 25}, YES),
    (rules.engaged, {"hours_week": 16}, {"engaged_hours": 25}, NO),
    (rules.engaged, {"hours_week": 16}, {"engaged_hours": 38, "lives_in": True}, YES),
    (rules.engaged, {"hours_week": 17}, {"engaged_hours": 38, "lives_in": True}, NO),
    (rules.engaged, {"schedules": ("live_in",)}, {"engaged_hours": 10, "lives_in": True}, NO),
    (rules.engaged, {}, {"engaged_hours": 10}, ASK),
    (rules.engaged, {"hours_week": 10}, {"engaged_hours": None}, ASK),
    (rules.place, {"town": "Crema"}, {"towns": ("Pandino", "Crema")}, YES),
    (rules.place, {"town": "Crema"}, {"towns": ("Pandino",)}, NO),
    (rules.place, {"town": "Crema", "schedules": ("live_in",)}, {"towns": ("Pandino",)}, YES),
    (rules.place, {"town": "Crema"}, {}, ASK),
    (rules.place, {}, {"towns": ("Crema",)}, ASK),
    (rules.skill, {"needs": ("dementia",)}, {"skills": ("dementia",)}, YES),
    (rules.skill, {"needs": ("dementia",)}, {"skills": ("elderly",)}, ASK),
    (rules.skill, {"needs": ("dementia",)}, {"skills": ("children", "cooking")}, NO),
    (rules.skill, {"self_sufficient": False}, {"skills": ("disability",)}, YES),
    (rules.skill, {"self_sufficient": False}, {"skills": ("cleaning",)}, NO),
    (rules.skill, {"tasks": ("care_dependent",)}, {"skills": ()}, NO),
    (rules.skill, {"needs": ("children",)}, {"skills": ("elderly",)}, NO),
    (rules.skill, {"tasks": ("babysitting",)}, {"skills": ("children",)}, YES),
    (rules.skill, {"needs": ("cooking",)}, {"skills": ("cleaning",)}, ASK),
    (rules.abilities, {"abilities": ("lifting",)}, {"limits": ("heavy_lifting",)}, NO),
    (rules.abilities, {"abilities": ("lifting",)}, {}, ASK),
    (rules.abilities, {"abilities": ("feeding",)}, {"limits": ("heavy_lifting",)}, ASK),
    (rules.abilities, {"abilities": ("lifting",)}, {"abilities": ("lifting",)}, YES),
    (rules.intimate, {}, {}, YES),
    (rules.intimate, {"abilities": ("washing",)}, {"cares_for": CaresFor.BOTH}, YES),
    (rules.intimate, {"abilities": ("washing",)}, {"cares_for": CaresFor.WOMEN}, ASK),
    (rules.intimate, {"abilities": ("changing",)}, {}, ASK),
    (rules.gender, {}, {"gender": MAN}, YES),
    (rules.gender, {"gender_wished": WOMAN}, {"gender": WOMAN}, YES),
    (rules.gender, {"gender_wished": WOMAN}, {"gender": MAN}, NO),
    (rules.gender, {"gender_wished": WOMAN}, {}, ASK),
    (rules.pets, {"pets": True}, {"limits": ("pets",)}, NO),
    (rules.pets, {}, {"limits": ("pets",)}, ASK),
    (rules.pets, {"pets": True}, {}, YES),
    (rules.smokers, {"smokers": True}, {"limits": ("smokers",)}, NO),
    (rules.smokers, {"smokers": False}, {"limits": ("smokers",)}, YES),
    (rules.stairs, {"stairs": True}, {"limits": ("stairs",)}, NO),
    (rules.stairs, {}, {"limits": ("stairs",)}, ASK),
]


@pytest.mark.parametrize(("rule", "wanted", "offered", "answer"), TABLE)
def test_a_rule_says(rule: Rule, wanted: dict[str, Any], offered: dict[str, Any], answer: Answer) -> None:
    verdict = rule(Request(**{"starts_on": START, **wanted}), Worker(**offered))
    assert verdict.answer is answer
    for language in ("it", "en"):
        assert "{" not in in_words(verdict, language)


def test_every_rule_has_its_rows() -> None:
    assert {rule for rule, *_ in TABLE} == set(RULES)


def test_a_sentence_has_the_exact_values() -> None:
    worker = Worker(
        is_registered=True, shows_profile=True, may_work=True, works_until=START, towns=("Pandino",)
    )
    request = Request(LATER, town="Crema", needs=("dementia",), hours_week=30)
    told = {verdict.code: in_words(verdict, "en") for verdict in why(request, worker).against}
    assert told == {
        "may_work": "The permit ends on 02.12.2026; it begins on 06.01.2028.",
        "place": "Does not work in Crema.",
        "skill": "Has never cared for: Dementia and Alzheimer's.",
    }


PREFERRED: list[tuple[str, dict[str, Any], dict[str, Any], float | None]] = [
    ("skill", {"needs": ("elderly",)}, {"skills": ("elderly",)}, 0.75),
    ("skill", {"needs": ("elderly",)}, {"skills": ("elderly",), "recognised": ("elderly",)}, 1.0),
    ("skill", {"abilities": ("washing", "lifting")}, {"abilities": ("washing",)}, 0.5),
    ("skill", {}, {"skills": ("elderly",)}, None),
    ("experience", {}, {"years": 10, "good_references": 2}, 1.0),
    ("experience", {}, {"years": 0}, 0.0),
    ("experience", {}, {}, None),
    ("distance", {"town": "Crema"}, {"towns": ("Crema",)}, 1.0),
    ("distance", {"town": "Crema"}, {"towns": ("Soncino",), "transport": ("on_foot",)}, 0.0),
    ("distance", {"town": "Crema"}, {"towns": ("Soncino",)}, None),
    ("distance", {"schedules": ("live_in",)}, {}, 1.0),
    ("italian", {}, {"italian": ItalianLevel.WELL}, 1.0),
    ("language", {"languages": ("uk", "it")}, {"languages": ("uk",)}, 1.0),
    ("language", {"languages": ("it",)}, {"languages": ("it",)}, None),
    ("language", {"languages": ("uk",)}, {"languages": ("it",)}, 0.0),
    ("soon", {}, {"free_from": START}, 1.0),
    ("soon", {}, {"free_from": START + timedelta(15)}, 0.5),
    ("training", {}, {"certificates": ("first_aid", "oss")}, 1.0),
    ("training", {}, {}, 0.0),
    ("continuity", {"known": ("k",)}, {"key": "k"}, 1.0),
    ("continuity", {"known": ("k",)}, {"key": "other"}, 0.0),
    ("continuity", {}, {"key": "k"}, None),
]


@pytest.mark.parametrize(("code", "wanted", "offered", "value"), PREFERRED)
def test_a_preference_gives(
    code: str, wanted: dict[str, Any], offered: dict[str, Any], value: float | None
) -> None:
    given_to = PREFERENCES[code](Request(**{"starts_on": START, **wanted}), Worker(**offered))
    assert given_to == (None if value is None else pytest.approx(value))


def test_the_weights_are_those_of_the_domain_and_a_weight_beside() -> None:
    domain = {"skill": 30, "experience": 20, "distance": 15, "italian": 15, "language": 5, "soon": 10}
    for code, weight in {**domain, "training": 5}.items():
        assert preferences.DEFAULT_WEIGHTS[code] * 5 == weight
    assert set(preferences.DEFAULT_WEIGHTS) == set(PREFERENCES)


def test_distances_are_those_of_the_map_both_ways() -> None:
    assert len(TOWNS) == 48
    assert 4 < kilometres("Crema", "Offanengo") < 6
    assert 11 < kilometres("Crema", "Pandino") < 13
    for one in TOWNS:
        assert kilometres(one, one) == 0
        assert all(0 < kilometres(one, other) < 35 for other in TOWNS if other != one)
        assert all(kilometres(one, other) == kilometres(other, one) for other in TOWNS)


@settings(max_examples=200, deadline=None)
@given(request=requests, worker=workers, set_so=weights)
def test_whatever_is_said_has_words_and_every_number_lies_between_0_and_1(
    request: Request, worker: Worker, set_so: dict[str, int]
) -> None:
    said = why(request, worker, set_so)
    for verdict in said.rules:
        for language in ("it", "en"):
            assert "{" not in in_words(verdict, language)
    assert 0 <= said.score <= 1
    assert all(part.value is None or 0 <= part.value <= 1 for part in said.parts)
    assert not set(said.reasons) & set(said.drawbacks)
