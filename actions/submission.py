"""Sends a finished form. The number of the case is told from the backoffice's answer alone."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, TypedDict

from rasa_sdk.events import ActiveLoop

from actions.consent import consent_to
from actions.menu import resume_button
from actions.replies import Button, Replies, payload
from actions.slots import CONFIRMED, clear_form, further_answers, read_progress, slot_set, waiting_forms
from actions.step import Step
from actions.turn import Event, Turn
from backoffice.client import failpoints
from backoffice.client.errors import BackofficeClientError, Conflict
from backoffice.client.schemas import (
    CareRequestIntake,
    CareWorkIntake,
    CaseType,
    ConsentGiven,
    HousingIntake,
    HousingOfferIntake,
    IntakeRequest,
    PapersAsked,
    UnlawfulWish,
)


class Intake(TypedDict, total=False):
    """The part of an `IntakeRequest` that a form fills."""

    housing: HousingIntake
    care_work: CareWorkIntake
    housing_offer: HousingOfferIntake
    care_request: CareRequestIntake
    papers: list[PapersAsked]
    wishes: list[UnlawfulWish]
    began_at: datetime | None


class SubmitForm(Step):
    """Sends one form; when that fails the form stays, with the way to try again."""

    form: ClassVar[str]
    case_type: ClassVar[CaseType]
    purpose: ClassVar[str]

    @abstractmethod
    def intake(self, slots: Mapping[str, Any]) -> Intake:
        """Return the form's answers as the wire has them."""

    def profile_consent(self, slots: Mapping[str, Any], replies: Replies) -> ConsentGiven | None:
        """Return the yes to others seeing the profile, where a form asks for it."""
        return None

    def first_buttons(self, replies: Replies, slots: Mapping[str, Any]) -> list[Button]:
        """Return what is offered first when the case is registered."""
        return []

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Register the case, or say that it is not registered yet."""
        # A first try whose outcome is unknown is repeated under its own key, so that it cannot
        # become a second case (design 3, "Act").
        first_turn = read_progress(turn.slots, self.form).submission or turn.turn_id
        try:
            number = await self._register(turn, replies, first_turn)
        except BackofficeClientError:
            return self._stay(turn, replies, first_turn)
        return self._finish(turn, replies, number)

    async def _register(self, turn: Turn, replies: Replies, first_turn: str) -> str:
        request = IntakeRequest(
            conversation_id=turn.conversation_id,
            turn_id=first_turn,
            person_name=turn.slots.get("person_name"),
            person_phone=turn.slots.get("person_phone"),
            further=further_answers(turn.slots),
            consent=consent_to(replies, f"bot.{self.form}_who_sees", purpose=self.purpose),
            profile_consent=self.profile_consent(turn.slots, replies),
            **self.intake(turn.slots),
        )
        key = f"{first_turn}:{self.action_name}"
        try:
            number = (await self.backoffice.submit_intake(request, idempotency_key=key)).number
        except Conflict:
            # The first try did arrive, with other words of consent: the language was changed since.
            own = await self.backoffice.read_own_cases(turn.conversation_id)
            for case in own.cases:
                if case.type is self.case_type:
                    return case.number
            raise
        failpoints.reached("case-registered-not-told")
        return number

    def _stay(self, turn: Turn, replies: Replies, first_turn: str) -> list[Event]:
        buttons = [
            replies.button("retry", payload("inform", field=CONFIRMED, choice="send")),
            replies.button("human", payload("ask_human")),
            replies.button("cancel", payload("stop")),
        ]
        replies.say("bot.not_registered_yet", buttons=buttons)
        progress = replace(read_progress(turn.slots, self.form), submission=first_turn)
        return [
            progress.event(),
            slot_set(CONFIRMED, None),
            ActiveLoop(self.form),
            slot_set("requested_slot", CONFIRMED),
        ]

    def _finish(self, turn: Turn, replies: Replies, number: str) -> list[Event]:
        buttons = [
            replies.button("intent_ask_case_status", payload("ask_case_status"), lasting=True),
            replies.button("menu", payload("ask_menu"), lasting=True),
        ]
        others = [form for form in waiting_forms(turn.slots) if form != self.form]
        resume = (resume_button(replies, form) for form in others)
        buttons = [*self.first_buttons(replies, turn.slots), *resume, *buttons]
        replies.say(f"bot.{self.form}_registered", number=number, buttons=buttons)
        return [*clear_form(self.form), slot_set("requested_slot", None)]
