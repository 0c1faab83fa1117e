"""A person who writes in another language than the one chosen is offered it, once."""

from __future__ import annotations

import pytest
from rasa_sdk import Tracker

from actions.conversation import AskBack, ChangeLanguage
from actions.housing import HousingForm
from actions.menu import ShowMenu
from tests.actions.trackers import act, tracker


def wrote(text: str, code: str, confidence: float = 0.97, *, slots: dict[str, str] | None = None) -> Tracker:
    return tracker("ask_menu", text, written={"code": code, "confidence": confidence}, slots=slots)


def test_the_offer_stands_in_both_languages_and_changes_nothing_by_itself() -> None:
    said = act(ShowMenu, wrote("що ти вмієш", "uk"))
    assert "Відповідати цією мовою: Українська?" in said.text
    assert "Vuoi che risponda in questa lingua: Українська?" in said.text
    assert said.titles[-2:] == ["Українська", "Italiano"]
    assert said.slots["language_offered"] == "uk"
    assert "language" not in said.slots


@pytest.mark.parametrize(
    ("text", "code", "confidence"),
    [
        ("menu please", "en", 0.97),  # two words are borrowed by everybody
        ("what can you do for me", "en", 0.7),
        ("che cosa sai fare per me", "it", 0.99),
        ("what can you do for me", "xx", 0.99),
    ],
)
def test_what_is_short_unsure_or_the_same_language_is_no_reason_to_offer(
    text: str, code: str, confidence: float
) -> None:
    assert "language_offered" not in act(ShowMenu, wrote(text, code, confidence)).slots


def test_romanised_writing_is_recognised_as_its_language() -> None:
    said = act(ShowMenu, wrote("shno te9der tdir liya", "ar"))
    assert said.slots["language_offered"] == "ar"


def test_the_same_language_is_offered_once() -> None:
    said = act(ShowMenu, wrote("що ти вмієш", "uk", slots={"language_offered": "uk"}))
    assert "language_offered" not in said.slots


def test_who_asks_for_a_language_and_who_gives_values_is_not_asked_about_it() -> None:
    for step, intent in ((ChangeLanguage, "change_language"), (AskBack, "inform")):
        found = tracker(intent, "хочу українською будь ласка", written={"code": "uk", "confidence": 0.99})
        assert "language_offered" not in act(step, found).slots


def test_a_form_that_leaves_a_message_to_a_rule_adds_no_slot_of_ours() -> None:
    found = tracker(
        "ask_human",
        "хочу поговорити з людиною",
        written={"code": "uk", "confidence": 0.99},
        form="housing_form",
        asked="people",
    )
    assert act(HousingForm, found).events == []
