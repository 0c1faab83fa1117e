"""What the page of a case shows of the work on it, read in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.permissions import readable_cases
from backoffice.case.phases import moves_from
from backoffice.case.planning import is_overdue
from backoffice.case.queries import names_of_staff
from backoffice.case.requirements import Missing, has_consent, missing_for, was_interviewed
from backoffice.client.schemas import Phase
from backoffice.plan.models import Action, FollowUpCheck, Goal, Progress
from backoffice.plan.queries import actions_of, checks_of, coworkers_of, goals_of, linked_to, progress_of
from backoffice.staff.models import Organisation, Staff


@dataclass(frozen=True)
class PlanView:
    """The plan of a case. `overdue` has the ids of actions and checks whose day has passed."""

    progress: Progress
    goals: Sequence[Goal] = ()
    actions: Mapping[str, Sequence[Action]] = field(default_factory=dict)
    checks: Sequence[FollowUpCheck] = ()
    overdue: frozenset[str] = frozenset()
    organisations: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WorkView:
    """What lets a case go on, and who works on it."""

    missing: Mapping[Phase, Sequence[Missing]]
    has_consent: bool
    was_interviewed: bool
    coworkers: Mapping[str, str]
    linked: Sequence[Case]


def view_work(session: Session, staff: Staff, case: Case) -> WorkView:
    """Return it for the page of a case of the reader's own body."""
    moves = moves_from(case.phase, case.phase_before_closing)
    ids = linked_to(session, case.id)
    linked = session.scalars(readable_cases(staff).where(Case.id.in_(ids))).all() if ids else []
    coworkers = coworkers_of(session, case.id)
    names = names_of_staff(session, set(coworkers))
    return WorkView(
        missing={move.to: missing_for(session, case, move) for move in moves},
        has_consent=has_consent(session, case.person_id),
        was_interviewed=was_interviewed(session, case.id),
        coworkers={each: names.get(each, "") for each in coworkers},
        linked=linked,
    )


def view_plan(session: Session, case: Case, *, today: date) -> PlanView:
    """Return the plan of a case with the names that it is shown with."""
    actions, checks = actions_of(session, case.id), checks_of(session, case.id)
    by_goal: dict[str, list[Action]] = {}
    for action in actions:
        by_goal.setdefault(action.goal_id, []).append(action)
    late = {each.id for each in actions if is_overdue(each, today)}
    late |= {each.id for each in checks if each.done_on is None and each.due_on < today}
    bodies = session.execute(select(Organisation.id, Organisation.name).order_by(Organisation.name))
    operators = {each.operator_id for each in actions if each.operator_id}
    return PlanView(
        progress=progress_of(session, case.id),
        goals=goals_of(session, case.id),
        actions=by_goal,
        checks=checks,
        overdue=frozenset(late),
        organisations={row.id: row.name for row in bodies},
        names=names_of_staff(session, operators),
    )
