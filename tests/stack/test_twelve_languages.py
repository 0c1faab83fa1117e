"""Twelve conversations, one a language, from a greeting to a housing case, typed but for the last button."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.stack.dialogue import Dialogue
from tests.stack.forms import HOUSING_END, number_in
from tests.stack.people import StaffMember, WebCitizen
from tests.stack.processes import Stack
from tests.stack.telegram_citizen import TelegramCitizen
from tests.telegram_emulator.server import TelegramEmulator
from translations.catalog import catalogue
from translations.languages import LANGUAGES, direction

pytestmark = pytest.mark.stack

CONVERSATIONS: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "conversations.yml").read_text(encoding="utf-8")
)
ON_TELEGRAM = ("zh", "ur", "pa")
"""Written on Telegram as well: another channel, other limits."""


def answers(conversation: dict[str, Any]) -> dict[str, str]:
    typed = {f"bot.ask_{slot}": words for slot, words in conversation["answers"].items()}
    return {**typed, "bot.ask_confirmed": "button:bot.button.confirmed_send"}


def test_there_is_a_conversation_in_every_language() -> None:
    assert set(CONVERSATIONS) == set(LANGUAGES)
    romanised = [
        code
        for code, conversation in CONVERSATIONS.items()
        if LANGUAGES[code].script != "Latn" and conversation["opening"].isascii()
    ]
    assert sorted(romanised) == ["ar", "bn", "ur"]


@pytest.mark.parametrize("language", sorted(CONVERSATIONS))
def test_a_person_comes_from_a_greeting_to_a_housing_case(
    stack: Stack, caseworker: StaffMember, language: str
) -> None:
    conversation = CONVERSATIONS[language]
    citizen = WebCitizen(stack.bot_url, language)
    greeted = citizen.ask(conversation["greeting"])
    assert catalogue(language).forms["bot.greet"][0] in [message["text"] for message in greeted]
    number = number_in(
        Dialogue(citizen, language, answers(conversation)).play(conversation["opening"], until=HOUSING_END)
    )
    case = caseworker.case_numbered(number)
    assert case["language"] == language
    assert {name: case["intake"][name] for name in conversation["case"]} == conversation["case"]
    assert case["intake"]["needs"] == conversation["answers"]["housing_needs"]
    said = [message for message in citizen.messages() if message["from"] == "assistant"]
    assert {message["language"] for message in said} == {language}
    assert {message["direction"] for message in said} == {direction(language)}


@pytest.mark.parametrize("language", ON_TELEGRAM)
def test_the_same_on_telegram(telegram: TelegramEmulator, caseworker: StaffMember, language: str) -> None:
    conversation = CONVERSATIONS[language]
    chat_id = 7_100_000 + ON_TELEGRAM.index(language)
    citizen = TelegramCitizen(telegram.person(chat_id, first_name="A", language_code=language))
    dialogue = Dialogue(citizen, language, answers(conversation))
    case = caseworker.case_numbered(number_in(dialogue.play(conversation["opening"], until=HOUSING_END)))
    assert (case["source"], case["language"]) == ("telegram", language)
    assert {name: case["intake"][name] for name in conversation["case"]} == conversation["case"]
