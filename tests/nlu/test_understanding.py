from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from nlu.components.augmentation import Example, augmented
from nlu.components.danger import Danger, read_danger
from nlu.components.language_guess import guess_language
from nlu.components.linear_model import Head, LinearModel, fit
from nlu.components.understanding import (
    EMERGENCY,
    FALLBACK,
    Asked,
    Thresholds,
    Understood,
    _decide,
    understand,
)

TODAY = date(2026, 11, 23)
EXAMPLES = {
    "search_housing": [
        "cerco casa",
        "cerco un appartamento in affitto",
        "looking for a flat",
        "шукаю квартиру",
    ],
    "inform": ["siamo in quattro", "seicento euro", "a Crema", "4 persone"],
    "affirm": ["si", "si va bene", "yes", "так"],
    "deny": ["no", "no grazie", "ні"],
    "skip": ["non lo so", "preferisco non dirlo", "не знаю"],
    EMERGENCY: ["ho bisogno di aiuto adesso", "mi fa male", "help me now"],
}


@pytest.fixture(scope="module")
def model() -> LinearModel:
    pairs = [(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    languages = ["uk" if text[0] > "z" else "it" for text, _ in pairs]
    return fit([text for text, _ in pairs], [intent for _, intent in pairs], languages)


def read(text: str, model: LinearModel, asked: Asked | None = None, threshold: float = 0.0) -> Understood:
    return understand(text, model, today=TODAY, asked=asked, thresholds=Thresholds(threshold, 0.9, 0.9))


def test_probabilities_add_up_to_one(model: LinearModel) -> None:
    assert [head.sum() for head in model.read("cerco casa a Crema")] == pytest.approx([1, 1], abs=1e-4)


def test_a_message_without_any_known_letter_has_no_favourite(model: LinearModel) -> None:
    assert all(np.isfinite(head).all() for head in model.read("…"))


def test_a_model_is_the_same_after_storing_and_holds_no_code(model: LinearModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = LinearModel.load(tmp_path)
    for stored, made in zip(again.read("cerco casa"), model.read("cerco casa"), strict=True):
        assert stored == pytest.approx(made)
    assert {path.suffix for path in tmp_path.iterdir()} == {".npz", ".json"}


def test_under_the_threshold_the_assistant_asks_back_and_keeps_its_guesses(model: LinearModel) -> None:
    understood = read("cerco un appartamento", model, threshold=0.9999)
    assert understood.intent == FALLBACK
    assert understood.ranking[0][0] == FALLBACK
    assert understood.ranking[1][0] == "search_housing"


@pytest.mark.parametrize("text", ["....", "wrtzpq", "жжж"])
def test_a_slip_on_the_keyboard_is_asked_back(text: str, model: LinearModel) -> None:
    assert read(text, model).intent == FALLBACK


def test_a_wish_with_many_values_is_the_wish(model: LinearModel) -> None:
    assert (
        read("cerco un appartamento a Crema, siamo in 4, massimo 600 euro", model).intent == "search_housing"
    )


def test_values_alone_are_inform_however_they_are_written(model: LinearModel) -> None:
    assert read("1050 €", model).intent == "inform"
    assert read("٩٠٠ يورو", model).intent == "inform"


def test_the_open_question_makes_its_answers_likelier(model: LinearModel) -> None:
    confirmed = Asked(form="housing_form", slot="confirmed")
    before = dict(read("ok va", model).ranking)["affirm"]
    assert dict(read("ok va", model, confirmed).ranking)["affirm"] > before


def test_in_a_form_values_are_read_whatever_was_understood(model: LinearModel) -> None:
    asked = Asked(form="care_work_form", slot="years_experience")
    understood = read("7", model, asked, threshold=0.999)
    assert [(each.name, each.value) for each in understood.entities] == [("years", 7)]


@pytest.mark.parametrize(
    "text",
    [
        "mio marito mi picchia",
        "he took my passport",
        "забрали паспорт",
        "بيضربني",
        "kaydrebni",
        "voglio morire",
        "мене замкнули",
    ],
)
def test_words_of_danger_beat_everything_in_a_form_too(text: str, model: LinearModel) -> None:
    assert read(text, model, Asked(form="housing_form", slot="person_name")).intent == EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "devo rinnovare il passaporto",
        "my job is killing me softly",
        "cerco casa",
        "загубив паспорт",
        "جواز السفر",
    ],
)
def test_ordinary_words_are_no_danger(text: str) -> None:
    assert read_danger(text) is not Danger.SAID


def test_a_passport_that_an_office_keeps_is_no_emergency() -> None:
    assert read_danger("he took my passport") is Danger.SAID
    assert read_danger("la questura mi ha preso il passaporto") is Danger.HINTED


def test_an_emergency_is_believed_below_the_threshold_of_other_intents(model: LinearModel) -> None:
    understood = understand("aiuto adesso", model, today=TODAY, thresholds=Thresholds(0.999, 0.05, 0.3))
    assert understood.intent == EMERGENCY


@pytest.mark.parametrize(("confidence", "expected"), [(0.45, FALLBACK), (0.7, "ask_benefits")])
def test_in_a_form_a_doubtful_topic_is_left_to_the_form(confidence: float, expected: str) -> None:
    ranking = (("ask_benefits", confidence), ("inform", 0.1))
    in_form = Asked(form="care_work_form", slot="person_name")
    assert _decide(ranking, Danger.NONE, in_form, Thresholds())[0] == expected
    assert _decide(ranking, Danger.NONE, Asked(), Thresholds())[0] == "ask_benefits"


class Frightened(LinearModel):
    """A model that takes everything for an emergency, half surely."""

    def __init__(self) -> None:
        object.__setattr__(self, "intents", Head((EMERGENCY, "inform"), 1.0))
        object.__setattr__(self, "languages", Head(("it",), 1.0))

    def read(self, message: str) -> tuple[np.ndarray, np.ndarray]:
        return np.array([0.5, 0.5 - 1e-6]), np.array([1.0])

    def knows_a_word(self, message: str) -> bool:
        return True


@pytest.mark.parametrize(
    ("message", "asked", "is_emergency"),
    [
        ("daba", Asked(form="housing_form", slot="move_in_from"), False),
        ("daba", Asked(), True),
        ("mi picchia", Asked(form="housing_form", slot="move_in_from"), True),
    ],
)
def test_a_short_answer_without_a_word_of_danger_does_not_end_a_form(
    message: str, asked: Asked, is_emergency: bool
) -> None:
    understood = understand(message, Frightened(), today=TODAY, asked=asked)
    assert (understood.intent == EMERGENCY) is is_emergency


def test_a_greeting_before_a_wish_is_part_of_the_wish() -> None:
    examples = [
        Example("buongiorno", "greet", "it"),
        *(Example(f"cerco casa {n}", "search_housing", "it") for n in range(40)),
    ]
    made = augmented(examples)[len(examples) :]
    assert made
    assert all(each.intent == "search_housing" and each.text.startswith("buongiorno") for each in made)


def test_examples_are_made_from_wishes_and_values() -> None:
    examples = [
        Example("cerco casa", "search_housing", "it"),
        Example("siamo in 4", "inform", "it", frozenset({"people"})),
        Example("max 600 euro", "inform", "it", frozenset({"money"})),
    ]
    made = augmented(examples)[len(examples) :]
    assert made == augmented(examples)[len(examples) :]
    assert {each.intent for each in made} == {"search_housing", "inform"}
    assert all(each.text.startswith("cerco casa") for each in made if each.intent == "search_housing")


LABELS = ("ar", "bn", "en", "it", "pa", "uk", "ur", "zh")


@pytest.mark.parametrize(
    ("text", "likely", "given", "expected"),
    [
        ("шукаю роботу", "it", "it", "uk"),
        ("أبحث عن بيت", "ar", None, "ar"),
        ("گھر چاہیے", "ur", "ar", "ur"),
        ("ਘਰ", "ur", None, "pa"),
        ("bghit dar", "ar", "it", "ar"),
        ("我要房子", "bn", None, "zh"),
        ("i need a house for my family", "en", "it", "en"),
    ],
)
def test_the_script_and_the_model_say_the_language(
    text: str, likely: str, given: str | None, expected: str
) -> None:
    probabilities = np.array([0.93 if label == likely else 0.01 for label in LABELS], dtype=np.float32)
    assert guess_language(text, LABELS, probabilities, given).code == expected


def test_in_doubt_the_language_of_the_conversation_is_likelier_and_two_are_read() -> None:
    probabilities = np.array([0.0, 0.0, 0.4, 0.5, 0.1, 0.0, 0.0, 0.0], dtype=np.float32)
    assert guess_language("ok casa", LABELS, probabilities, "en").code == "en"
    assert guess_language("ok casa", LABELS, probabilities).likely == ("it", "en")
