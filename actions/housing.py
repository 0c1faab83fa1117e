"""The search for a home: what a household is asked, and how it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.amounts import MINORS, NumberQuestion, lone_count
from actions.choices import ChoiceQuestion
from actions.contact import PhoneQuestion, TextQuestion
from actions.dates import DateQuestion
from actions.form import FormStep
from actions.household import HOUSEHOLD_QUESTIONS, MoreQuestion, SendOrMore, is_asked_of
from actions.menu import homes_button
from actions.questions import Hearing, Question
from actions.replies import Button, Replies
from actions.slots import CONFIRMED, HOUSING_FORM, MORE, MORE_SLOTS, housing_intake
from actions.submission import Intake, SubmitForm
from actions.towns import TownsQuestion
from backoffice.client.schemas import CaseType, Employment

LARGEST_HOUSEHOLD = 20
"""More than that is a slip of the pen, or more than one household."""

BUDGET_EUR_MONTH = (50, 5000)
"""Less or more is hardly a month's rent in the district: the person is asked again."""


class MinorsQuestion(NumberQuestion):
    """How many of the household are minors: fewer than all of them."""

    def limits(self, hearing: Hearing) -> tuple[int, int]:
        """Somebody in the household is of age."""
        is_lone = lone_count(hearing.turn) is not None
        values = [] if is_lone else hearing.turn.values("people")
        told = [int(number) for number in values if number.isdecimal()]
        people: int | None = told[-1] if told else hearing.answers.get("people")
        return (0, people - 1) if people else self.bounds


class HousingForm(FormStep):
    """What a household that looks for a home is asked."""

    action_name = "validate_housing_form"
    form = HOUSING_FORM
    questions = (
        TownsQuestion("municipalities"),
        NumberQuestion("people", entity="people", bounds=(1, LARGEST_HOUSEHOLD), offered=(1, 2, 3, 4, 5, 6)),
        MinorsQuestion(
            "minors",
            entity=MINORS,
            bounds=(0, LARGEST_HOUSEHOLD - 1),
            offered=(0, 1, 2, 3, 4),
            optional=True,
            no_is_zero=True,
        ),
        NumberQuestion("rooms", entity="rooms", bounds=(1, 10), offered=(1, 2, 3, 4), optional=True),
        NumberQuestion(
            "budget_eur_month",
            entity="money",
            bounds=BUDGET_EUR_MONTH,
            offered=(400, 500, 600, 700, 800),
            is_money=True,
        ),
        DateQuestion("move_in_from", optional=True),
        ChoiceQuestion("employment", [code.value for code in Employment], optional=True),
        TextQuestion("housing_needs", longest=2000),
        TextQuestion("person_name", longest=100, is_name=True),
        PhoneQuestion("person_phone", optional=True),
        MoreQuestion(),
        *HOUSEHOLD_QUESTIONS,
        SendOrMore(CONFIRMED),
    )

    def is_needed(self, question: Question, answers: Mapping[str, Any]) -> bool:
        """Tell whether to ask: nobody who lives alone is asked for minors, nobody more than they want."""
        if question.slot == MORE:
            return False
        if question.slot in MORE_SLOTS:
            return is_asked_of(question.slot, answers)
        return question.slot != "minors" or answers.get("people") != 1

    def consistent(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Ask again for the minors when the household became smaller than their number."""
        people, minors = answers.get("people"), answers.get("minors")
        is_impossible = people is not None and minors is not None and minors >= people
        return {**answers, "minors": None} if is_impossible else answers


class SubmitHousing(SubmitForm):
    """Sends the finished housing form and tells the number of the case."""

    action_name = "action_submit_housing"
    form = HOUSING_FORM
    case_type = CaseType.HOUSING
    purpose = "housing_search"

    def intake(self, slots: Mapping[str, Any]) -> Intake:
        """Return the household's answers."""
        return {"housing": housing_intake(slots)}

    def first_buttons(self, replies: Replies, slots: Mapping[str, Any]) -> list[Button]:
        """Offer the homes that fit at once: the backoffice itself shows them."""
        return [homes_button(replies)]
