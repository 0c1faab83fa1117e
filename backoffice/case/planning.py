"""The plan of a case: goals, actions, the person's agreement and follow-up checks.

Functions flush, never commit; each act leaves its event and its audit entry. Rights have been asked before.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from backoffice.case.errors import ActionNotFound, ChangedMeanwhile, OperatorUnknown, ReasonMissing
from backoffice.case.history import record_event, require_open
from backoffice.case.models import Case, CaseEventKind
from backoffice.plan.models import (
    OPEN_STATES,
    Action,
    ActionState,
    AgreementForm,
    FollowUpCheck,
    Goal,
)
from backoffice.plan.queries import checks_of, progress_of, untold_actions, untold_checks
from backoffice.staff.models import Organisation, Staff

CHECK_MONTHS = (1, 3, 6)
"""After how many months one looks again, unless somebody plans other days."""

SYSTEM = "system"
_MOST_ALARMS = 200


@dataclass(frozen=True)
class ActionWords:
    """What an action is; `organisation_id` None is the case's own body."""

    words: str
    organisation_id: str | None = None
    operator_id: str | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Agreement:
    """How a person agreed to the plan."""

    on: date
    language: str
    how: AgreementForm
    mediator_present: bool


def add_goal(
    session: Session, case: Case, words: str, *, measure: str | None, by: str, now: datetime
) -> Goal:
    """Write a goal down.

    Raises:
        ReasonMissing: it has no words.
    """
    require_open(case)
    goal = Goal(
        case_id=case.id, words=_said(words), measure=_said_or_none(measure), created_by=by, created_at=now
    )
    session.add(goal)
    session.flush()
    record_event(session, case, CaseEventKind.GOAL_ADDED, by=by, now=now)
    return goal


def change_goal(
    session: Session,
    case: Case,
    goal_id: str,
    *,
    words: str,
    measure: str | None,
    outcome: str | None,
    by: str,
    now: datetime,
    version: int | None = None,
) -> Goal:
    """Change a goal, or say what came of it.

    Raises:
        ActionNotFound: the case has no such goal.
        ChangedMeanwhile: somebody else changed it after `version`.
    """
    require_open(case)
    goal = session.get(Goal, goal_id)
    if goal is None or goal.case_id != case.id:
        raise ActionNotFound
    new = {"words": _said(words), "measure": _said_or_none(measure), "outcome": _said_or_none(outcome)}
    _change(goal, new, version)
    record_event(session, case, CaseEventKind.GOAL_CHANGED, by=by, now=now)
    return goal


def add_action(
    session: Session, case: Case, goal_id: str, new: ActionWords, *, by: str, now: datetime
) -> Action:
    """Write down who does what for a goal.

    Raises:
        ActionNotFound: the case has no such goal.
        OperatorUnknown: there is no such body, or nobody of that id works there.
    """
    require_open(case)
    goal = session.get(Goal, goal_id)
    if goal is None or goal.case_id != case.id:
        raise ActionNotFound
    organisation_id = new.organisation_id or case.organisation_id
    _require_operator(session, organisation_id, new.operator_id)
    action = Action(
        case_id=case.id,
        goal_id=goal.id,
        words=_said(new.words),
        organisation_id=organisation_id,
        operator_id=new.operator_id,
        due_on=new.due_on,
        state=ActionState.TODO,
        created_by=by,
        created_at=now,
    )
    session.add(action)
    session.flush()
    record_event(session, case, CaseEventKind.ACTION_ADDED, by=by, now=now, after=action.state)
    return action


def change_action(
    session: Session,
    case: Case,
    action_id: str,
    *,
    state: ActionState,
    outcome: str | None,
    due_on: date | None,
    by: str,
    now: datetime,
    version: int | None = None,
) -> Action:
    """Say how far an action is, and what came of it. Who drops or moves one says why or where to.

    Raises:
        ActionNotFound: the case has no such action.
        ReasonMissing: dropped or moved without words.
        ChangedMeanwhile: somebody else changed it after `version`.
    """
    require_open(case)
    action = session.get(Action, action_id)
    if action is None or action.case_id != case.id:
        raise ActionNotFound
    if state in (ActionState.DROPPED, ActionState.MOVED) and not (outcome or "").strip():
        raise ReasonMissing
    before, due_before = action.state, action.due_on
    _change(action, {"state": state, "outcome": _said_or_none(outcome), "due_on": due_on}, version)
    if due_on != due_before:
        action.overdue_told_at = None  # a new day may be missed anew
    record_event(session, case, CaseEventKind.ACTION_CHANGED, by=by, now=now, before=before, after=state)
    return action


def agree_plan(session: Session, case: Case, agreement: Agreement, *, by: str, now: datetime) -> None:
    """Write down that the person agreed to the plan, and how."""
    require_open(case)
    progress = progress_of(session, case.id)
    session.add(progress)
    progress.agreed_on, progress.agreed_language = agreement.on, agreement.language
    progress.agreed_how, progress.mediator_present = agreement.how, agreement.mediator_present
    record_event(session, case, CaseEventKind.PLAN_AGREED, by=by, now=now, after=agreement.language)


def plan_check(session: Session, case: Case, due_on: date, *, by: str, now: datetime) -> FollowUpCheck:
    """Plan a day to look how the person is."""
    require_open(case)
    check = FollowUpCheck(case_id=case.id, due_on=due_on)
    session.add(check)
    session.flush()
    record_event(session, case, CaseEventKind.CHECK_PLANNED, by=by, now=now, after=due_on.isoformat())
    return check


def plan_usual_checks(session: Session, case: Case, *, by: str, now: datetime) -> None:
    """Plan the checks that follow a delivery, unless the case has some already."""
    if checks_of(session, case.id):
        return
    for months in CHECK_MONTHS:
        plan_check(session, case, add_months(now.date(), months), by=by, now=now)


def do_check(
    session: Session, case: Case, check_id: str, outcome: str, *, by: str, now: datetime
) -> FollowUpCheck:
    """Write down that a check was made and what was found.

    Raises:
        ActionNotFound: the case has no such check.
        ReasonMissing: what was found is not said.
    """
    require_open(case)
    check = session.get(FollowUpCheck, check_id)
    if check is None or check.case_id != case.id:
        raise ActionNotFound
    check.outcome, check.done_on, check.done_by = _said(outcome), now.date(), by
    record_event(session, case, CaseEventKind.CHECK_DONE, by=by, now=now, after=check.due_on.isoformat())
    return check


def tell_overdue(session: Session, *, now: datetime) -> int:
    """Raise the one alarm of every action and check whose day has passed; return how many."""
    actions = untold_actions(session, today=now.date(), limit=_MOST_ALARMS)
    checks = untold_checks(session, today=now.date(), limit=_MOST_ALARMS)
    for kind, rows in ((CaseEventKind.ACTION_OVERDUE, actions), (CaseEventKind.CHECK_OVERDUE, checks)):
        for row in rows:
            row.overdue_told_at = now
            case = session.get_one(Case, row.case_id)
            due = row.due_on.isoformat() if row.due_on else None
            record_event(session, case, kind, by=SYSTEM, now=now, after=due)
    return len(actions) + len(checks)


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month where it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def is_overdue(action: Action, today: date) -> bool:
    """Tell whether an action's day has passed and it is still open."""
    return action.state in OPEN_STATES and action.due_on is not None and action.due_on < today


def _require_operator(session: Session, organisation_id: str, operator_id: str | None) -> None:
    if session.get(Organisation, organisation_id) is None:
        raise OperatorUnknown
    if operator_id is None:
        return
    operator = session.get(Staff, operator_id)
    if operator is None or operator.organisation_id != organisation_id or not operator.active:
        raise OperatorUnknown


def _change(row: Goal | Action, new: Mapping[str, object], version: int | None) -> None:
    if version is not None and version != row.version:
        both = [(name, _shown(value), _shown(getattr(row, name))) for name, value in new.items()]
        raise ChangedMeanwhile([each for each in both if each[1] != each[2]])
    for name, value in new.items():
        setattr(row, name, value)
    row.version += 1


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _said(words: str) -> str:
    if not words.strip():
        raise ReasonMissing
    return words.strip()


def _said_or_none(words: str | None) -> str | None:
    return (words or "").strip() or None
