"""What the contract gives, courses and the wish for one, and which problem at work."""

from __future__ import annotations

from typing import Any

import pytest

from actions.care_rights import RIGHTS, TellCareRights
from actions.care_training import TOLD, TellCareTraining
from actions.menu import ShowMenu
from actions.reception import RegisterNeed
from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.schemas import WorkProblem
from tests.actions.fakes import FakeBackoffice
from tests.actions.trackers import Outcome, act, tracker
from translations.languages import SUPPORTED


def rights(text: str = "", backoffice: FakeBackoffice | None = None, **message: Any) -> Outcome:
    return act(TellCareRights, tracker("ask_care_contract", text, **message), backoffice)


def training(choice: str | None, backoffice: FakeBackoffice | None = None, **message: Any) -> Outcome:
    entities = [("choice", choice)] if choice else []
    return act(TellCareTraining, tracker("ask_care_training", entities=entities, **message), backoffice)


def test_the_menu_leads_to_the_contract_and_the_contract_to_everything() -> None:
    assert "/ask_care_contract" in act(ShowMenu, tracker("ask_menu")).payloads
    said = rights()
    assert said.says("bot.care_contract")
    assert said.payloads[:2] == ["/count_pay", "/count_notice"]
    for code in RIGHTS:
        assert f'/ask_care_contract{{"choice": "{code}"}}' in said.payloads
    assert "/report_work_problem" in said.payloads


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_right_is_told_in_every_language_with_its_source_and_the_desk(language: str) -> None:
    backoffice = FakeBackoffice()
    backoffice.office = backoffice.office.model_copy(update={"phone": "0373 000000"})
    for code in RIGHTS:
        said = rights(backoffice=backoffice, language=language, entities=[("choice", code)])
        assert said.says(f"bot.care_right_{code}", language)
        assert ".it" in said.text or ".eu" in said.text
        assert "2026" in said.text
        assert "0373 000000" in said.text


@pytest.mark.parametrize(
    ("language", "typed", "code"),
    [
        ("it", "quanti giorni di ferie ho?", "rest"),
        ("it", "cos'è il tfr", "severance"),
        ("uk", "мені потрібна відпустка", "rest"),
        ("es", "estoy embarazada", "maternity"),
        ("ar", "أنا مريضة", "sick"),
        ("bn", "ছুটি কত দিন", "rest"),
        ("zh", "有没有病假", "sick"),
        ("pa", "chutti kinni", "rest"),
        ("ro", "dacă sunt bolnavă", "sick"),
        ("ur", "چھٹی کتنی ہے", "rest"),
    ],
)
def test_a_right_that_is_named_is_told_at_once(language: str, typed: str, code: str) -> None:
    assert rights(typed, language=language).says(f"bot.care_right_{code}", language)


def test_without_an_office_the_right_is_told_all_the_same() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    assert rights(backoffice=backoffice, entities=[("choice", "sick")]).says("bot.care_right_sick")


@pytest.mark.parametrize("language", SUPPORTED)
def test_courses_and_experience_are_told_in_every_language(language: str) -> None:
    for code in TOLD:
        said = training(code, language=language)
        assert said.says(f"bot.care_training_{code}", language)
        assert "15/2015" in said.text
        assert '/ask_care_training{"choice": "wish"}' in said.payloads


def test_a_wish_for_a_course_becomes_one_case() -> None:
    backoffice = FakeBackoffice()
    said = training("wish", backoffice)
    [sent] = backoffice.receptions
    assert (sent.need, sent.note) == ("care_work", "Corsi per badanti: Voglio fare un corso")
    assert "2026-0001" in said.text
    again = training("wish", backoffice, slots={"registered_needs": said.slots["registered_needs"]})
    assert "2026-0001" in again.text
    assert len(backoffice.receptions) == 1


def test_a_wish_that_is_not_registered_can_be_sent_again() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    said = training("wish", backoffice)
    assert said.says("bot.need_not_registered")
    assert '/ask_care_training{"choice": "wish"}' in said.payloads


def test_a_problem_at_work_is_registered_and_asked_which() -> None:
    said = act(RegisterNeed, tracker("report_work_problem", "non mi pagano", confidence=0.9))
    assert said.says("bot.which_work_problem")
    assert [p for p in said.payloads if p.startswith("choice:work:")] == [
        f"choice:work:{problem.value}" for problem in WorkProblem
    ]


def test_a_problem_that_is_known_may_have_become_another_one() -> None:
    known = {"registered_needs": {"report_work_problem": "2026-0001"}}
    said = act(RegisterNeed, tracker("report_work_problem", "sono chiusa in casa", slots=known))
    assert said.says("bot.need_known")
    assert "choice:work:locked_in" in said.payloads
