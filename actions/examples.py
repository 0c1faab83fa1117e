"""A message that was asked back becomes an example to learn from, if its writer agrees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.consent import consent_to
from actions.menu import way_on_buttons
from actions.replies import Button, Replies, payload
from actions.slots import slot_set
from actions.step import Step
from actions.turn import FALLBACK, Event, Turn
from backoffice.client.errors import BackofficeClientError
from backoffice.client.schemas import MisunderstoodMessage

INTENT = "give_example"
MISUNDERSTOOD = "misunderstood"
"""The slot that keeps which message was asked back last: its turn, its language, what it was taken for."""

PURPOSE = "understanding"
KEPT_GUESSES = 5


def example_button(replies: Replies) -> Button:
    """Return the button under a message that was asked back."""
    return replies.button(INTENT, payload(INTENT), lasting=True)


def remember_message(turn: Turn) -> Event:
    """Return the event that keeps which message was asked back."""
    guesses = [meaning.intent for meaning in turn.ranking if meaning.intent != FALLBACK][:KEPT_GUESSES]
    language = turn.written.language if turn.written else turn.language
    return slot_set(MISUNDERSTOOD, {"turn_id": turn.turn_id, "language": language, "guesses": guesses})


class GiveExample(Step):
    """Asks whether a message may be learnt from, and gives it when the answer is yes."""

    action_name = "action_give_example"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Ask, or do what the pressed button says."""
        message = turn.slots.get(MISUNDERSTOOD)
        choice = turn.value("choice")
        if not isinstance(message, Mapping):
            replies.say("bot.example_gone", buttons=way_on_buttons(replies))
            return []
        if choice == "no":
            replies.say("bot.example_not", buttons=way_on_buttons(replies))
            return [slot_set(MISUNDERSTOOD, None)]
        if choice != "yes":
            answers = [
                replies.button(f"example_{code}", payload(INTENT, choice=code)) for code in ("yes", "no")
            ]
            replies.say("bot.example_question", buttons=answers)
            return []
        return await self._give(turn, replies, message)

    async def _give(self, turn: Turn, replies: Replies, message: Mapping[str, Any]) -> list[Event]:
        given = MisunderstoodMessage(
            conversation_id=turn.conversation_id,
            turn_id=message["turn_id"],
            language=message["language"],
            guesses=message["guesses"],
            consent=consent_to(replies, "bot.example_question", purpose=PURPOSE),
        )
        try:
            await self.backoffice.give_message(given)
        except BackofficeClientError:
            again = replies.button("retry", payload(INTENT, choice="yes"))
            replies.say("bot.example_not_kept", buttons=[again, *way_on_buttons(replies)])
            return []
        replies.say("bot.example_thanks", buttons=way_on_buttons(replies))
        return [slot_set(MISUNDERSTOOD, None)]
