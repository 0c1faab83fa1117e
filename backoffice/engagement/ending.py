"""The end of a contract: notice in days, the last day, severance, and what becomes of match and request.

Functions flush, never commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from backoffice.care_figures.notice import Notice, last_day, years_between
from backoffice.care_match.models import CareRefusal, CareSide
from backoffice.care_request.models import RequestEnd, RequestState
from backoffice.care_request.service import move_request, request_of
from backoffice.case.models import Case
from backoffice.client.schemas import NoticeBy
from backoffice.engagement.checks import end_checks
from backoffice.engagement.drafting import open_cases
from backoffice.engagement.errors import EngagementDayRefused, EngagementMoveRefused
from backoffice.engagement.models import Engagement, EngagementEnd, EngagementState
from backoffice.engagement.moves import changed, move
from backoffice.engagement.queries import others_at_work, terms_on
from backoffice.engagement.rates import notice_for, severance_of
from backoffice.engagement.service import refuse_match_of, send_back
from backoffice.engagement.states import AT_WORK
from backoffice.engagement.steps import plan_end
from backoffice.engagement.terms import Offer
from backoffice.italy import day_in_italy

FARTHEST = timedelta(days=366)
"""How far ahead a last day may lie."""

E = EngagementEnd
_NOTICE: Mapping[CareSide, EngagementEnd] = {CareSide.FAMILY: E.BY_FAMILY, CareSide.WORKER: E.BY_WORKER}
_REFUSED_BY: Mapping[EngagementEnd, tuple[CareSide, CareRefusal]] = {
    E.BY_FAMILY: (CareSide.FAMILY, CareRefusal.OTHER),
    E.BY_WORKER: (CareSide.WORKER, CareRefusal.OTHER),
    E.AGREED: (CareSide.DESK, CareRefusal.OTHER),
    E.TRIAL_NOT_PASSED: (CareSide.DESK, CareRefusal.TRIAL_FAILED),
    E.JUST_CAUSE: (CareSide.DESK, CareRefusal.OTHER),
    E.OTHER: (CareSide.DESK, CareRefusal.OTHER),
}
"""How the match is closed; work that came to its term, or the end of a life, leaves it as it was made."""

_CLOSED_WHY: Mapping[EngagementEnd, RequestEnd] = {
    E.PERSON_DIED: RequestEnd.PERSON_DIED,
    E.TERM_REACHED: RequestEnd.MET,
    E.AGREED: RequestEnd.MET,
    E.BY_FAMILY: RequestEnd.NEED_CHANGED,
}


def give_notice(
    session: Session, engagement: Engagement, side: CareSide, on: date, *, by: str, now: datetime
) -> Notice | None:
    """Note who ends the work, and from which day the days of notice run.

    Returns:
        The days of notice; None where no source gives them: the desk finds out.

    Raises:
        EngagementMoveRefused: the work does not run, or notice was given already.
        EngagementDayRefused: a day before the start, or that lies ahead.
        CaseIsClosed: one of the two cases has to be reopened first.
    """
    open_cases(session, engagement.request_id, engagement.worker_id)
    if engagement.state is not EngagementState.RUNNING or side not in _NOTICE:
        raise EngagementMoveRefused
    if on > day_in_italy(now):
        raise EngagementDayRefused("future")
    _require_after_start(engagement, on)
    days = notice_days_of(session, engagement, side, on)
    engagement.notice_on, engagement.end_reason = on, _NOTICE[side]
    engagement.notice_days = days.days if days else None
    move(session, engagement, EngagementState.NOTICE, by=by, now=now)
    plan_end(session, engagement)
    return days


def notice_days_of(session: Session, engagement: Engagement, side: CareSide, on: date) -> Notice | None:
    """Return how many days of notice a side has to give on a day."""
    terms = terms_on(session, engagement.id, on)
    if terms is None or engagement.starts_on is None:
        return None
    return notice_for(
        NoticeBy.FAMILY if side is CareSide.FAMILY else NoticeBy.WORKER,
        hours_week=terms.hours_week,
        starts_on=engagement.starts_on,
        on=on,
    )


def last_day_of_notice(engagement: Engagement) -> date | None:
    """Return the last day of work by the notice that was given."""
    if engagement.notice_on is None or engagement.notice_days is None:
        return None
    return last_day(engagement.notice_on, engagement.notice_days)


def end(
    session: Session,
    engagement: Engagement,
    on: date,
    reason: EngagementEnd,
    *,
    looks_again: bool,
    by: str,
    now: datetime,
) -> None:
    """Note that the work is over: the match is closed, the request looks again or is closed.

    Args:
        session: the transaction.
        engagement: the contract, locked.
        on: the last day of work.
        reason: why.
        looks_again: whether the family looks for somebody else; never where the person died.
        by: a staff id.
        now: the present moment.

    Raises:
        EngagementMoveRefused: the work does not run.
        EngagementDayRefused: a day before the start, or far ahead.
        CaseIsClosed: one of the two cases has to be reopened first.
    """
    request, _ = open_cases(session, engagement.request_id, engagement.worker_id)
    if engagement.state not in AT_WORK:
        raise EngagementMoveRefused
    _require_after_start(engagement, on)
    if on > day_in_italy(now) + FARTHEST:
        raise EngagementDayRefused("too_far")
    engagement.ended_on, engagement.end_reason = on, reason
    move(session, engagement, EngagementState.ENDED, by=by, now=now)
    plan_end(session, engagement)
    end_checks(session, engagement, now=now)
    if reason in _REFUSED_BY:
        side, why = _REFUSED_BY[reason]
        refuse_match_of(session, engagement, side, why, by=by, now=now)
    if looks_again and reason is not E.PERSON_DIED:
        send_back(session, engagement, request, by=by, now=now)
    else:
        _close_request(session, engagement, request, reason, by=by, now=now)


def record_severance(
    session: Session,
    engagement: Engagement,
    *,
    eur: Decimal | None,
    paid_on: date | None,
    now: datetime,
) -> None:
    """Note the severance that was worked out by who does the payslips, and when it was paid.

    Raises:
        EngagementMoveRefused: the work is not over.
        EngagementDayRefused: a day that lies ahead.
    """
    if engagement.state is not EngagementState.ENDED:
        raise EngagementMoveRefused
    if paid_on is not None and paid_on > day_in_italy(now):
        raise EngagementDayRefused("future")
    engagement.severance_eur, engagement.severance_paid_on = eur, paid_on
    changed(engagement, now)
    session.flush()


def severance_estimate(session: Session, engagement: Engagement, *, today: date) -> Decimal | None:
    """Return an estimate of the severance until the last day known, by the terms that hold then.

    It stands on background figures, and is not revalued: who does the payslips works it out.
    """
    until = engagement.ended_on or last_day_of_notice(engagement) or today
    terms = terms_on(session, engagement.id, until)
    if terms is None or engagement.starts_on is None:
        return None
    months = int(years_between(engagement.starts_on, until + timedelta(days=1)) * 12 + Decimal("0.001"))
    offer = Offer(
        level=terms.level,
        live_in=terms.live_in,
        hours_week=terms.hours_week,
        nights=engagement.nights,
        pay_eur=terms.pay_eur,
        pay_per=terms.pay_per,
        on=until,
        has_board=engagement.has_board,
        has_lodging=engagement.has_lodging,
    )
    return severance_of(offer, months=months)


def _require_after_start(engagement: Engagement, on: date) -> None:
    if engagement.starts_on is None or on < engagement.starts_on:
        raise EngagementDayRefused("before_start")


def _close_request(
    session: Session,
    engagement: Engagement,
    request: Case,
    reason: EngagementEnd,
    *,
    by: str,
    now: datetime,
) -> None:
    is_alone = not others_at_work(session, engagement)
    if is_alone and request_of(session, request, now=now).state is not RequestState.CLOSED:
        why = _CLOSED_WHY.get(reason, RequestEnd.OTHER)
        move_request(session, request, RequestState.CLOSED, by=by, now=now, why=why)
