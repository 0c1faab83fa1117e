"""What the sections of a case's page post about the work on it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from backoffice.plan.models import ActionState, AgreementForm, ChargeGround, ReceptionOutcome


def _empty_is_none(value: Any) -> Any:
    return value or None  # what a browser sends for a field that was left empty


Day = Annotated[date | None, BeforeValidator(_empty_is_none)]
Id = Annotated[str | None, BeforeValidator(_empty_is_none), Field(max_length=36)]
Words = Annotated[str, Field(max_length=2000)]


class ChargeForm(BaseModel):
    """How the reception ended, why the person is taken charge of, and when the first interview was."""

    outcome: Annotated[ReceptionOutcome | None, BeforeValidator(_empty_is_none)] = None
    ground: Annotated[ChargeGround | None, BeforeValidator(_empty_is_none)] = None
    ground_words: Words = ""
    interviewed_on: Day = None


class GoalForm(BaseModel):
    """A goal."""

    words: Words = ""
    measure: Words = ""
    outcome: Words = ""
    version: int | None = None


class ActionForm(BaseModel):
    """A new action."""

    words: Words = ""
    organisation: Id = None
    operator: Id = None
    due_on: Day = None


class ActionStateForm(BaseModel):
    """How far an action is."""

    state: ActionState = ActionState.TODO
    outcome: Words = ""
    due_on: Day = None
    version: int | None = None


class AgreementPageForm(BaseModel):
    """How the person agreed to the plan."""

    on: date
    language: Annotated[str, Field(pattern="^[a-z]{2}$")]
    how: AgreementForm
    mediator_present: bool = False


class CheckForm(BaseModel):
    """A day on which to look how the person is."""

    due_on: date


class CheckDoneForm(BaseModel):
    """What a follow-up check found."""

    outcome: Words = ""


class WordsForm(BaseModel):
    """A review."""

    words: Annotated[str, Field(max_length=10_000)] = ""


class ColleagueForm(BaseModel):
    """A colleague who works on the case too."""

    staff_id: Annotated[str, Field(max_length=36)] = ""


class LinkForm(BaseModel):
    """The number of a case that belongs together with this one."""

    number: Annotated[str, Field(max_length=20)] = ""


class UrgencyForm(BaseModel):
    """Whether the case cannot wait."""

    urgent: bool = False
    version: int | None = None
