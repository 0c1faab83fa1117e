"""Statements about shares and openings, by ids: what is given of a case at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice.sharing.models import BreakGlass, Share, SharePart, ShareState
from backoffice.sharing.parts import CasePart
from backoffice.staff.models import Organisation

WITH_PARTS = (selectinload(Share.lines), joinedload(Share.organisation), joinedload(Share.from_organisation))
"""Loads what a share is shown with."""


def is_live(now: datetime) -> ColumnElement[bool]:
    """Return the condition on `Share` that it opens something; the end counts without any job."""
    return and_(Share.state == ShareState.ACCEPTED, Share.starts_at <= now, Share.until > now)


def shared_case_ids(organisation_id: str, *, now: datetime, part: CasePart | None = None) -> Select[str]:
    """Return the statement of the cases that are shared with a body now; with `part`, that part of them.

    It depends on nothing around it: a database works it out once, however many cases it looks at.
    """
    found = select(Share.case_id).where(Share.organisation_id == organisation_id, is_live(now))
    if part is not None:
        found = found.join(SharePart, SharePart.share_id == Share.id).where(SharePart.part == part)
    return found


def broken_open_case_ids(staff_id: str, *, now: datetime) -> Select[str]:
    """Return the statement of the cases that somebody has opened in need, and the time is not over."""
    return select(BreakGlass.case_id).where(BreakGlass.staff_id == staff_id, BreakGlass.until > now)


def opened_case_ids(staff_id: str) -> Select[str]:
    """Return the statement of the cases that somebody ever opened in need."""
    return select(BreakGlass.case_id).where(BreakGlass.staff_id == staff_id)


def ended_share_case_ids(organisation_id: str, *, now: datetime) -> Select[str]:
    """Return the statement of the cases that a body saw by a share which is over."""
    is_over = or_(
        Share.state.in_((ShareState.DONE, ShareState.REVOKED, ShareState.EXPIRED)), Share.until <= now
    )
    return select(Share.case_id).where(
        Share.organisation_id == organisation_id,
        Share.answered_at.is_not(None),
        Share.state != ShareState.REJECTED,
        is_over,
    )


def was_opened_last(session: Session, case_id: str, *, staff_id: str, organisation_id: str) -> bool:
    """Tell whether somebody opened a case in need, later than their body accepted any share of it."""
    opened = session.scalar(
        select(func.max(BreakGlass.opened_at)).where(
            BreakGlass.case_id == case_id, BreakGlass.staff_id == staff_id
        )
    )
    accepted = session.scalar(
        select(func.max(Share.answered_at)).where(
            Share.case_id == case_id, Share.organisation_id == organisation_id
        )
    )
    return opened is not None and (accepted is None or accepted < opened)


def shared_parts(
    session: Session, case_ids: Iterable[str], organisation_id: str, *, now: datetime
) -> dict[str, frozenset[CasePart]]:
    """Return the parts that live shares give a body, by case."""
    statement = (
        select(Share.case_id, SharePart.part)
        .join(SharePart, SharePart.share_id == Share.id)
        .where(Share.case_id.in_(set(case_ids)), Share.organisation_id == organisation_id, is_live(now))
    )
    found: dict[str, set[CasePart]] = {}
    for case_id, part in session.execute(statement):
        found.setdefault(case_id, set()).add(CasePart(part))
    return {case_id: frozenset(parts) for case_id, parts in found.items()}


def gives_restricted(session: Session, case_id: str, organisation_id: str, *, now: datetime) -> bool:
    """Tell whether a live share gives a body what is restricted."""
    given = exists().where(
        Share.case_id == case_id, Share.organisation_id == organisation_id, Share.restricted, is_live(now)
    )
    return bool(session.scalar(select(given)))


def broken_open_by(session: Session, case_ids: Iterable[str], staff_id: str, *, now: datetime) -> set[str]:
    """Return which of the cases somebody has open in need."""
    statement = select(BreakGlass.case_id).where(
        BreakGlass.case_id.in_(set(case_ids)), BreakGlass.staff_id == staff_id, BreakGlass.until > now
    )
    return set(session.scalars(statement))


def need_ends_at(session: Session, case_id: str, staff_id: str, *, now: datetime) -> datetime | None:
    """Return when the case closes that somebody has open in need."""
    statement = select(func.max(BreakGlass.until)).where(
        BreakGlass.case_id == case_id, BreakGlass.staff_id == staff_id, BreakGlass.until > now
    )
    return session.scalar(statement)


def shares_of_case(session: Session, case_id: str, *, organisation_id: str | None = None) -> Sequence[Share]:
    """Return all shares of a case, newest first; those with one body where it is named."""
    statement = select(Share).where(Share.case_id == case_id).options(*WITH_PARTS)
    if organisation_id is not None:
        statement = statement.where(Share.organisation_id == organisation_id)
    return session.scalars(statement.order_by(Share.id.desc())).all()


def openings_of_case(session: Session, case_id: str) -> Sequence[BreakGlass]:
    """Return who opened a case in need, newest first."""
    statement = select(BreakGlass).where(BreakGlass.case_id == case_id)
    return session.scalars(statement.order_by(BreakGlass.id.desc())).all()


def other_bodies(session: Session, organisation_id: str) -> Sequence[Organisation]:
    """Return every body but one, by name."""
    statement = select(Organisation).where(Organisation.id != organisation_id).order_by(Organisation.name)
    return session.scalars(statement).all()


def overdue_or_ended(now: datetime) -> ColumnElement[bool]:
    """Return the condition on `Share` that a job has something to write down."""
    ended = and_(Share.state.in_((ShareState.OFFERED, ShareState.ACCEPTED)), Share.until <= now)
    return or_(ended, is_new_alarm(now))


def is_alarm(now: datetime) -> ColumnElement[bool]:
    """Return the condition on `Share` that nobody has answered in time; it stands without any job."""
    return and_(Share.state == ShareState.OFFERED, Share.answer_by <= now, Share.until > now)


def is_new_alarm(now: datetime) -> ColumnElement[bool]:
    """Return the condition on `Share` that an alarm has not been told yet."""
    return and_(is_alarm(now), Share.alarmed_at.is_(None))
