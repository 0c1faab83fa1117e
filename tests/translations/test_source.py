"""What the service said in a language, in the Italian wording that it was translated from."""

from __future__ import annotations

import pytest

from translations.catalog import text
from translations.languages import SUPPORTED
from translations.source import source_of

OTHERS = [code for code in SUPPORTED if code != "it"]


@pytest.mark.parametrize("language", OTHERS)
def test_a_sentence_without_values_is_found(language: str) -> None:
    assert source_of(text("system.handed_back", language), language) == text("system.handed_back", "it")


@pytest.mark.parametrize("language", OTHERS)
def test_values_are_put_into_the_italian_sentence(language: str) -> None:
    said = text("system.mediator_joined", language, name="Anna")
    assert source_of(said, language) == text("system.mediator_joined", "it", name="Anna")


@pytest.mark.parametrize("language", OTHERS)
def test_sentences_below_each_other_are_found_together(language: str) -> None:
    said = "\n\n".join(
        [text("system.queue_position", language, position="3"), text("system.handed_back", language)]
    )
    found = source_of(said, language)
    assert found is not None
    assert text("system.queue_position", "it", position="3") in found
    assert text("system.handed_back", "it") in found


def test_what_is_not_ours_has_no_source() -> None:
    assert source_of("Де мій паспорт?", "uk") is None
    assert source_of(text("system.handed_back", "uk") + "\n\nДе мій паспорт?", "uk") is None
