"""Courses of care work and recognised experience: what they are, and the wish to be on the list."""

from __future__ import annotations

from typing import Any

from actions.care_rights import ask_desk
from actions.menu import topic_button, way_on_buttons
from actions.replies import STAFF_LANGUAGE, Button, Replies, payload
from actions.slots import slot_set
from actions.step import Step
from actions.turn import Event, Turn
from backoffice.client.errors import BackofficeClientError
from backoffice.client.schemas import ReceptionRequest

TOPIC = "ask_care_training"

TOLD = ("course", "register", "experience")
"""What is told, button by button."""

WISH = "wish"
"""The button that puts somebody on the list of those who want a course."""

NEED = "care_work"
"""The need of the case that the wish becomes."""


class TellCareTraining(Step):
    """Tells of courses and experience, and writes down who wants a course."""

    action_name = "action_tell_care_training"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Tell what was asked for, or register the wish."""
        code = turn.value("choice")
        if code == WISH:
            return await self._register(turn, replies)
        key = f"bot.care_training_{code}" if code in TOLD else "bot.care_training"
        said = replies.text(key)
        if code in TOLD:
            said = "\n\n".join([said, await ask_desk(self.backoffice, replies)])
        replies.say_text(said, buttons=_buttons(code, replies))
        return []

    async def _register(self, turn: Turn, replies: Replies) -> list[Event]:
        """Open a case for the wish, once in a conversation; the desk knows of courses, we do not."""
        registered: dict[str, Any] = dict(turn.slots.get("registered_needs") or {})
        known = registered.get(TOPIC)
        buttons = [topic_button(replies, "ask_case_status"), *way_on_buttons(replies)]
        if known is not None:
            replies.say("bot.care_course_wished", number=known, buttons=buttons)
            return []
        note = Replies(STAFF_LANGUAGE).text("bot.button.care_training_wish")
        subject = Replies(STAFF_LANGUAGE).text(f"bot.button.intent_{TOPIC}")
        request = ReceptionRequest(
            conversation_id=turn.conversation_id, need=NEED, note=f"{subject}: {note}", wants_course=True
        )
        try:
            case = await self.backoffice.submit_reception(request, idempotency_key=turn.key(self.action_name))
        except BackofficeClientError:
            again = replies.button("retry", payload(TOPIC, choice=WISH), lasting=True)
            replies.say("bot.need_not_registered", buttons=[again, *way_on_buttons(replies)])
            return []
        replies.say("bot.care_course_wished", number=case.number, buttons=buttons)
        return [slot_set("registered_needs", {**registered, TOPIC: case.number})]


def _buttons(shown: str | None, replies: Replies) -> list[Button]:
    codes = [code for code in (*TOLD, WISH) if code != shown]
    return [
        *(replies.button(f"care_training_{c}", payload(TOPIC, choice=c), lasting=True) for c in codes),
        topic_button(replies, "register_care_worker"),
        topic_button(replies, "ask_care_contract"),
        *way_on_buttons(replies),
    ]
