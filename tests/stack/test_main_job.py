"""The main job: from the first words to a structured case in front of a caseworker."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from backoffice.settings import DATABASE_FILE
from tests.stack.dialogue import Dialogue
from tests.stack.forms import (
    CARE_WORK_ANSWERS,
    CARE_WORK_END,
    HOUSING_ANSWERS,
    HOUSING_END,
    number_in,
)
from tests.stack.people import StaffMember, WebCitizen
from tests.stack.processes import NAMES, Stack, wait_for
from tests.stack.telegram_citizen import TelegramCitizen
from tests.telegram_emulator.server import TelegramEmulator

pytestmark = pytest.mark.stack


def forms_of(stack: Stack, conversation_id: str) -> list[tuple[str, bool]]:
    """Return the forms that a conversation began, and whether they were sent, as planning counts them."""
    with closing(sqlite3.connect(stack.data_dir / DATABASE_FILE)) as database:
        found = database.execute(
            "SELECT case_type, sent FROM form_course WHERE conversation_id = ? ORDER BY began_at",
            (conversation_id,),
        ).fetchall()
    return [(case_type, bool(sent)) for case_type, sent in found]


def test_make_up_ends_with_four_healthy_processes_and_says_where_to_go(stack: Stack) -> None:
    assert all(stack.is_healthy(name) for name in NAMES)
    printed = stack.output.read_text()
    assert stack.bot_url in printed
    assert stack.backoffice_url in printed
    assert "mediator.uk@demo.sportello" in printed
    assert len({stack.pid(name) for name in NAMES}) == len(NAMES)


def test_what_was_said_at_first_is_not_asked_again_on_telegram(
    telegram: TelegramEmulator, caseworker: StaffMember
) -> None:
    citizen = TelegramCitizen(telegram.person(7_000_001, first_name="Amina", language_code="it"))
    dialogue = Dialogue(citizen, "it", HOUSING_ANSWERS)
    number = number_in(
        dialogue.play("cerco un bilocale a Crema, siamo in 4, massimo 600 euro", until=HOUSING_END)
    )
    told = {"bot.ask_municipalities", "bot.ask_people", "bot.ask_rooms", "bot.ask_budget_eur_month"}
    assert told & set(dialogue.asked) == set()
    case = caseworker.case_numbered(number)
    assert case["type"] == "housing"
    assert case["source"] == "telegram"
    assert case["intake"]["municipalities"] == ["Crema"]
    assert case["intake"]["people"] == 4
    assert case["intake"]["rooms"] == 2
    assert case["intake"]["budget_eur_month"] == 600
    asked = citizen.send("a che punto è la mia richiesta?")
    wait_for(
        "the status with the number",
        lambda: [message for message in citizen.heard_after(asked) if number in message["text"]],
        context=citizen.transcript,
    )


@pytest.mark.parametrize(
    ("language", "opening"),
    [
        ("uk", "Хочу працювати баданте, маю досвід 5 років, можу з проживанням, доглядала людей з деменцією"),
        ("uk", "Шукаю роботу доглядальниці"),
        ("ar", "عايزة اشتغل بادانتي، عندي خبرة ٥ سنين، ممكن أقيم مع العيلة، واشتغلت مع مرضى الزهايمر"),
        ("ar", "بدور على شغل بادانتي"),
    ],
)
def test_registering_for_care_work_ends_in_a_case_with_the_codes(
    stack: Stack, caseworker: StaffMember, language: str, opening: str
) -> None:
    citizen = WebCitizen(stack.bot_url, language)
    dialogue = Dialogue(citizen, language, CARE_WORK_ANSWERS[language])
    number = number_in(dialogue.play(opening, until=CARE_WORK_END))
    case = caseworker.case_numbered(number)
    assert case["type"] == "care_work"
    assert case["intake"]["years_experience"] == 5
    assert case["intake"]["schedules"] == ["live_in"]
    assert case["intake"]["skills"] == ["dementia"]
    assert case["language"] == language
    assert forms_of(stack, case["conversation"]) == [("care_work", True)]
    spoken = {message["language"] for message in citizen.messages() if message["from"] == "assistant"}
    assert spoken == {language}
    directions = {m["direction"] for m in citizen.messages() if m["from"] == "assistant"}
    assert directions == ({"rtl"} if language == "ar" else {"ltr"})


def test_a_form_is_interrupted_by_a_question_and_goes_on(stack: Stack, caseworker: StaffMember) -> None:
    citizen = WebCitizen(stack.bot_url, "it")
    citizen.ask("cerco casa a Pandino")
    answer = citizen.ask("dove si trova il vostro ufficio?")
    assert any("Goldaniga" in message["text"] for message in answer)
    assert any("Quante persone" in message["text"] for message in answer)
    dialogue = Dialogue(citizen, "it", HOUSING_ANSWERS)
    number = number_in(dialogue.play("siamo in 3", until=HOUSING_END))
    intake = caseworker.case_numbered(number)["intake"]
    assert (intake["municipalities"], intake["people"]) == (["Pandino"], 3)


def test_an_answer_is_corrected_before_it_is_sent(stack: Stack, caseworker: StaffMember) -> None:
    citizen = WebCitizen(stack.bot_url, "it")
    citizen.ask("cerco casa a Crema per 4 persone, massimo 600 euro")
    citizen.ask("no, siamo in 5")
    dialogue = Dialogue(citizen, "it", HOUSING_ANSWERS)
    number = number_in(dialogue.play("2", until=HOUSING_END))
    assert caseworker.case_numbered(number)["intake"]["people"] == 5


def test_a_form_goes_on_after_every_process_was_restarted(stack: Stack, caseworker: StaffMember) -> None:
    citizen = WebCitizen(stack.bot_url, "it")
    citizen.ask("cerco casa a Castelleone, siamo in 2")
    for name in NAMES:
        with stack.stopped(name):
            pass
    dialogue = Dialogue(citizen, "it", HOUSING_ANSWERS)
    number = number_in(dialogue.play("nessun minore", until=HOUSING_END))
    intake = caseworker.case_numbered(number)["intake"]
    assert (intake["municipalities"], intake["people"]) == (["Castelleone"], 2)
