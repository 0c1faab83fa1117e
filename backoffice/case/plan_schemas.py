"""Plans as JSON: goals with their actions, the agreement, follow-up checks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.schemas import Document
from backoffice.client.schemas import LanguageCode
from backoffice.plan.models import Action, ActionState, AgreementForm, FollowUpCheck, Goal
from backoffice.plan.queries import actions_of, checks_of, goals_of, progress_of

Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]
FreeWords = Annotated[str, Field(max_length=2000)]


class GoalIn(Document):
    """A goal to be written down."""

    words: Words
    measure: FreeWords | None = None


class GoalChange(GoalIn):
    """A goal as it shall be; `version` is the one that was read."""

    outcome: FreeWords | None = None
    version: int | None = None


class ActionIn(Document):
    """An action to be written down; without a body it is the case's own."""

    words: Words
    organisation: str | None = Field(default=None, max_length=36)
    operator: str | None = Field(default=None, max_length=36)
    due_on: date | None = None


class ActionChange(Document):
    """How far an action is. Dropped and moved ones say why, or where to, in `outcome`."""

    state: ActionState
    outcome: FreeWords | None = None
    due_on: date | None = None
    version: int | None = None


class AgreementBody(Document):
    """How the person agreed to the plan."""

    on: date
    language: LanguageCode
    how: AgreementForm
    mediator_present: bool


class CheckIn(Document):
    """A day on which to look how the person is."""

    due_on: date


class CheckResult(Document):
    """What a follow-up check found."""

    outcome: Words


class ActionOut(Document):
    """An action."""

    id: str
    goal: str
    words: str
    organisation: str
    operator: str | None
    due_on: date | None
    state: ActionState
    outcome: str | None
    version: int


class GoalOut(Document):
    """A goal with its actions."""

    id: str
    words: str
    measure: str | None
    outcome: str | None
    version: int
    actions: list[ActionOut]


class CheckOut(Document):
    """A follow-up check."""

    id: str
    due_on: date
    done_on: date | None
    outcome: str | None


class PlanOut(Document):
    """The plan of a case; everything is empty for who may not see it."""

    goals: list[GoalOut] = Field(default_factory=list)
    agreement: AgreementBody | None = None
    checks: list[CheckOut] = Field(default_factory=list)
    review: str | None = None


def plan_out(session: Session, case: Case) -> PlanOut:
    """Return a case's whole plan as JSON."""
    actions, progress = actions_of(session, case.id), progress_of(session, case.id)
    agreement = None
    if progress.agreed_on is not None and progress.agreed_language and progress.agreed_how:
        agreement = AgreementBody(
            on=progress.agreed_on,
            language=progress.agreed_language,
            how=progress.agreed_how,
            mediator_present=bool(progress.mediator_present),
        )
    return PlanOut(
        goals=[goal_out(goal, actions) for goal in goals_of(session, case.id)],
        agreement=agreement,
        checks=[check_out(check) for check in checks_of(session, case.id)],
        review=progress.review,
    )


def goal_out(goal: Goal, actions: Iterable[Action] = ()) -> GoalOut:
    """Return a goal as JSON with those of some actions that serve it."""
    return GoalOut(
        id=goal.id,
        words=goal.words,
        measure=goal.measure,
        outcome=goal.outcome,
        version=goal.version,
        actions=[action_out(action) for action in actions if action.goal_id == goal.id],
    )


def action_out(action: Action) -> ActionOut:
    """Return an action as JSON."""
    return ActionOut(
        id=action.id,
        goal=action.goal_id,
        words=action.words,
        organisation=action.organisation_id,
        operator=action.operator_id,
        due_on=action.due_on,
        state=action.state,
        outcome=action.outcome,
        version=action.version,
    )


def check_out(check: FollowUpCheck) -> CheckOut:
    """Return a follow-up check as JSON."""
    return CheckOut(id=check.id, due_on=check.due_on, done_on=check.done_on, outcome=check.outcome)
