"""Who has how much to do: open cases, urgent ones, those not accepted yet, overdue actions and checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Integer, cast, func, select
from sqlalchemy.orm import Session, joinedload

from backoffice.case.models import Case
from backoffice.case.queries import assignable_staff
from backoffice.plan.models import OPEN_STATES, Action, FollowUpCheck, Progress
from backoffice.staff.models import Staff


@dataclass(frozen=True)
class Load:
    """The work of one colleague; None is what nobody has taken."""

    staff: Staff | None
    open: int = 0
    urgent: int = 0
    waiting: int = 0
    """Cases that they have been given and have not accepted yet."""
    overdue: int = 0


@dataclass(frozen=True)
class Overdue:
    """An action or a check whose day has passed, with its case."""

    case: Case
    due_on: date
    is_check: bool


def loads(session: Session, organisation_id: str, *, today: date) -> list[Load]:
    """Return the work of every colleague who can be responsible, the most first; nobody's at the top."""
    is_open = Case.organisation_id == organisation_id, Case.closed_at.is_(None)
    rows = session.execute(
        select(
            Case.assignee_id,
            func.count().label("open"),
            func.sum(cast(Case.urgent, Integer)).label("urgent"),
            func.sum(cast(Progress.accepted_at.is_(None), Integer)).label("waiting"),
        )
        .outerjoin(Progress, Progress.case_id == Case.id)
        .where(*is_open)
        .group_by(Case.assignee_id)
    )
    counted = {row.assignee_id: row for row in rows}
    late = session.execute(
        select(Case.assignee_id, func.count().label("overdue"))
        .join(Action, Action.case_id == Case.id)
        .where(*is_open, Action.state.in_(OPEN_STATES), Action.due_on < today)
        .group_by(Case.assignee_id)
    )
    overdue: dict[str | None, int] = {row.assignee_id: row.overdue for row in late}
    found = []
    for staff in (None, *assignable_staff(session, organisation_id)):
        number = staff.id if staff else None
        row = counted.get(number)
        if row is None:
            found.append(Load(staff))
            continue
        waiting = int(row.waiting) if staff else 0
        found.append(Load(staff, row.open, int(row.urgent), waiting, overdue.get(number, 0)))
    return found[:1] + sorted(found[1:], key=lambda load: -load.open)


def overdue_rows(
    session: Session, readable: ColumnElement[bool], *, today: date, limit: int
) -> Sequence[Overdue]:
    """Return what is overdue in readable open cases, the oldest first."""
    is_open = readable, Case.closed_at.is_(None)
    actions = (
        select(Case, Action.due_on)
        .join(Action, Action.case_id == Case.id)
        .where(*is_open, Action.state.in_(OPEN_STATES), Action.due_on < today)
        .options(joinedload(Case.person))
        .order_by(Action.due_on)
        .limit(limit)
    )
    checks = (
        select(Case, FollowUpCheck.due_on)
        .join(FollowUpCheck, FollowUpCheck.case_id == Case.id)
        .where(*is_open, FollowUpCheck.done_on.is_(None), FollowUpCheck.due_on < today)
        .options(joinedload(Case.person))
        .order_by(FollowUpCheck.due_on)
        .limit(limit)
    )
    found = [Overdue(case, due_on, is_check=False) for case, due_on in session.execute(actions) if due_on]
    found += [Overdue(case, due_on, is_check=True) for case, due_on in session.execute(checks)]
    return sorted(found, key=lambda row: (row.due_on, row.case.id))[:limit]
