"""Level, hours and pay that change from a day on: checked again, by the tables of that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from backoffice.care_figures.notice import years_between
from backoffice.client.schemas import CareLevel, DomesticTask, PayVerdict
from backoffice.engagement.drafting import open_cases
from backoffice.engagement.errors import (
    EngagementChangedMeanwhile,
    EngagementDayRefused,
    EngagementMoveRefused,
    MinimumUnknown,
)
from backoffice.engagement.models import Engagement, EngagementTerms, PayPeriod
from backoffice.engagement.moves import changed
from backoffice.engagement.queries import terms_of
from backoffice.engagement.service import is_certified, note_confirmed
from backoffice.engagement.states import BINDING
from backoffice.engagement.terms import Offer, check_offer, require_level


@dataclass(frozen=True)
class TermsChange:
    """What holds from a day on."""

    from_on: date
    level: CareLevel
    live_in: bool
    hours_week: int
    pay_eur: Decimal
    pay_per: PayPeriod
    version: int | None = None


def change_terms(
    session: Session,
    engagement: Engagement,
    change: TermsChange,
    *,
    confirms_unknown: bool,
    by: str,
    now: datetime,
) -> EngagementTerms:
    """Change level, hours or pay from a day on; the same day again corrects it.

    Raises:
        EngagementMoveRefused: it is not signed, or over.
        EngagementDayRefused: a day not after the start, or after the end.
        LevelTooLow: the level is lower than the tasks say.
        TooManyHours: more hours a week than allowed.
        PayBelowMinimum: the pay is below the minimum; the caller counts it.
        MinimumUnknown: no source gives the minimum, and nobody confirms.
        EngagementChangedMeanwhile: somebody else changed it after `change.version`.
        CaseIsClosed: one of the two cases has to be reopened first.
    """
    _, worker = open_cases(session, engagement.request_id, engagement.worker_id)
    if change.version is not None and change.version != engagement.version:
        raise EngagementChangedMeanwhile
    if engagement.state not in BINDING:
        raise EngagementMoveRefused
    if engagement.starts_on is None or change.from_on <= engagement.starts_on:
        raise EngagementDayRefused("before_start")
    if engagement.ends_on is not None and change.from_on > engagement.ends_on:
        raise EngagementDayRefused("after_end")
    tasks = [DomesticTask(code) for code in engagement.tasks]
    require_level(tasks, change.level, is_trained=engagement.is_trained, on=change.from_on)
    offer = Offer(
        level=change.level,
        live_in=change.live_in,
        hours_week=change.hours_week,
        nights=engagement.nights,
        pay_eur=change.pay_eur,
        pay_per=change.pay_per,
        on=change.from_on,
        has_board=engagement.has_board,
        has_lodging=engagement.has_lodging,
        is_certified=is_certified(worker),
        years=years_between(engagement.starts_on, change.from_on),
    )
    if check_offer(offer).verdict is not PayVerdict.ENOUGH:
        if not confirms_unknown:
            raise MinimumUnknown(offer.level, offer.on)
        note_confirmed(session, engagement, by=by, now=now)
    row = _row_from(session, engagement, change.from_on)
    row.level, row.live_in, row.hours_week = change.level, change.live_in, change.hours_week
    row.pay_eur, row.pay_per = change.pay_eur, change.pay_per
    row.changed_by, row.changed_at = by, now
    session.add(row)
    changed(engagement, now)
    session.flush()
    return row


def _row_from(session: Session, engagement: Engagement, day: date) -> EngagementTerms:
    known = next((row for row in terms_of(session, engagement.id) if row.from_on == day), None)
    return known or EngagementTerms(engagement_id=engagement.id, from_on=day)
