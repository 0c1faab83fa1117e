from __future__ import annotations

import pytest

from translations.glossary import Term, read_glossary
from translations.languages import LANGUAGES, direction
from translations.masking import find_spans


def renderings(text: str, source: str, target: str) -> list[str]:
    spans = find_spans(text, source=source, target=target, glossary=read_glossary())
    return [span.rendering for span in spans]


def test_an_office_word_comes_out_explained_with_its_italian_in_brackets() -> None:
    assert renderings("Serve il permesso di soggiorno", "it", "uk") == [
        "посвідка на проживання (permesso di soggiorno)"
    ]


def test_in_languages_from_right_to_left_the_italian_keeps_its_own_direction() -> None:
    assert renderings("Serve il permesso di soggiorno", "it", "ar") == [
        "تصريح الإقامة (\u2068permesso di soggiorno\u2069)"
    ]


def test_a_word_that_a_language_has_no_name_for_stays_italian() -> None:
    assert renderings("Porti il cedolino", "it", "uk") == ["cedolino"]


def test_plurals_and_capitals_are_read_too() -> None:
    assert renderings("I PERMESSI DI SOGGIORNO", "it", "en") == ["residence permit (permesso di soggiorno)"]


def test_the_longest_term_wins() -> None:
    assert renderings("la ricevuta del permesso di soggiorno", "it", "en") == [
        "receipt of permit application (ricevuta del permesso)"
    ]


@pytest.mark.parametrize(
    ("text", "source", "italian"),
    [
        ("Мені потрібна посвідка на проживання", "uk", "permesso di soggiorno"),
        ("أحتاج إلى تصريح الإقامة", "ar", "permesso di soggiorno"),
        ("I need residence permits", "en", "permesso di soggiorno"),
        ("我需要居留许可", "zh", "permesso di soggiorno"),
        ("Мені потрібна permesso di soggiorno", "uk", "permesso di soggiorno"),
    ],
)
def test_into_italian_the_words_of_a_language_become_the_office_word(
    text: str, source: str, italian: str
) -> None:
    assert renderings(text, source, "it") == [italian]


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "it"])
def test_every_term_comes_back_to_its_italian(language: str) -> None:
    """A back-translation has to say "permesso di soggiorno" once, not twice with brackets."""
    lost = [
        term.italian
        for term in read_glossary().terms
        if renderings(term.rendering(language), language, "it") != [term.italian]
    ]

    assert lost == []


@pytest.mark.parametrize(
    "text", ["Tu sai dove abita", "les cas de la famille", "I did it", "il mio pecorino"]
)
def test_abbreviations_count_in_capitals_alone(text: str) -> None:
    assert [renderings(text, source, "en") for source in ("it", "fr", "en")] == [[], [], []]


def test_every_name_of_a_term_is_written_in_the_script_of_its_language() -> None:
    terms = read_glossary().terms
    assert len(terms) > 60
    for term in terms:
        for language in ("uk", "ar", "pa", "ur", "bn", "zh"):
            for name in term.names.get(language, ()):
                assert any(letter.isalpha() and ord(letter) > 0x370 for letter in name), (term.italian, name)


def test_all_twelve_languages_have_the_words_that_matter_most() -> None:
    by_italian = {term.italian: term for term in read_glossary().terms}
    for italian in (
        "permesso di soggiorno",
        "questura",
        "codice fiscale",
        "residenza",
        "cittadinanza italiana",
    ):
        assert set(by_italian[italian].names) == set(LANGUAGES) - {"it"}


def test_a_term_without_a_name_of_its_own_is_not_put_in_brackets() -> None:
    term = Term("SPID", (), {"en": ("SPID",)})
    assert term.rendering("en") == "SPID"
    assert direction("en") == "ltr"
