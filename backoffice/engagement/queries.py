"""Statements about contracts: one page of a list, and what belongs to one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, joinedload

from backoffice.case.models import Case
from backoffice.engagement.models import (
    Engagement,
    EngagementCheck,
    EngagementEvent,
    EngagementState,
    EngagementStep,
    EngagementTerms,
    PayslipCheck,
)
from backoffice.engagement.states import AT_WORK, BINDING, OVER
from backoffice.paging import newest_first


@dataclass(frozen=True)
class EngagementFilters:
    """What a list of contracts is narrowed by; None narrows nothing. `late_on`: with a step late that day."""

    state: EngagementState | None = None
    case_id: str | None = None
    is_open: bool = False
    late_on: date | None = None


@dataclass(frozen=True)
class EngagementPage:
    """One page of contracts, those that changed last first, and the cursor of the next page."""

    engagements: Sequence[Engagement]
    next: str | None


def filtered(statement: Select[Engagement], filters: EngagementFilters) -> Select[Engagement]:
    """Return the statement narrowed by what is wanted."""
    if filters.state is not None:
        statement = statement.where(Engagement.state == filters.state)
    if filters.case_id:
        either = (Engagement.request_id == filters.case_id) | (Engagement.worker_id == filters.case_id)
        statement = statement.where(either)
    if filters.is_open:
        statement = statement.where(Engagement.state.not_in(OVER))
    if filters.late_on is not None:
        statement = statement.where(
            Engagement.state.not_in(OVER),
            exists().where(EngagementStep.engagement_id == Engagement.id, *_is_late(filters.late_on)),
        )
    return statement


def page_of_engagements(
    session: Session, statement: Select[Engagement], *, limit: int, cursor: str | None = None
) -> EngagementPage:
    """Return one page.

    Raises:
        InvalidCursor: it is not one of ours.
    """
    order = (Engagement.state_since, Engagement.id)
    return EngagementPage(*newest_first(session, statement, *order, limit=limit, cursor=cursor))


def cases_of(session: Session, engagements: Iterable[Engagement]) -> dict[str, Case]:
    """Return the cases of contracts, with their people, by id."""
    ids = {each for row in engagements for each in (row.request_id, row.worker_id)}
    found = select(Case).where(Case.id.in_(ids)).options(joinedload(Case.person))
    return {case.id: case for case in session.scalars(found)}


def steps_of(session: Session, engagement_id: str) -> Sequence[EngagementStep]:
    """Return the steps of a contract, the first day first; those without a day at the end."""
    statement = select(EngagementStep).where(EngagementStep.engagement_id == engagement_id)
    ordered = statement.order_by(EngagementStep.due_on.is_(None), EngagementStep.due_on, EngagementStep.code)
    return session.scalars(ordered).all()


def step_of(session: Session, engagement_id: str, code: str) -> EngagementStep | None:
    """Return one step of a contract."""
    statement = select(EngagementStep).where(
        EngagementStep.engagement_id == engagement_id, EngagementStep.code == code
    )
    return session.scalars(statement).one_or_none()


def late_steps_of(session: Session, engagements: Iterable[Engagement], *, today: date) -> dict[str, int]:
    """Return how many steps are late, by the contract."""
    ids = [row.id for row in engagements if row.state not in OVER]
    statement = select(EngagementStep.engagement_id).where(
        EngagementStep.engagement_id.in_(ids), *_is_late(today)
    )
    counts: dict[str, int] = {}
    for engagement_id in session.scalars(statement):
        counts[engagement_id] = counts.get(engagement_id, 0) + 1
    return counts


def terms_of(session: Session, engagement_id: str) -> Sequence[EngagementTerms]:
    """Return the terms of a contract, the first ones first."""
    statement = select(EngagementTerms).where(EngagementTerms.engagement_id == engagement_id)
    return session.scalars(statement.order_by(EngagementTerms.from_on)).all()


def terms_on(session: Session, engagement_id: str, day: date) -> EngagementTerms | None:
    """Return the terms that hold on a day; None before the first ones."""
    statement = select(EngagementTerms).where(
        EngagementTerms.engagement_id == engagement_id, EngagementTerms.from_on <= day
    )
    return session.scalars(statement.order_by(EngagementTerms.from_on.desc()).limit(1)).one_or_none()


def payslips_of(session: Session, engagement_id: str) -> Sequence[PayslipCheck]:
    """Return the months that were looked at, the newest first."""
    statement = select(PayslipCheck).where(PayslipCheck.engagement_id == engagement_id)
    return session.scalars(statement.order_by(PayslipCheck.month.desc())).all()


def checks_of(session: Session, engagement_id: str) -> Sequence[EngagementCheck]:
    """Return the questions to the worker, the first one first."""
    statement = select(EngagementCheck).where(EngagementCheck.engagement_id == engagement_id)
    return session.scalars(statement.order_by(EngagementCheck.weeks)).all()


def events_of(session: Session, engagement_id: str) -> Sequence[EngagementEvent]:
    """Return what happened to a contract, oldest first."""
    statement = select(EngagementEvent).where(EngagementEvent.engagement_id == engagement_id)
    return session.scalars(statement.order_by(EngagementEvent.id)).all()


def others_at_work(session: Session, engagement: Engagement) -> bool:
    """Tell whether another contract of the same request binds still."""
    statement = exists().where(
        Engagement.request_id == engagement.request_id,
        Engagement.id != engagement.id,
        Engagement.state.in_(BINDING),
    )
    return bool(session.scalar(select(statement)))


def untold_steps(today: date, *, limit: int) -> Select[EngagementStep]:
    """Return the statement of steps that are overdue and have raised no alarm yet; their rows are locked."""
    statement = select(EngagementStep).where(*_is_untold(today))
    ordered = statement.order_by(EngagementStep.due_on, EngagementStep.id).limit(limit)
    return ordered.with_for_update(skip_locked=True)


def has_untold_steps(session: Session, today: date) -> bool:
    """Tell whether a step is overdue that has raised no alarm yet."""
    return bool(session.scalar(select(exists().where(*_is_untold(today)))))


def beginning(today: date, *, limit: int) -> Select[Engagement]:
    """Return the statement of signed contracts whose start has come and of which INPS was told; locked."""
    statement = select(Engagement).where(*_begins(today)).order_by(Engagement.starts_on, Engagement.id)
    return statement.limit(limit).with_for_update(skip_locked=True)


def has_beginning(session: Session, today: date) -> bool:
    """Tell whether the work of a signed contract begins."""
    return bool(session.scalar(select(exists().where(*_begins(today)))))


def without_year(code: str, *, limit: int) -> Select[Engagement]:
    """Return the statement of contracts at work without a step that each year has; their rows are locked."""
    statement = select(Engagement).where(*_lacks(code)).order_by(Engagement.id)
    return statement.limit(limit).with_for_update(skip_locked=True)


def has_without_year(session: Session, code: str) -> bool:
    """Tell whether a contract at work lacks the steps of a year."""
    return bool(session.scalar(select(exists().where(*_lacks(code)))))


def _is_late(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        EngagementStep.done_on.is_(None),
        EngagementStep.not_needed.is_(False),
        EngagementStep.due_on < today,
    )


def _is_untold(today: date) -> tuple[ColumnElement[bool], ...]:
    is_alive = exists().where(Engagement.id == EngagementStep.engagement_id, Engagement.state.not_in(OVER))
    return (*_is_late(today), EngagementStep.overdue_told_at.is_(None), is_alive)


def _begins(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Engagement.state == EngagementState.SIGNED,
        Engagement.inps_told_at.is_not(None),
        Engagement.starts_on <= today,
        ~exists().where(
            Case.id.in_((Engagement.request_id, Engagement.worker_id)), Case.closed_at.is_not(None)
        ),
    )


def _lacks(code: str) -> tuple[ColumnElement[bool], ...]:
    known = exists().where(EngagementStep.engagement_id == Engagement.id, EngagementStep.code == code)
    return (Engagement.state.in_(AT_WORK), ~known)
