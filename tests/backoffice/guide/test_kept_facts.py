from __future__ import annotations

import pytest

from backoffice.guide.kept_facts import lost_facts
from backoffice.guide.readability import HARD_BELOW, gulpease
from backoffice.guide.topics import read_guide
from translations.catalog import catalogue
from translations.languages import LANGUAGES, SOURCE

ITALIAN = (
    "Chiama lo 0373 286175 o il 112 entro il 3 marzo 2027. Costa 116,46 euro o 2.000 euro, vedi unar.it e "
    "scrivi a info@esempio.it."
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_delivered_translation_has_lost_a_fact(language: str) -> None:
    keys = {key for entry in read_guide().topics.values() for key in entry.text_keys()}
    italian, translated = catalogue(SOURCE).forms, catalogue(language).forms

    lost = {key: lost_facts(italian[key][0], translated[key][0], language) for key in keys}

    assert {key: facts for key, facts in lost.items() if facts} == {}


@pytest.mark.parametrize(
    ("there", "instead", "lost"),
    [
        ("0373 286175", "0373 286157", "0373 286175"),
        ("112", "113", "112"),
        ("3 marzo", "5 marzo", "3 marzo"),
        ("2027", "2028", "2027"),
        ("116,46", "116,64", "116,46 euro"),
        ("2.000", "200", "2.000 euro"),
        ("unar.it", "unar.com", "unar.it"),
        ("info@esempio.it", "info@esempio.com", "info@esempio.it"),
    ],
)
def test_a_fact_that_is_changed_or_left_out_is_named_as_the_italian_writes_it(
    there: str, instead: str, lost: str
) -> None:
    assert lost_facts(ITALIAN, ITALIAN, "en") == []
    assert lost in lost_facts(ITALIAN, ITALIAN.replace(there, instead), "en")


def test_a_number_may_be_written_as_its_language_writes_it() -> None:
    assert lost_facts("Costa 2.126,46 euro.", "It costs 2,126.46 euros.", "en") == []
    assert lost_facts("Costa 2.126,46 euro.", "٢٬١٢٦٫٤٦ يورو", "ar") == []
    assert lost_facts("Costa 2.126,46 euro.", "Coût : 2 126,46 euros.", "fr") == []


def test_placeholders_are_the_same_on_both_sides() -> None:
    assert lost_facts("Apre il {day}.", "It opens.", "en") == ["{day}"]
    assert lost_facts("Apre.", "It opens {day}.", "en") == ["{day}"]


def test_the_index_of_readability_is_that_of_its_formula() -> None:
    # 2 sentences, 6 words, 24 letters: 89 + (300 x 2 - 10 x 24) / 6 = 149, at most 100.
    assert gulpease("Vai in Comune. Porta il passaporto.") == 100
    # 1 sentence, 8 words, 65 letters: 89 + (300 - 650) / 8 = 45.25.
    hard = "Presentare documentazione attestante residenza continuativa presso amministrazione comunale"
    letters = len(hard.replace(" ", ""))
    assert gulpease(hard) == max(0, round(89 + (300 - 10 * letters) / 8)) < HARD_BELOW


def test_what_has_no_words_is_not_hard() -> None:
    assert gulpease("112!") == 100
    assert gulpease("…") == 100
