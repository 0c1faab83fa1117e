from __future__ import annotations

from typing import Any

from actions.handoff import FORMS
from actions.interruption import ANSWERS, SMALL_TALK
from actions.menu import GUIDE_INTENTS
from actions.slots import FORM_SLOTS
from translations import catalog

UNLABELLED = ANSWERS | SMALL_TALK | {"give_example"}


def test_no_slot_influences_the_next_action(domain: dict[str, Any]) -> None:
    assert all(slot["influence_conversation"] is False for slot in domain["slots"].values())


def test_actions_alone_fill_the_slots(domain: dict[str, Any]) -> None:
    assert all(slot["mappings"] == [{"type": "custom"}] for slot in domain["slots"].values())


def test_the_forms_of_the_domain_ask_what_the_actions_ask(domain: dict[str, Any]) -> None:
    for name, form in domain["forms"].items():
        assert form["required_slots"] == list(FORM_SLOTS[name])
        assert [question.slot for question in FORMS[name].questions] == list(FORM_SLOTS[name])
        assert set(FORM_SLOTS[name]) <= domain["slots"].keys()


def test_every_intent_has_one_rule(domain: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    answered = [rule["steps"][0]["intent"] for rule in rules if "intent" in rule["steps"][0]]
    assert sorted(answered) == sorted([*domain["intents"], "nlu_fallback"])


def test_the_contracts_45_intents_are_there(domain: dict[str, Any]) -> None:
    ours = {"skip", "correct", "give_example", "link_account", "count_rent", "count_pay", "count_notice"}
    assert len(set(domain["intents"]) - ours) == 45
    assert set(GUIDE_INTENTS) <= set(domain["intents"])


def test_every_intent_that_may_be_offered_has_a_title(domain: dict[str, Any]) -> None:
    for intent in set(domain["intents"]) - UNLABELLED:
        assert catalog.has(f"bot.button.intent_{intent}"), intent


def test_every_response_is_a_key_of_the_catalogue(domain: dict[str, Any]) -> None:
    for variants in domain["responses"].values():
        for variant in variants:
            assert catalog.has(variant["text"])
            for button in variant.get("buttons", ()):
                assert catalog.has(button["title"])
                assert button["lasting"] is True


def test_every_question_has_its_texts() -> None:
    for form, step in FORMS.items():
        is_sent = step.questions[-1].slot == "confirmed"
        for key in ("start", "resumed", "who_sees", "registered") if is_sent else ("start", "resumed"):
            assert catalog.has(f"bot.{form}_{key}")
        for question in step.questions:
            assert catalog.has(f"bot.ask_{question.key}")
            assert catalog.has(question.help_key)


def test_in_danger_the_numbers_come_before_any_call(
    domain: dict[str, Any], rules: list[dict[str, Any]]
) -> None:
    [rule] = [rule for rule in rules if rule["steps"][0].get("intent") == "report_emergency"]
    actions = [step["action"] for step in rule["steps"][1:]]
    assert actions[0] == "utter_emergency_now"
    assert all(name.startswith("utter_") for name in actions[:-1])
    spoken = " ".join(catalog.text(domain["responses"][name][0]["text"], "it") for name in actions[:-1])
    assert all(number in spoken for number in ("112", "1522", "800 290 290", "114"))
