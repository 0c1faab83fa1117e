"""Needs that become a case without a form: appointments, complaints, problems, offers."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from actions.interruption import ANSWERS, SMALL_TALK
from actions.menu import topic_button, way_on_buttons
from actions.needs import NEEDS, SURE_OF_A_NEED
from actions.replies import STAFF_LANGUAGE, Button, Replies, payload
from actions.slots import PAY, PAY_BELOW, slot_set
from actions.step import Step
from actions.turn import FALLBACK, Event, Turn
from backoffice.client.errors import BackofficeClientError
from backoffice.client.schemas import CHOICE_PAYLOAD, HousingProblem, ReceptionRequest, WorkProblem

LONGEST_NOTE = 3900

_ONCE_MORE = ("new", PAY)
"""The choices that register a need although it is known: once more, and with the figures of a pay."""


class RegisterNeed(Step):
    """Registers what the person wants at once, in their words, and tells the number."""

    action_name = "action_register_need"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Register the need of the intent, unless it was registered in this conversation already."""
        known = _registered(turn).get(turn.intent)
        if known is not None and turn.value("choice") not in _ONCE_MORE:
            again = replies.button("register_again", payload(turn.intent, choice="new"))
            replies.say("bot.need_known", number=known, buttons=[again, *way_on_buttons(replies)])
            _ask_which_problem(turn.intent, replies)
            return []
        if turn.text and turn.confidence < SURE_OF_A_NEED:
            replies.say("bot.did_you_mean", buttons=_meanings(turn, replies))
            return []
        return await self.register(turn, replies, turn.intent)

    async def register(self, turn: Turn, replies: Replies, intent: str) -> list[Event]:
        """Register the need of an intent and say so, or say that it is not registered yet."""
        request = ReceptionRequest(
            conversation_id=turn.conversation_id, need=NEEDS[intent], note=_note(turn, intent)
        )
        try:
            case = await self.backoffice.submit_reception(request, idempotency_key=turn.key(self.action_name))
        except BackofficeClientError:
            # The choice says that it was confirmed, or wanted once more.
            choice = "yes" if intent == "delete_my_data" else "new"
            again = replies.button("retry", payload(intent, choice=choice))
            replies.say("bot.need_not_registered", buttons=[again, *way_on_buttons(replies)])
            return []
        buttons = [topic_button(replies, "ask_case_status"), *way_on_buttons(replies)]
        replies.say(f"bot.registered_{intent}", number=case.number, buttons=buttons)
        _ask_which_problem(intent, replies)
        return [slot_set("registered_needs", {**_registered(turn), intent: case.number})]


class DeleteMyData(RegisterNeed):
    """Asks once whether the data shall really go, then registers the request."""

    action_name = "action_delete_my_data"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Ask, or do what the pressed button says."""
        known = _registered(turn).get("delete_my_data")
        if turn.value("choice") == "yes":
            return [*await self.register(turn, replies, "delete_my_data"), slot_set("awaiting", None)]
        if known is not None:
            replies.say("bot.delete_known", number=known, buttons=way_on_buttons(replies))
            return []
        yes = replies.button("delete_yes", payload("delete_my_data", choice="yes"))
        no = replies.button("delete_no", payload("deny"))
        replies.say("bot.delete_question", buttons=[yes, no])
        return [slot_set("awaiting", "delete_my_data")]


def _ask_which_problem(intent: str, replies: Replies) -> None:
    """Offer the problems at home or at work; the backoffice answers them, whoever holds the floor."""
    if intent == "report_housing_problem":
        replies.say("bot.which_housing_problem", buttons=_problems("problem", HousingProblem, replies))
    elif intent == "report_work_problem":
        replies.say("bot.which_work_problem", buttons=_problems("work", WorkProblem, replies))


def _problems(kind: str, problems: Iterable[StrEnum], replies: Replies) -> list[Button]:
    return [
        replies.button(f"{kind}_{problem.value}", f"{CHOICE_PAYLOAD}{kind}:{problem.value}", lasting=True)
        for problem in problems
    ]


def _meanings(turn: Turn, replies: Replies) -> list[Button]:
    """Return the need and the next likeliest topic as buttons."""
    others = [m.intent for m in turn.ranking if m.intent not in {turn.intent, *SMALL_TALK, *ANSWERS}]
    topics = [topic_button(replies, intent) for intent in [turn.intent, *others[:1]]]
    return [*topics, replies.button("none_of_these", payload(FALLBACK))]


def _registered(turn: Turn) -> dict[str, Any]:
    return dict(turn.slots.get("registered_needs") or {})


def _note(turn: Turn, intent: str) -> str:
    """Return the subject in the staff's language and, where something was typed, the words."""
    subject = Replies(STAFF_LANGUAGE).text(f"bot.button.intent_{intent}")
    # A button may say yes to what was typed before it.
    if intent == "report_work_problem" and turn.value("choice") == PAY and turn.slots.get(PAY_BELOW):
        return f"{subject}: {turn.slots[PAY_BELOW]}"[:LONGEST_NOTE]
    words = turn.text_before if turn.is_button and turn.earlier_intents[-1:] == (intent,) else turn.text
    says_it = words and turn.intent == intent
    return f"{subject}: {words}"[:LONGEST_NOTE] if says_it else subject
