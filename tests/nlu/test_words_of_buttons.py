"""Whoever types what a button says is understood as if it had been pressed, in every language.

The topics of the web page's first screen are sent as the person's own words. Asked of the trained model of
the whole data, which `make test` makes first.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from nlu.components.understanding import EMERGENCY
from nlu.model_files import newest_model
from nlu.parse import Reader, read_model, read_thresholds
from nlu.settings import ROOT
from translations.languages import LANGUAGES

WEB_TOPICS = {
    "web.topic_housing": "search_housing",
    "web.topic_care_work": "register_care_worker",
    "web.topic_residence_permit": "ask_residence_permit",
    "web.topic_human": "ask_human",
}
TITLE = "bot.button.intent_"
LEAST_UNDERSTOOD = 0.93
"""Of the titles of a language: one or two words without a sentence may need to be asked back."""


@pytest.fixture(scope="module")
def reader() -> Reader:
    models = os.environ.get("SPORTELLO_TEST_MODELS")
    if not models:
        pytest.skip("SPORTELLO_TEST_MODELS names no trained model; `make test` trains one")
    return Reader(read_model(newest_model(Path(models))), read_thresholds(ROOT / "config.yml"))


def texts(language: str, area: str) -> Iterator[tuple[str, str]]:
    with (ROOT / "translations" / language / f"{area}.po").open("rb") as file:
        yield from ((str(entry.context), str(entry.string)) for entry in read_po(file) if entry.context)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_titles_of_buttons_are_understood_when_they_are_typed(language: str, reader: Reader) -> None:
    titles = [
        (key.removeprefix(TITLE), text) for key, text in texts(language, "bot") if key.startswith(TITLE)
    ]
    wrong = [
        (intent, text, understood.intent)
        for intent, text in titles
        if (understood := reader.read(text, language)).intent != intent
    ]
    assert len(wrong) <= len(titles) * (1 - LEAST_UNDERSTOOD), wrong
    assert EMERGENCY not in [intent for intent, _, _ in wrong], wrong


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_topics_of_the_web_page_are_understood(language: str, reader: Reader) -> None:
    wrong = [
        (text, understood.intent)
        for key, text in texts(language, "web")
        if key in WEB_TOPICS and (understood := reader.read(text, language)).intent != WEB_TOPICS[key]
    ]
    assert wrong == []
