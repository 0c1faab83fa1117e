"""The first day of work: INPS told before it, the authority told who lives there, the worker asked after it.

Functions flush, never commit.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from backoffice.care_request.models import RequestState
from backoffice.care_request.service import advance_request
from backoffice.case.models import Case
from backoffice.engagement.checks import plan_checks
from backoffice.engagement.drafting import open_cases
from backoffice.engagement.errors import EngagementDayRefused, EngagementMoveRefused, NotToldToInps
from backoffice.engagement.models import Engagement, EngagementState
from backoffice.engagement.moves import changed, move
from backoffice.engagement.queries import beginning, without_year
from backoffice.engagement.states import BINDING
from backoffice.engagement.steps import HOSPITALITY, INPS, do_step, plan_year, thirteenth_of
from backoffice.italy import day_in_italy

_MOST = 100


def record_inps(
    session: Session, engagement: Engagement, told_at: datetime, number: str | None, *, by: str, now: datetime
) -> None:
    """Note when INPS was told. Not later than 24.00 of the day before the start; what is later is late.

    Where the start has come already, the work runs from now on.

    Raises:
        EngagementMoveRefused: it is not signed, or over.
        EngagementDayRefused: a moment that lies ahead.
        CaseIsClosed: one of the two cases has to be reopened first.
    """
    open_cases(session, engagement.request_id, engagement.worker_id)
    if engagement.state not in BINDING:
        raise EngagementMoveRefused
    if told_at > now:
        raise EngagementDayRefused("future")
    engagement.inps_told_at = told_at
    engagement.inps_number = (number or "").strip() or engagement.inps_number
    changed(engagement, now)
    do_step(session, engagement, INPS, day_in_italy(told_at), by=by)
    if engagement.state is EngagementState.SIGNED and _has_come(engagement, now):
        begin(session, engagement, by=by, now=now)


def is_told_late(engagement: Engagement) -> bool:
    """Tell whether INPS was told later than 24.00 of the day before the start, in Italy's time."""
    told_at, starts_on = engagement.inps_told_at, engagement.starts_on
    return told_at is not None and starts_on is not None and day_in_italy(told_at) >= starts_on


def record_hospitality(session: Session, engagement: Engagement, on: date, *, by: str, now: datetime) -> None:
    """Note when the authority was told who lives there.

    Raises:
        EngagementMoveRefused: it is not signed, or over.
        EngagementDayRefused: a day that lies ahead.
        CaseIsClosed: one of the two cases has to be reopened first.
    """
    open_cases(session, engagement.request_id, engagement.worker_id)
    if engagement.state not in BINDING:
        raise EngagementMoveRefused
    if on > day_in_italy(now):
        raise EngagementDayRefused("future")
    engagement.hospitality_on = on
    changed(engagement, now)
    do_step(session, engagement, HOSPITALITY, on, by=by)


def begin(session: Session, engagement: Engagement, *, by: str, now: datetime) -> None:
    """Note that the work runs: the worker is asked how it goes, the year's dates are planned.

    Raises:
        NotToldToInps: INPS was not told, or the day of the start has not come.
        EngagementMoveRefused: it is not signed.
    """
    if engagement.inps_told_at is None or not _has_come(engagement, now):
        raise NotToldToInps
    assert engagement.starts_on is not None
    move(session, engagement, EngagementState.RUNNING, by=by, now=now)
    plan_year(session, engagement, engagement.starts_on.year)
    plan_checks(session, engagement, session.get_one(Case, engagement.worker_id), now=now)
    request = session.get_one(Case, engagement.request_id)
    advance_request(session, request, RequestState.FOLLOW_UP, by=by, now=now, by_contract=True)


def begin_due(session: Session, *, now: datetime) -> int:
    """Let the work run of every signed contract whose day has come and of which INPS was told."""
    rows = session.scalars(beginning(day_in_italy(now), limit=_MOST)).all()
    for row in rows:
        begin(session, row, by="system", now=now)
    return len(rows)


def plan_year_due(session: Session, *, now: datetime) -> int:
    """Plan the dates of this year for every contract at work that lacks them."""
    year = day_in_italy(now).year
    rows = session.scalars(without_year(thirteenth_of(year), limit=_MOST)).all()
    for row in rows:
        plan_year(session, row, year)
    return len(rows)


def _has_come(engagement: Engagement, now: datetime) -> bool:
    return engagement.starts_on is not None and engagement.starts_on <= day_in_italy(now)
