"""Statements about plans: by case, and what is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from backoffice.plan.models import (
    OPEN_STATES,
    Action,
    CaseLink,
    CoWorker,
    FollowUpCheck,
    Goal,
    Progress,
)


def progress_of(session: Session, case_id: str) -> Progress:
    """Return what is written down of a case's phases; an empty row, not yet stored, where nothing is."""
    return session.get(Progress, case_id) or Progress(case_id=case_id)


def goals_of(session: Session, case_id: str) -> Sequence[Goal]:
    """Return the goals of a case, in the order in which they were written."""
    statement = select(Goal).where(Goal.case_id == case_id).order_by(Goal.created_at, Goal.id)
    return session.scalars(statement).all()


def actions_of(session: Session, case_id: str) -> Sequence[Action]:
    """Return the actions of a case, in the order in which they were written."""
    statement = select(Action).where(Action.case_id == case_id).order_by(Action.created_at, Action.id)
    return session.scalars(statement).all()


def checks_of(session: Session, case_id: str) -> Sequence[FollowUpCheck]:
    """Return the follow-up checks of a case, the earliest first."""
    statement = select(FollowUpCheck).where(FollowUpCheck.case_id == case_id)
    return session.scalars(statement.order_by(FollowUpCheck.due_on, FollowUpCheck.id)).all()


def coworkers_of(session: Session, case_id: str) -> Sequence[str]:
    """Return the ids of who works on a case beside the one who is responsible."""
    statement = select(CoWorker.staff_id).where(CoWorker.case_id == case_id)
    return session.scalars(statement.order_by(CoWorker.added_at, CoWorker.staff_id)).all()


def linked_to(session: Session, case_id: str) -> set[str]:
    """Return the ids of the cases that belong together with one."""
    rows = session.execute(
        select(CaseLink.case_id, CaseLink.other_id).where(
            or_(CaseLink.case_id == case_id, CaseLink.other_id == case_id)
        )
    )
    return {each for row in rows for each in row} - {case_id}


def untold_actions(session: Session, *, today: date, limit: int) -> Sequence[Action]:
    """Return actions that are overdue and have raised no alarm yet."""
    statement = select(Action).where(
        Action.state.in_(OPEN_STATES), Action.due_on < today, Action.overdue_told_at.is_(None)
    )
    return session.scalars(
        statement.order_by(Action.due_on).limit(limit).with_for_update(skip_locked=True)
    ).all()


def untold_checks(session: Session, *, today: date, limit: int) -> Sequence[FollowUpCheck]:
    """Return follow-up checks that are overdue and have raised no alarm yet."""
    statement = select(FollowUpCheck).where(
        FollowUpCheck.done_on.is_(None),
        FollowUpCheck.due_on < today,
        FollowUpCheck.overdue_told_at.is_(None),
    )
    return session.scalars(
        statement.order_by(FollowUpCheck.due_on).limit(limit).with_for_update(skip_locked=True)
    ).all()


def has_untold(session: Session, *, today: date) -> bool:
    """Tell whether anything is overdue that has raised no alarm yet."""
    actions = exists().where(
        Action.state.in_(OPEN_STATES), Action.due_on < today, Action.overdue_told_at.is_(None)
    )
    checks = exists().where(
        FollowUpCheck.done_on.is_(None),
        FollowUpCheck.due_on < today,
        FollowUpCheck.overdue_told_at.is_(None),
    )
    return bool(session.scalar(select(or_(actions, checks))))
