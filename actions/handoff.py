"""A person takes over: the request, the facts for staff, and what the person is told meanwhile."""

from __future__ import annotations

from typing import Any

from actions.care_notice import NoticeForm
from actions.care_pay import PayForm
from actions.care_request import CareRequestForm
from actions.care_work import CareWorkForm
from actions.form import FormStep
from actions.housing import HousingForm
from actions.interruption import ANSWERS, SMALL_TALK
from actions.menu import topic_button
from actions.offer import OfferForm
from actions.rent import RentForm
from actions.replies import STAFF_LANGUAGE, Button, Replies, payload
from actions.slots import (
    CARE_REQUEST_FORM,
    CARE_WORK_FORM,
    CONFIRMED,
    FORM_INTENT,
    HOUSING_FORM,
    NOTICE_FORM,
    OFFER_FORM,
    PAY_FORM,
    RENT_FORM,
    PausedForm,
    leave_form,
    read_paused,
)
from actions.step import Step
from actions.turn import Event, Turn
from backoffice.client.errors import BackofficeClientError
from backoffice.client.schemas import HandoffRequest, HandoffState, WaitingReason

FORMS: dict[str, type[FormStep]] = {
    HOUSING_FORM: HousingForm,
    CARE_WORK_FORM: CareWorkForm,
    CARE_REQUEST_FORM: CareRequestForm,
    OFFER_FORM: OfferForm,
    RENT_FORM: RentForm,
    PAY_FORM: PayForm,
    NOTICE_FORM: NoticeForm,
}

NO_TOPIC = SMALL_TALK | ANSWERS | {"ask_menu", "ask_human", "change_language", "stop"}
"""Intents that say nothing of what the person needs."""


class RequestHuman(Step):
    """Puts the conversation into the queue; a running form waits with its answers."""

    action_name = "action_request_human"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Ask for a person and say what happens now."""
        request = HandoffRequest(reason=WaitingReason.ASKED, topic=topic_of(turn), summary=facts(turn))
        try:
            state = await self.backoffice.request_handoff(
                turn.conversation_id, request, idempotency_key=turn.key(self.action_name)
            )
        except BackofficeClientError:
            again = replies.button("retry", payload("ask_human"), lasting=True)
            replies.say("bot.handoff_unavailable", buttons=[again, topic_button(replies, "ask_office")])
            return []
        key = "bot.handoff_already" if state.already_waiting else "bot.handoff_requested"
        replies.say_text(what_happens_now(state, replies, key), buttons=offers(state))
        return leave_form(turn, "left")


class RequestUrgentHandoff(Step):
    """After the emergency numbers: wakes a person. Never fails, the numbers must stand."""

    action_name = "action_request_urgent_handoff"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Mark the conversation urgent and say honestly who reads it when."""
        request = HandoffRequest(
            reason=WaitingReason.EMERGENCY, urgent=True, topic="emergency", summary=facts(turn)
        )
        try:
            state = await self.backoffice.request_handoff(
                turn.conversation_id, request, idempotency_key=turn.key(self.action_name)
            )
        except BackofficeClientError:
            again = replies.button("retry", payload("report_emergency"), lasting=True)
            replies.say("bot.emergency_unavailable", buttons=[again])
        else:
            _say_urgent(state, replies)
        return leave_form(turn, "left")


def facts(turn: Turn) -> list[str]:
    """Return what is known, a line each in the staff's language, with its origin in brackets."""
    staff = Replies(STAFF_LANGUAGE)
    lines = []
    topic = topic_of(turn)
    if topic is not None and topic.startswith(
        ("ask_", "report_", "offer_", "hire_", "book_", "cancel_", "give_")
    ):
        lines.append(staff.text("bot.fact_topic", topic=staff.text(f"bot.button.intent_{topic}")))
    for paused in read_paused(turn.slots).values():
        lines += _facts_of(paused, staff) if paused.reason != "sent" else []
    return lines


def _facts_of(paused: PausedForm, staff: Replies) -> list[str]:
    subject = staff.text(f"bot.button.intent_{FORM_INTENT[paused.form]}")
    lines = [staff.text("bot.fact_form", form=subject)]
    origins: dict[str, Any] = dict(paused.progress.get("origins") or {})
    # who said yes to all of it gave the form; only whether it arrived is not known
    is_confirmed = paused.progress.get("submission") is not None
    for question in FORMS[paused.form].questions:
        value = paused.answers.get(question.slot)
        if value is not None and question.slot != CONFIRMED and not question.is_silent:
            code = "confirmed" if is_confirmed else origins.get(question.slot, "typed")
            origin = staff.text(f"bot.origin_{code}")
            shown = question.show(value, staff)
            lines.append(staff.text("bot.fact", label=question.label(staff), value=shown, origin=origin))
    return lines


def topic_of(turn: Turn) -> str | None:
    """Return the last topic of the conversation, or the form that is running; None where there is none."""
    if turn.active_form is not None and turn.active_form in FORM_INTENT:
        return FORM_INTENT[turn.active_form]
    return next((intent for intent in reversed(turn.earlier_intents) if intent not in NO_TOPIC), None)


def offers(state: HandoffState) -> list[Button]:
    """Return the buttons of somebody who waits; the backoffice itself hears them."""
    return [Button(offered.title, offered.payload, offered.lasting) for offered in state.offers]


def what_happens_now(state: HandoffState, replies: Replies, key: str) -> str:
    """Return what the person is told who now waits: the sentence of `key` with their place, and the hours."""
    parts = [replies.text(key, position=str(state.position)), when_somebody_reads(state, replies)]
    return "\n\n".join([*parts, replies.text("bot.handoff_meanwhile")])


def when_somebody_reads(state: HandoffState, replies: Replies) -> str:
    """Return whether the desk is open, and when it opens."""
    if state.desk_open:
        return replies.text("bot.handoff_desk_open")
    if state.opens_at is not None:
        return replies.text("bot.handoff_desk_closed", opens=replies.time(state.opens_at))
    return replies.text("bot.handoff_desk_closed_unknown")


def _say_urgent(state: HandoffState, replies: Replies) -> None:
    parts = [replies.text("bot.emergency_handoff")]
    if not state.desk_open:
        opens = replies.time(state.opens_at) if state.opens_at else None
        closed = "bot.emergency_desk_closed" if opens else "bot.emergency_desk_closed_unknown"
        parts.append(replies.text(closed, **({"opens": opens} if opens else {})))
    replies.say_text("\n\n".join(parts), buttons=offers(state))
