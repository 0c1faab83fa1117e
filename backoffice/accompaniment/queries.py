"""Statements about contracts and the steps of the checklist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from backoffice.accompaniment.models import AccompanimentStep, StepState, Tenancy
from backoffice.case.models import Case
from backoffice.home_owner.models import HomeOwner
from backoffice.housing_match.models import HousingMatch, MatchState
from backoffice.listing.models import Listing

_WITH_HOME = joinedload(HousingMatch.listing).joinedload(Listing.owner).joinedload(HomeOwner.person)
_NEAR_A_CONTRACT = (
    MatchState.CONTRACT,
    MatchState.ACCEPTED_BY_OWNER,
    MatchState.ACCEPTED_BY_SEEKER,
    MatchState.VISITED,
    MatchState.VISIT_FIXED,
)
"""How far a match is that has steps of its own, the nearest to a contract first."""


@dataclass(frozen=True)
class DueStep:
    """A step whose last day comes or has passed, with its case."""

    case: Case
    code: str
    due_on: date


def matches_with_steps(session: Session, case_id: str) -> Sequence[HousingMatch]:
    """Return the matches of a household that have steps of their own, the nearest to a contract first.

    One that came to nothing is among them if it ever had steps or a contract: its history stays.
    """
    has_history = or_(
        exists().where(AccompanimentStep.match_id == HousingMatch.id),
        exists().where(Tenancy.match_id == HousingMatch.id),
    )
    statement = (
        select(HousingMatch)
        .where(
            HousingMatch.case_id == case_id,
            or_(HousingMatch.state.in_(_NEAR_A_CONTRACT), has_history),
        )
        .options(_WITH_HOME)
        .order_by(HousingMatch.state_since.desc(), HousingMatch.id)
    )
    order = {state: place for place, state in enumerate(_NEAR_A_CONTRACT)}
    return sorted(session.scalars(statement), key=lambda match: order.get(match.state, len(order)))


def match_of_contract(session: Session, case_id: str) -> HousingMatch | None:
    """Return the match of a household that both have said yes to, the latest where there are several."""
    statement = select(HousingMatch).where(
        HousingMatch.case_id == case_id, HousingMatch.state == MatchState.CONTRACT
    )
    newest = statement.options(_WITH_HOME).order_by(HousingMatch.state_since.desc(), HousingMatch.id)
    return session.scalars(newest.limit(1)).one_or_none()


def tenancy_of(session: Session, match_id: str) -> Tenancy | None:
    """Return the contract of a match."""
    return session.scalars(select(Tenancy).where(Tenancy.match_id == match_id)).one_or_none()


def steps_of(session: Session, case_id: str) -> Sequence[AccompanimentStep]:
    """Return every step of a case that somebody has touched or that has a last day."""
    return session.scalars(select(AccompanimentStep).where(AccompanimentStep.case_id == case_id)).all()


def _counts() -> ColumnElement[bool]:
    """Return the condition that a step counts still: its match has not come to nothing by a no."""
    is_alive = exists().where(
        HousingMatch.id == AccompanimentStep.match_id, HousingMatch.state != MatchState.REFUSED
    )
    return or_(AccompanimentStep.match_id.is_(None), is_alive)


def _is_overdue(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        _counts(),
        AccompanimentStep.state == StepState.OPEN,
        AccompanimentStep.due_on < today,
        AccompanimentStep.overdue_told_at.is_(None),
    )


def untold_steps(today: date, *, limit: int) -> Select[AccompanimentStep]:
    """Return the statement of steps that are overdue and have raised no alarm yet; their rows are locked."""
    statement = select(AccompanimentStep).where(*_is_overdue(today))
    ordered = statement.order_by(AccompanimentStep.due_on, AccompanimentStep.id).limit(limit)
    return ordered.with_for_update(skip_locked=True)


def has_untold_steps(session: Session, today: date) -> bool:
    """Tell whether a step is overdue that has raised no alarm yet."""
    return bool(session.scalar(select(exists().where(*_is_overdue(today)))))


def due_steps(
    session: Session, readable: ColumnElement[bool], *, until: date, limit: int
) -> Sequence[DueStep]:
    """Return open steps of readable open cases whose last day is at most `until`, the first one first."""
    statement = (
        select(Case, AccompanimentStep.code, AccompanimentStep.due_on)
        .join(AccompanimentStep, AccompanimentStep.case_id == Case.id)
        .where(
            readable,
            Case.closed_at.is_(None),
            AccompanimentStep.state == StepState.OPEN,
            AccompanimentStep.due_on <= until,
            _counts(),
        )
        .options(joinedload(Case.person))
        .order_by(AccompanimentStep.due_on, AccompanimentStep.id)
        .limit(limit)
    )
    return [DueStep(case, code, due_on) for case, code, due_on in session.execute(statement) if due_on]
