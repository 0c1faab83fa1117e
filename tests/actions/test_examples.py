"""A message that was not understood becomes an example only with its writer's yes."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.conversation import AskBack
from actions.examples import GiveExample
from backoffice.client.errors import BackofficeUnavailable
from tests.actions.fakes import FakeBackoffice
from tests.actions.trackers import act, tracker

KEPT: dict[str, object] = {
    "misunderstood": {"turn_id": "turn-1", "language": "fr", "guesses": ["ask_office"]}
}


def pressed(choice: str | None = None, slots: dict[str, object] | None = KEPT) -> Tracker:
    entities = [("choice", choice)] if choice else []
    return tracker("give_example", "/give_example", entities=entities, slots=slots or {})


def test_the_message_that_is_asked_back_is_remembered_with_its_language_and_guesses() -> None:
    found = tracker(
        "nlu_fallback", "on m'a chassé", ranking=["ask_office"], written={"code": "fr", "confidence": 0.6}
    )
    said = act(AskBack, found)
    assert said.slots["misunderstood"] == {"turn_id": "turn-1", "language": "fr", "guesses": ["ask_office"]}
    assert said.titles[-1] == "Insegnami a capire"


def test_a_button_is_no_message_to_learn_from() -> None:
    said = act(AskBack, tracker("nlu_fallback", "/nlu_fallback", ranking=["ask_office"]))
    assert "misunderstood" not in said.slots
    assert "Insegnami a capire" not in said.titles


def test_nothing_is_given_before_the_yes() -> None:
    backoffice = FakeBackoffice()
    said = act(GiveExample, pressed(), backoffice)
    assert said.says("bot.example_question")
    assert said.titles == ["Sì, va bene", "No"]
    assert backoffice.given == []


def test_the_yes_gives_the_message_with_the_words_that_were_shown() -> None:
    backoffice = FakeBackoffice()
    said = act(GiveExample, pressed("yes"), backoffice)
    assert said.says("bot.example_thanks")
    (given,) = backoffice.given
    assert (given.turn_id, given.language, given.guesses) == ("turn-1", "fr", ["ask_office"])
    assert "Un mediatore lo legge" in given.consent.text
    assert said.slots["misunderstood"] is None


def test_a_no_gives_nothing_and_forgets() -> None:
    backoffice = FakeBackoffice()
    said = act(GiveExample, pressed("no"), backoffice)
    assert said.says("bot.example_not")
    assert backoffice.given == []
    assert said.slots["misunderstood"] is None


def test_without_the_backoffice_the_person_can_try_again() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    said = act(GiveExample, pressed("yes"), backoffice)
    assert said.says("bot.example_not_kept")
    assert "Riprova" in said.titles
    assert "misunderstood" not in said.slots


def test_a_button_pressed_too_late_leads_on() -> None:
    said = act(GiveExample, pressed("yes", slots=None))
    assert said.says("bot.example_gone")
    assert said.titles
