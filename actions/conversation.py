"""Small talk with consequences: language, stop, good-bye, answers to nothing, not understood."""

from __future__ import annotations

from actions.examples import INTENT as EXAMPLE
from actions.examples import example_button, remember_message
from actions.handoff import facts, offers, topic_of, when_somebody_reads
from actions.interruption import ANSWERS, SMALL_TALK
from actions.linking import CODE, LinkAccount
from actions.linking import INTENT as LINK
from actions.menu import (
    language_buttons,
    menu_buttons,
    resume_button,
    resume_buttons,
    topic_button,
    way_on_buttons,
)
from actions.reception import DeleteMyData
from actions.replies import LANGUAGES, SUPPORTED, Button, Replies, payload
from actions.services_guide import HearGuide
from actions.slots import FORM_INTENT, MENU_FORMS, leave_form, slot_set
from actions.step import Step
from actions.turn import FALLBACK, Event, Turn
from backoffice.client.errors import BackofficeClientError
from backoffice.client.schemas import HandoffRequest, LanguageChange, WaitingReason

UNLABELLED = SMALL_TALK | ANSWERS | {EXAMPLE, LINK}
"""Intents that are no meaning to choose from when the assistant asks back."""

LIKELIEST = 2

EMERGENCY = "report_emergency"

HINT_OF_DANGER = 0.15
"""From here on an emergency is a guess to act on. Surely enough to show the numbers it is known from 0.3."""


class ChangeLanguage(Step):
    """Changes the language of the conversation, in a form too, which then goes on in the new one."""

    action_name = "action_change_language"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Change to the language that was named, or offer all of them."""
        named = turn.values("language_name")
        known = [code for code in named if code in SUPPORTED and (code != turn.language or len(named) == 1)]
        if not known:
            key = "bot.language_unknown" if named else "bot.which_language"
            names = replies.enumeration([replies.language_name(code) for code in named])
            values = {"named": names} if named else {}
            replies.say(key, buttons=language_buttons(), **values)
            return []
        new = Replies(known[0])
        try:
            await self.backoffice.set_language(turn.conversation_id, LanguageChange(language=known[0]))
        except BackofficeClientError:
            replies.say("bot.language_unavailable", buttons=language_buttons())
            return []
        replies.language = new.language
        own_name = LANGUAGES[known[0]].own_name
        replies.say(
            "bot.language_changed", own_name=own_name, buttons=[] if turn.active_form else menu_buttons(new)
        )
        return [slot_set("language", known[0])]


class Stop(Step):
    """Ends what is going on; nothing is sent, and it can be taken up again."""

    action_name = "action_stop"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """End the form, if one is running."""
        events = leave_form(turn, "stopped")
        if not events:
            buttons = [*resume_buttons(replies, turn), *menu_buttons(replies)]
            replies.say("bot.nothing_to_stop", buttons=buttons)
            return [slot_set("awaiting", None)]
        kept = next(event["value"] for event in events if event.get("name") == "paused_forms") or {}
        resume = [resume_button(replies, form) for form in kept if form == turn.active_form]
        replies.say("bot.stopped", buttons=[*resume, *way_on_buttons(replies)])
        return events


class SayGoodbye(Step):
    """Says good-bye; a form that is running waits."""

    action_name = "action_goodbye"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Say good-bye."""
        replies.say("bot.goodbye_in_form" if turn.active_form else "bot.goodbye")
        return []


class HearAnswer(DeleteMyData, HearGuide):
    """Takes a yes, a no or "I do not know" where no form asked anything."""

    action_name = "action_hear_answer"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Answer the question that is asked outside of forms, or ask what is wanted."""
        if not turn.awaits("delete_my_data"):
            heard = await self.hear_guide(turn, replies)
            if heard is not None:
                return heard
            replies.say("bot.what_now", buttons=[*resume_buttons(replies, turn), *menu_buttons(replies)])
            return []
        if turn.intent == "affirm":
            return [*await self.register(turn, replies, "delete_my_data"), slot_set("awaiting", None)]
        replies.say("bot.delete_not", buttons=way_on_buttons(replies))
        return [slot_set("awaiting", None)]


class AskPurpose(LinkAccount, HearGuide):
    """Asks what a value is for that comes out of nowhere, and keeps it for the form to come."""

    action_name = "action_ask_purpose"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Offer home, work and something else."""
        if turn.text and turn.awaits(CODE):
            return await self.use_code(turn, replies)
        heard = await self.hear_guide_or_town(turn, replies)
        if heard is not None:
            return heard
        choices = resume_buttons(replies, turn)
        choices += [topic_button(replies, FORM_INTENT[form]) for form in MENU_FORMS]
        other = replies.button("something_else", payload("ask_menu"), lasting=True)
        replies.say("bot.what_for", buttons=[*choices, other])
        return [_heard(turn)]


class AskBack(LinkAccount, HearGuide):
    """Offers the two likeliest meanings; a second miss in a row opens the queue, and offers the menu.

    Where danger was hinted at, the first miss opens it already: nobody in distress is asked back.
    """

    action_name = "action_ask_back"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Ask back, and count."""
        if turn.text and turn.awaits(CODE) and not _hints_at_danger(turn):
            return await self.use_code(turn, replies)
        heard = None if _hints_at_danger(turn) else await self.hear_guide_or_town(turn, replies)
        if heard is not None:
            return heard
        in_a_row = turn.earlier_intents[-1:] == (FALLBACK,)
        misses = int(turn.slots.get("misses") or 0) + 1 if in_a_row else 1
        if misses > 1 or _hints_at_danger(turn):
            events = await self._give_to_a_person(turn, replies)
        else:
            events = []
            self._offer_meanings(turn, replies)
        # Only words can be learnt from: "none of these" is a button.
        kept = [] if turn.is_button else [remember_message(turn)]
        return [slot_set("misses", misses), _heard(turn), *kept, *events]

    def _offer_meanings(self, turn: Turn, replies: Replies) -> None:
        meanings = [m.intent for m in turn.ranking if m.intent not in UNLABELLED][:LIKELIEST]
        if not meanings:
            self._offer_menu(turn, replies)
            return
        none = replies.button("none_of_these", payload(FALLBACK))
        offered = [topic_button(replies, meaning) for meaning in meanings]
        buttons = [*offered, *resume_buttons(replies, turn), none, *_teach(turn, replies)]
        replies.say("bot.did_you_mean", buttons=buttons)

    def _offer_menu(self, turn: Turn, replies: Replies) -> None:
        human = topic_button(replies, "ask_human")
        buttons = [human, *_topics(turn, replies), *_teach(turn, replies)]
        replies.say("bot.still_not_understood", buttons=buttons)

    async def _give_to_a_person(self, turn: Turn, replies: Replies) -> list[Event]:
        """Open the queue; a topic of the menu brings the assistant back."""
        request = HandoffRequest(
            reason=WaitingReason.NOT_UNDERSTOOD, topic=topic_of(turn), summary=facts(turn)
        )
        try:
            state = await self.backoffice.request_handoff(
                turn.conversation_id, request, idempotency_key=turn.key(self.action_name)
            )
        except BackofficeClientError:
            self._offer_menu(turn, replies)
            return []
        key = "bot.not_understood_twice"
        danger = [topic_button(replies, EMERGENCY)] if _hints_at_danger(turn) else []
        replies.say(key, position=str(state.position), buttons=[*danger, *_topics(turn, replies)])
        replies.say_text(when_somebody_reads(state, replies), buttons=offers(state))
        return leave_form(turn, "left")


def _hints_at_danger(turn: Turn) -> bool:
    """Tell whether an emergency was thought of, though not surely enough to show the numbers at once."""
    return any(m.intent == EMERGENCY and m.confidence >= HINT_OF_DANGER for m in turn.ranking)


def _topics(turn: Turn, replies: Replies) -> list[Button]:
    human = topic_button(replies, "ask_human")
    menu = [button for button in menu_buttons(replies) if button.payload != human.payload]
    return [*resume_buttons(replies, turn), *menu]


def _teach(turn: Turn, replies: Replies) -> list[Button]:
    return [] if turn.is_button else [example_button(replies)]


def _heard(turn: Turn) -> Event:
    """Return the event that keeps the values of a message until it is clear what they are for."""
    values = [
        {"entity": e.name, "value": e.value} for e in turn.entities if e.name not in ("choice", "field")
    ]
    return slot_set("heard", values or turn.slots.get("heard"))
