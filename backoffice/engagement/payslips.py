"""A month of pay looked at: what was paid against what is due for the hours worked.

Due is what was agreed for that month, or the minimum in force then where that is higher: tables change while
a contract runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy.orm import Session

from backoffice.care_figures.notice import years_between
from backoffice.case.models import Case
from backoffice.document.queries import find_document
from backoffice.engagement.drafting import open_cases
from backoffice.engagement.errors import EngagementDayRefused, EngagementFormInvalid, EngagementMoveRefused
from backoffice.engagement.models import Engagement, EngagementTerms, PayPeriod, PayslipCheck
from backoffice.engagement.moves import changed
from backoffice.engagement.queries import payslips_of, terms_of
from backoffice.engagement.rates import pay_of
from backoffice.engagement.service import is_certified
from backoffice.engagement.states import BINDING
from backoffice.engagement.steps import FIRST_PAYSLIP, do_step
from backoffice.engagement.terms import Offer
from backoffice.errors import NotFound
from backoffice.italy import day_in_italy

MOST_HOURS = Decimal(744)
"""The hours of a month of 31 days."""

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class PayslipFacts:
    """What a payslip says of a month. `hours`: worked; needed for a pay by the hour."""

    month: date
    hours: Decimal | None
    paid_eur: Decimal
    document_id: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Due:
    """What is due for a month. `eur` None: it cannot be worked out here, `why` says so.

    `why`: `hours` (they are not written down), `part_month`, `changed` (terms changed in the month).
    """

    eur: Decimal | None
    rate: Decimal | None
    is_minimum: bool
    why: str | None = None


def check_payslip(
    session: Session, engagement: Engagement, facts: PayslipFacts, *, by: str, now: datetime
) -> PayslipCheck:
    """Note what was paid for a month beside what is due; the same month again corrects it.

    Raises:
        EngagementMoveRefused: nobody has worked by this contract.
        EngagementDayRefused: a month before the start, after the end, or that lies ahead.
        EngagementFormInvalid: more hours than a month has.
        NotFound: neither case has that document.
        CaseIsClosed: one of the two cases has to be reopened first.
    """
    open_cases(session, engagement.request_id, engagement.worker_id)
    if engagement.starts_on is None or (engagement.state not in BINDING and engagement.ended_on is None):
        raise EngagementMoveRefused
    month = facts.month.replace(day=1)
    _require_month(engagement, month, now)
    if facts.hours is not None and not 0 <= facts.hours <= MOST_HOURS:
        raise EngagementFormInvalid("hours")
    if facts.document_id and not any(
        find_document(session, case_id, facts.document_id)
        for case_id in (engagement.worker_id, engagement.request_id)
    ):
        raise NotFound
    due = due_for(session, engagement, month, facts.hours)
    known = next((row for row in payslips_of(session, engagement.id) if row.month == month), None)
    row = known or PayslipCheck(engagement_id=engagement.id, month=month)
    row.hours, row.paid_eur, row.due_eur = facts.hours, facts.paid_eur, due.eur
    row.document_id, row.note = facts.document_id or None, (facts.note or "").strip() or None
    row.checked_by, row.checked_at = by, now
    session.add(row)
    changed(engagement, now)
    if month == engagement.starts_on.replace(day=1):
        do_step(session, engagement, FIRST_PAYSLIP, day_in_italy(now), by=by)
    session.flush()
    return row


def due_for(session: Session, engagement: Engagement, month: date, hours: Decimal | None) -> Due:
    """Return what is due for a month, given as its first day."""
    last = _last_day(month)
    rows = [row for row in terms_of(session, engagement.id) if row.from_on <= last]
    within = [row for row in rows if month < row.from_on <= last]
    starts_within = engagement.starts_on is not None and engagement.starts_on > month
    if not rows or len(within) > (1 if starts_within else 0):
        return Due(None, None, is_minimum=False, why="changed")
    worker = session.get_one(Case, engagement.worker_id)
    rate, is_minimum = _rate(engagement, worker, rows[-1], max(month, rows[-1].from_on))
    if rows[-1].pay_per is PayPeriod.HOUR:
        if hours is None:
            return Due(None, rate, is_minimum, why="hours")
        return Due((rate * hours).quantize(_CENT, rounding=ROUND_HALF_UP), rate, is_minimum)
    ends_within = engagement.ended_on is not None and engagement.ended_on < last
    if starts_within or ends_within:
        return Due(None, rate, is_minimum, why="part_month")
    return Due(rate, rate, is_minimum)


def difference(row: PayslipCheck) -> Decimal | None:
    """Return by how much less was paid than is due; below zero where it was more; None: not known."""
    return None if row.due_eur is None else row.due_eur - row.paid_eur


def _rate(engagement: Engagement, worker: Case, terms: EngagementTerms, day: date) -> tuple[Decimal, bool]:
    """Return the pay that holds on a day, and whether it is the minimum, not what was agreed."""
    offer = Offer(
        level=terms.level,
        live_in=terms.live_in,
        hours_week=terms.hours_week,
        nights=engagement.nights,
        pay_eur=terms.pay_eur,
        pay_per=terms.pay_per,
        on=day,
        has_board=engagement.has_board,
        has_lodging=engagement.has_lodging,
        is_certified=is_certified(worker),
        years=years_between(engagement.starts_on or day, day),
    )
    minimum = pay_of(offer).minimum.amount
    if minimum is not None and minimum > terms.pay_eur:
        return minimum, True
    return terms.pay_eur, False


def _require_month(engagement: Engagement, month: date, now: datetime) -> None:
    assert engagement.starts_on is not None
    if month < engagement.starts_on.replace(day=1):
        raise EngagementDayRefused("before_start")
    if month > day_in_italy(now):
        raise EngagementDayRefused("future")
    if engagement.ended_on is not None and month > engagement.ended_on:
        raise EngagementDayRefused("after_end")


def _last_day(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
