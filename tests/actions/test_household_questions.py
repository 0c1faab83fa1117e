"""More questions for who wants them: none in the way of who does not, each with a way out and a reason."""

from __future__ import annotations

from typing import Any

import pytest

from actions.handoff import facts
from actions.household import HOUSEHOLD_QUESTIONS
from actions.housing import HousingForm, SubmitHousing
from actions.slots import MORE_SLOTS
from actions.turn import read_turn
from tests.actions.fakes import FakeBackoffice, fixed_clock
from tests.actions.test_housing import ALL_ANSWERS, answer
from tests.actions.trackers import Outcome, act, tracker
from translations.catalog import text

MORE = {**ALL_ANSWERS, "more_answers": "yes"}


def press(asked: str, slot: str, choice: str, *, known: dict[str, Any], progress: Any = None) -> Outcome:
    entities = [("field", slot), ("choice", choice)]
    return answer(asked, known=known, entities=entities, progress=progress)


def test_the_summary_offers_more_and_asks_nothing_of_who_sends() -> None:
    shown = answer("person_phone", "333 1234567", known={**ALL_ANSWERS, "person_phone": None})
    assert shown.says("bot.ask_more_answers")
    assert shown.slots["requested_slot"] == "confirmed"
    assert press("confirmed", "confirmed", "send", known=ALL_ANSWERS).slots["requested_slot"] is None


@pytest.mark.parametrize("pressed", [True, False])
def test_who_wants_more_is_asked_one_after_the_other(pressed: bool) -> None:
    if pressed:
        began = press("confirmed", "more_answers", "yes", known=ALL_ANSWERS)
    else:
        began = answer("confirmed", "altre domande", intent="nlu_fallback", known=ALL_ANSWERS)
    assert began.slots["more_answers"] == "yes"
    assert began.slots["requested_slot"] == "near"
    assert began.titles == ["Lavoro", "Autobus", "Treno", "Scuola", "Salta", "Basta domande"]
    assert "Altre domande: " not in began.text


def test_enough_leads_back_to_the_summary_without_the_offer() -> None:
    ended = press("furnished", "more_answers", "enough", known={**MORE, "near": ["bus"], "step_free": True})
    assert ended.says("bot.summary")
    assert not ended.says("bot.ask_more_answers")
    assert ended.titles == ["Invia", "Correggi", "Annulla"]
    assert "Senza scale: S\u00ec" in ended.text
    assert ended.slots["step_free"] is True


def test_every_question_can_be_skipped_until_the_summary() -> None:
    known, asked = dict(MORE), "near"
    progress: dict[str, Any] = {"skipped": []}
    seen = []
    while asked != "confirmed":
        seen.append(asked)
        said = answer(asked, intent="skip", known=known, progress=progress)
        progress, asked = said.slots["form_progress"], said.slots["requested_slot"]
    assert seen == [
        "near", "step_free", "furnished", "working_since", "net_income_eur_month", "guarantor", "permit",
        "present_home", "leaving_reason",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("known", "slot", "is_asked"),
    [
        ({"employment": "unemployed"}, "working_since", False),
        ({"employment": "fixed_term"}, "working_since", True),
        ({"permit": "valid"}, "permit_expires_on", True),
        ({"permit": "none"}, "permit_expires_on", False),
        ({"leaving_reason": "eviction"}, "eviction_on", True),
        ({"leaving_reason": "work"}, "eviction_on", False),
    ],
)
def test_only_what_makes_sense_is_asked(known: dict[str, Any], slot: str, is_asked: bool) -> None:
    [question] = [each for each in HOUSEHOLD_QUESTIONS if each.slot == slot]
    form = HousingForm(FakeBackoffice(), fixed_clock)
    assert form.is_needed(question, {**MORE, **known}) is is_asked


def test_an_income_is_no_rent_and_a_day_of_eviction_no_day_to_move() -> None:
    told = answer("net_income_eur_month", "1300 euro", entities=[("money", 1300)], known=MORE)
    assert (told.slots["net_income_eur_month"], told.slots["budget_eur_month"]) == (1300, 600)
    known = {**MORE, "leaving_reason": "eviction"}
    told = answer("eviction_on", "15/1/2027", entities=[("date", "2027-01-15")], known=known)
    assert (told.slots["eviction_on"], told.slots["move_in_from"]) == ("2027-01-15", "2027-02-01")


@pytest.mark.parametrize(
    ("asked", "typed", "key"),
    [
        ("net_income_eur_month", "90000", "bot.net_income_eur_month_too_high"),
        ("working_since", "1/1/2030", "bot.working_since_to_come"),
        ("permit_expires_on", "1/1/1990", "bot.day_on_paper"),
        ("eviction_on", "1/1/2040", "bot.day_on_paper"),
    ],
)
def test_bad_input_gets_its_own_sentence_and_loses_nothing(asked: str, typed: str, key: str) -> None:
    known = {**MORE, "permit": "valid", "leaving_reason": "eviction"}
    said = answer(asked, typed, known=known)
    assert said.says(key)
    assert said.slots[asked] is None
    kept = {name: said.slots[name] for name in ALL_ANSWERS}
    assert kept == ALL_ANSWERS


@pytest.mark.parametrize(
    ("typed", "entities", "day"),
    [
        ("3 anni", [("years", 3)], "2023-11-01"),
        ("meno di 6 mesi", [], "2026-08-25"),
        ("1/9/2025", [], "2025-09-01"),
    ],
)
def test_how_long_somebody_works_may_be_said_in_any_way(typed: str, entities: Any, day: str) -> None:
    assert answer("working_since", typed, entities=entities, known=MORE).slots["working_since"] == day


def test_several_things_may_be_near() -> None:
    first = press("near", "near", "bus", known=MORE)
    assert first.slots["near"] == ["bus"]
    assert first.slots["requested_slot"] == "near"
    typed = answer("near", "treno e scuola", known=MORE)
    assert typed.slots["near"] == ["train", "school"]


def test_what_was_answered_is_sent_and_homes_are_offered() -> None:
    backoffice = FakeBackoffice()
    slots = {
        **MORE, "near": ["bus"], "step_free": True, "furnished": False, "working_since": "2025-09-01",
        "net_income_eur_month": 1300, "guarantor": True, "permit": "valid", "permit_expires_on": "2027-03-01",
        "present_home": "rented", "leaving_reason": "eviction", "eviction_on": "2027-01-15",
        "confirmed": "send", "form_progress": {"form": "housing_form"},
    }  # fmt: skip
    sent = act(SubmitHousing, tracker("affirm", slots=slots), backoffice=backoffice)
    intake = backoffice.intakes[0].housing
    assert intake is not None
    told = intake.model_dump(mode="json", exclude_none=True)
    assert {name: told[name] for name in MORE_SLOTS} == {name: slots[name] for name in MORE_SLOTS}
    assert sent.titles[0] == text("homes.button.show", "it")
    assert sent.payloads[0] == "choice:homes:show:0"


def test_a_mediator_reads_what_was_answered_and_not_that_more_was_wanted() -> None:
    slots = {**MORE, "step_free": True, "form_progress": {"form": "housing_form"}}
    told = facts(
        read_turn(tracker("ask_human", slots=slots, form="housing_form", asked="furnished"), running="")
    )
    assert any(line.startswith("Senza scale: S\u00ec") for line in told)
    assert not any("Altre domande" in line for line in told)
