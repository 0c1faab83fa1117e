"""What a copy tells of contracts of work: what both have signed; how the worker is, to the worker alone."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.engagement.models import Engagement, EngagementCheck, PayslipCheck
from backoffice.own_copy.care_shape import ContractEntry, PaidMonth, ToldCheck


def contracts_of(session: Session, case: Case) -> list[ContractEntry]:
    """Return the contracts of a case, of a family or of a family assistant, the oldest first."""
    mine = or_(Engagement.request_id == case.id, Engagement.worker_id == case.id)
    rows = session.scalars(select(Engagement).where(mine).order_by(Engagement.created_at))
    return [_entry(session, row, case) for row in rows]


def _entry(session: Session, row: Engagement, case: Case) -> ContractEntry:
    return ContractEntry(
        state=row.state,
        since=row.state_since,
        level=row.level,
        tasks=list(row.tasks),
        live_in=row.live_in,
        hours_week=row.hours_week,
        hours_words=row.hours_words,
        pay_eur=row.pay_eur,
        pay_per=row.pay_per,
        place=row.place,
        holidays=row.holidays,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        signed_on=row.signed_on,
        inps_told_at=row.inps_told_at,
        notice_on=row.notice_on,
        ended_on=row.ended_on,
        end_reason=row.end_reason,
        severance_eur=row.severance_eur,
        paid=_paid(session, row),
        checks=_checks(session, row) if row.worker_id == case.id else [],
    )


def _paid(session: Session, row: Engagement) -> list[PaidMonth]:
    months = select(PayslipCheck).where(PayslipCheck.engagement_id == row.id).order_by(PayslipCheck.month)
    return [
        PaidMonth(month=each.month, hours=each.hours, paid_eur=each.paid_eur, due_eur=each.due_eur)
        for each in session.scalars(months)
    ]


def _checks(session: Session, row: Engagement) -> list[ToldCheck]:
    asked = select(EngagementCheck).where(EngagementCheck.engagement_id == row.id)
    return [
        ToldCheck(weeks=each.weeks, asked_at=each.asked_at, answer=each.answer, outcome=each.outcome)
        for each in session.scalars(asked.order_by(EngagementCheck.weeks))
    ]
