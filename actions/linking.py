"""One person in two chats: a code of the one, typed in the other; and a telephone that several share."""

from __future__ import annotations

from actions.menu import menu_buttons, topic_button, way_on_buttons
from actions.replies import Button, Replies, payload
from actions.slots import leave_form, slot_set
from actions.step import Step
from actions.turn import Event, Turn
from backoffice.client.errors import BackofficeClientError, Conflict
from backoffice.client.schemas import TypedCode

INTENT = "link_account"

CODE = "link_code"
"""The question for a code, as the slot `awaiting` names it."""

_LONGEST_CODE = 40
_HALF = 4


class LinkAccount(Step):
    """Gives a code, takes one, or begins anew with another person."""

    action_name = "action_link_account"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Do what the pressed button says; a code needs no button."""
        code = turn.value("code")
        if code and turn.value("choice") == "opened":
            # A link of somebody else must not take this chat over.
            use = Button(replies.text("web.link_use"), payload(INTENT, code=code))
            replies.say("web.link_question", buttons=[use, *way_on_buttons(replies)])
            return []
        if code:
            return await self.use_code(turn, replies)
        match turn.value("choice"):
            case "give":
                return await self._give_code(turn, replies)
            case "have":
                replies.say("bot.link_type_code", buttons=way_on_buttons(replies))
                return [slot_set("awaiting", CODE)]
            case "other":
                sure = replies.button("link_other_yes", payload(INTENT, choice="other_yes"))
                replies.say("bot.link_other_question", buttons=[sure, *way_on_buttons(replies)])
                return []
            case "other_yes":
                return await self._begin_anew(turn, replies)
        choices = [
            replies.button(f"link_{choice}", payload(INTENT, choice=choice), lasting=True)
            for choice in ("give", "have", "other")
        ]
        replies.say("bot.link_choices", buttons=[*choices, *way_on_buttons(replies)])
        return []

    async def use_code(self, turn: Turn, replies: Replies) -> list[Event]:
        """Try a code. One that is wrong, used or old gets the same answer, with a way out."""
        typed = TypedCode(code=(turn.value("code") or turn.text)[:_LONGEST_CODE])
        try:
            answer = await self.backoffice.use_link_code(turn.conversation_id, typed)
        except BackofficeClientError:
            replies.say("bot.link_unavailable", buttons=way_on_buttons(replies))
            return [slot_set("awaiting", CODE)]
        if answer.linked:
            buttons = [topic_button(replies, "ask_case_status"), *way_on_buttons(replies)]
            replies.say("bot.link_done", buttons=buttons)
            return [slot_set("awaiting", None)]
        again = replies.button("link_have", payload(INTENT, choice="have"))
        replies.say("bot.link_refused", buttons=[topic_button(replies, "ask_human"), again])
        return [slot_set("awaiting", None)]

    async def _give_code(self, turn: Turn, replies: Replies) -> list[Event]:
        try:
            given = await self.backoffice.ask_link_code(turn.conversation_id)
        except Conflict:  # the chat was silent for long
            replies.say("bot.status_locked", buttons=way_on_buttons(replies))
            return []
        except BackofficeClientError:
            replies.say("bot.link_unavailable", buttons=way_on_buttons(replies))
            return []
        code = f"{given.code[:_HALF]}-{given.code[_HALF:]}"
        replies.say("bot.link_code", code=code, buttons=way_on_buttons(replies))
        return []

    async def _begin_anew(self, turn: Turn, replies: Replies) -> list[Event]:
        try:
            await self.backoffice.begin_as_somebody_else(turn.conversation_id)
        except BackofficeClientError:
            replies.say("bot.link_unavailable", buttons=way_on_buttons(replies))
            return []
        replies.say("bot.link_begun", buttons=menu_buttons(replies))
        return leave_form(turn, "left")
