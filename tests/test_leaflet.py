"""The citizens' leaflet says in every language what the chat does and what its buttons are called."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backoffice.retention.policy import Purpose, spans
from translations import catalog
from translations.languages import LANGUAGES, SOURCE, direction

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "leaflet"
NAMED_BUTTONS = (
    "bot.button.human",
    "bot.button.intent_change_language",
    "bot.button.intent_ask_case_status",
    "bot.button.intent_stop",
    "bot.button.intent_delete_my_data",
    "system.button.rights_sees",
    "system.button.rights_copy",
    "web.quick_exit",
)
NUMBERS = ("112", "1522", "800 290 290", "47", "90", "26", "2026", "/start", "www.garanteprivacy.it")


def leaflet(language: str) -> str:
    return (FOLDER / f"{language}.md").read_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_leaflet_names_the_buttons_as_the_chat_does(language: str) -> None:
    words = " ".join(leaflet(language).split())
    assert [key for key in NAMED_BUTTONS if catalog.text(key, language) not in words] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_leaflet_has_the_numbers_and_the_parts_of_the_italian_one(language: str) -> None:
    words = leaflet(language)
    assert [number for number in NUMBERS if number not in words] == []
    for mark in (r"^# ", r"^## ", r"^\* "):
        assert len(re.findall(mark, words, re.MULTILINE)) == len(
            re.findall(mark, leaflet(SOURCE), re.MULTILINE)
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_leaflet_says_its_language_and_runs_as_it_is_written(language: str) -> None:
    opening = leaflet(language).splitlines()[0]
    assert f'lang="{language}"' in opening
    assert ('dir="rtl"' in opening) == (direction(language) == "rtl")


def test_the_leaflets_spans_are_those_that_data_are_kept() -> None:
    assert spans(None)[Purpose.CHAT_WITHOUT_CASE].days == 90
    assert spans(None)[Purpose.CLOSED_CASE].days == 5 * 365
