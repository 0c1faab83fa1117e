"""What each hard rule says of a household and a home: yes, no, or ask."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from backoffice.client.schemas import Employment
from backoffice.housing_match import rules
from backoffice.housing_match.engine import why
from backoffice.housing_match.rules import RULES, Answer, Rule
from backoffice.housing_match.sides import Home, Household
from backoffice.housing_match.wording import in_words
from backoffice.listing.models import IncomeAsked
from tests.backoffice.housing_match.pairs import homes, households

YES, NO, ASK = Answer.YES, Answer.NO, Answer.ASK
WANTED = date(2026, 12, 2)
ANY, PERMANENT = IncomeAsked.ANY_CONTRACT, IncomeAsked.PERMANENT

TABLE: list[tuple[Rule, dict[str, Any], dict[str, Any], Answer]] = [
    (rules.town, {"towns": ("Crema", "Offanengo")}, {"town": "Offanengo"}, YES),
    (rules.town, {"towns": ("Crema",)}, {"town": "Pandino"}, NO),
    (rules.town, {}, {"town": "Pandino"}, ASK),
    (rules.rent, {"budget": 610}, {"rent": 550, "expenses": 60}, YES),
    (rules.rent, {"budget": 609}, {"rent": 550, "expenses": 60}, NO),
    (rules.rent, {"budget": 550}, {"rent": 550}, ASK),
    (rules.rent, {"budget": 549}, {"rent": 550}, NO),
    (rules.rent, {"budget": 550}, {}, ASK),
    (rules.rent, {}, {"rent": 550, "expenses": 0}, ASK),
    (rules.people, {"people": 5}, {"max_people": 5}, YES),
    (rules.people, {"people": 6}, {"max_people": 5}, NO),
    (rules.people, {"people": 5}, {}, ASK),
    (rules.people, {}, {"max_people": 5}, ASK),
    (rules.free_in_time, {"home_from": WANTED}, {"available_from": WANTED}, YES),
    (rules.free_in_time, {"home_from": WANTED}, {"available_from": date(2027, 1, 31)}, YES),
    (rules.free_in_time, {"home_from": WANTED}, {"available_from": date(2027, 2, 1)}, NO),
    (rules.free_in_time, {}, {"available_from": WANTED}, ASK),
    (rules.free_in_time, {"home_from": WANTED}, {}, ASK),
    (rules.residence, {}, {}, YES),
    (rules.residence, {}, {"residence_allowed": False}, NO),
    (rules.step_free, {"step_free": True}, {"step_free": True}, YES),
    (rules.step_free, {"step_free": True}, {"step_free": False, "floor": 0}, NO),
    (rules.step_free, {"step_free": True}, {"floor": 2, "lift": False}, NO),
    (rules.step_free, {"step_free": True}, {"floor": 2, "lift": True}, ASK),
    (rules.step_free, {"step_free": True}, {}, ASK),
    (rules.step_free, {"step_free": False}, {"step_free": False}, YES),
    (rules.step_free, {}, {"step_free": False}, ASK),
    (rules.income, {}, {}, YES),
    (rules.income, {"employment": Employment.FIXED_TERM}, {"income_asked": ANY}, YES),
    (
        rules.income,
        {"employment": Employment.FIXED_TERM, "guarantor": False},
        {"income_asked": PERMANENT},
        NO,
    ),
    (
        rules.income,
        {"employment": Employment.UNEMPLOYED, "guarantor": True},
        {"income_asked": PERMANENT},
        YES,
    ),
    (rules.income, {"employment": Employment.UNEMPLOYED}, {"income_asked": ANY}, ASK),
    (
        rules.income,
        {"employment": Employment.UNEMPLOYED, "guarantor": True},
        {"income_asked": ANY, "guarantor_accepted": False},
        NO,
    ),
    (rules.income, {"guarantor": False}, {"income_asked": ANY}, ASK),
    (rules.pets, {"pets": True}, {"pets": True}, YES),
    (rules.pets, {"pets": True}, {"pets": False}, NO),
    (rules.pets, {"pets": True}, {}, ASK),
    (rules.pets, {"pets": False}, {"pets": False}, YES),
    (rules.pets, {}, {"pets": False}, ASK),
    (rules.rooms, {"rooms": 3}, {"rooms": 3}, YES),
    (rules.rooms, {"rooms": 4}, {"rooms": 3}, NO),
    (rules.rooms, {}, {"rooms": 1}, YES),
]


@pytest.mark.parametrize(("rule", "needs", "offer", "answer"), TABLE)
def test_a_rule_says(rule: Rule, needs: dict[str, Any], offer: dict[str, Any], answer: Answer) -> None:
    verdict = rule(Household(**needs), Home(**{"town": "Crema", "rooms": 3, **offer}))
    assert verdict.answer is answer
    for language in ("it", "en"):
        assert "{" not in in_words(verdict, language)


def test_every_rule_has_its_rows() -> None:
    assert {rule for rule, *_ in TABLE} == set(RULES)


def test_a_sentence_has_the_exact_values() -> None:
    household = Household(towns=("Crema", "Offanengo"), budget=550, people=5, home_from=WANTED)
    home = Home("Pandino", 3, rent=550, expenses=60, max_people=4, available_from=date(2027, 3, 1))
    told = {verdict.code: in_words(verdict, "en") for verdict in why(household, home).against}
    assert told == {
        "town": "It is in Pandino: they look in Crema or Offanengo.",
        "rent": "Rent and expenses 610 € are over the budget 550 €.",
        "people": "They are 5: the home holds 4.",
        "date": "Free only from 01.03.2027: 89 days after 02.12.2026, 60 at most.",
    }


def test_what_is_not_known_excludes_nobody() -> None:
    said = why(Household(), Home("Crema", 3))
    assert said.fits
    assert {rule.code for rule in said.to_ask} == {"town", "rent", "people", "date", "step_free", "pets"}


@settings(max_examples=300, deadline=None)
@given(household=households, home=homes)
def test_whatever_a_rule_says_has_words_with_every_value(household: Household, home: Home) -> None:
    for verdict in why(household, home).rules:
        for language in ("it", "en"):
            assert "{" not in in_words(verdict, language)
