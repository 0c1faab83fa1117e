"""Conversations as different people write them: by half, all at once, changing their mind, in danger."""

from __future__ import annotations

import re

import pytest

from tests.stack.dialogue import Dialogue
from tests.stack.forms import CASE_NUMBER, HOUSING_ANSWERS, HOUSING_END, number_in
from tests.stack.people import StaffMember, WebCitizen
from tests.stack.processes import Stack

pytestmark = pytest.mark.stack


def said(citizen: WebCitizen, words: str) -> str:
    """Say something and return the whole answer."""
    return "\n".join(message["text"] for message in citizen.ask(words))


def labels(citizen: WebCitizen, words: str) -> list[str]:
    """Say something and return the buttons of the answer."""
    return [button["label"] for message in citizen.ask(words) for button in message["buttons"]]


def test_everything_in_one_message_leaves_four_questions(stack: Stack, caseworker: StaffMember) -> None:
    citizen = WebCitizen(stack.bot_url, "it")
    opening = (
        "Ciao sono Fatou cerco casa a Crema o Offanengo siamo 4 persone, 2 bambini piccoli, bilocale, "
        "guadagno 1400 euro e posso pagare max 650 al mese, il mio numero 333 1234567"
    )
    answers = {**HOUSING_ANSWERS, "bot.ask_person_name": "mi chiamo Fatou Diop"}
    dialogue = Dialogue(citizen, "it", answers)
    case = caseworker.case_numbered(number_in(dialogue.play(opening, until=HOUSING_END)))
    asked = ["move_in_from", "employment", "housing_needs", "person_name", "confirmed"]
    assert dialogue.asked == [f"bot.ask_{slot}" for slot in asked]
    assert case["intake"]["municipalities"] == ["Crema", "Offanengo"]
    facts = [case["intake"][name] for name in ("people", "minors", "rooms", "budget_eur_month")]
    assert facts == [4, 2, 2, 650]
    assert (case["person"]["name"], case["person"]["phone"]) == ("Fatou Diop", "+393331234567")


def test_half_a_town_is_asked_back_until_it_is_clear(stack: Stack, caseworker: StaffMember) -> None:
    citizen = WebCitizen(stack.bot_url, "en")
    assert "Casaletto Vaprio" in labels(citizen, "hello i need house for rent in Casaletto")
    assert "Casaletto Vaprio" in labels(citizen, "what time do you open?")
    chosen = citizen.press("Casaletto Vaprio")
    assert "How many people" in citizen.answer_to(chosen)[-1]["text"]
    assert "rooms" in said(citizen, "we are me, my wife and 3 kids")
    assert "rent" in said(citizen, "i dont know")
    said(citizen, "around 500 or 600")
    said(citizen, "also in Pandino")
    answers = {**HOUSING_ANSWERS, "bot.ask_employment": "my husband has a permanent job"}
    number = number_in(Dialogue(citizen, "en", answers).play("no wait the budget is 550", until=HOUSING_END))
    intake = caseworker.case_numbered(number)["intake"]
    assert intake["municipalities"] == ["Casaletto Vaprio", "Pandino"]
    assert (intake["people"], intake["minors"], intake["rooms"]) == (5, 3, None)
    assert (intake["budget_eur_month"], intake["employment"]) == (550, "permanent")


def test_a_form_is_stopped_resumed_and_goes_on_in_another_language(stack: Stack) -> None:
    citizen = WebCitizen(stack.bot_url, "it")
    said(citizen, "cerco casa a Pandino siamo in 3")
    assert "Riprendi: casa" in labels(citizen, "basta")
    assert "Riprendi: casa" in labels(citizen, "vorrei continuare")
    assert "meno di 18" in citizen.answer_to(citizen.press("Riprendi: casa"))[-1]["text"]
    assert "under 18" in said(citizen, "english please")
    assert "How many rooms" in said(citizen, "1")


def test_danger_inside_a_form_gives_the_numbers_and_the_facts_to_a_person(
    stack: Stack, caseworker: StaffMember
) -> None:
    citizen = WebCitizen(stack.bot_url, "it")
    said(citizen, "cerco casa a Crema, siamo in 2")
    answer = said(citizen, "non ce la faccio più, voglio morire")
    assert "112" in answer
    assert "resta qui con me" in answer
    conversation = caseworker.wait_for_mode(citizen.session["conversation_id"], "waiting")
    assert conversation["urgent"] is True
    assert "Comuni: Crema (scritto dalla persona)" in conversation["summary"]
    assert "Persone: 2 (scritto dalla persona)" in conversation["summary"]


def test_a_form_left_for_a_person_goes_on_after_the_hand_back(stack: Stack, caseworker: StaffMember) -> None:
    citizen = WebCitizen(stack.bot_url, "it")
    conversation_id = citizen.session["conversation_id"]
    said(citizen, "cerco casa a Pandino siamo in 3")
    said(citizen, "voglio parlare con una persona")
    held = caseworker.claim(conversation_id)
    caseworker.post(f"/conversations/{conversation_id}/release", {"epoch": held["epoch"]})
    caseworker.wait_for_mode(conversation_id, "assistant")
    assert "Riprendi: casa" in labels(citizen, "ok continuiamo con la casa")
    answer = citizen.answer_to(citizen.press("Riprendi: casa"))
    assert "meno di 18" in answer[-1]["text"]


def test_a_need_that_is_not_sure_becomes_no_case(stack: Stack) -> None:
    citizen = WebCitizen(stack.bot_url, "en")
    said(citizen, "I need a home in Crema")
    answer = said(citizen, "my mother is in a wheelchair")
    assert re.search(CASE_NUMBER, answer) is None
    assert "How many people" in answer
