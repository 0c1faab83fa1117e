"""What a family offers against the minimum of the day: below it nobody is shown the offer, and it is counted.

The level and the hours are those of the request, the least that they can be: what is below that is below the
minimum whatever else comes out. What no source gives lets the offer pass; the contract asks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.care_figures.minimum import check_pay
from backoffice.care_figures.terms import Terms
from backoffice.care_match.errors import PayBelowMinimum
from backoffice.care_match.models import RefusedOffer
from backoffice.care_match.telling import Pay
from backoffice.client.schemas import CareSchedule, CareSkill, DomesticTask, PayPeriod, PayVerdict

LIVE_IN_HOURS = 54
"""Hours a week of who lives in, where the family has not said: the most that is allowed (CCNL, art. 14)."""

_OF_PERSON = frozenset({CareSkill.ELDERLY, CareSkill.DEMENTIA, CareSkill.DISABILITY})
_TASK_OF_NEED = {
    CareSkill.CHILDREN: DomesticTask.BABYSITTING,
    CareSkill.CLEANING: DomesticTask.CLEANING,
    CareSkill.COOKING: DomesticTask.KITCHEN_HELP,
}


def require_minimum(intake: Mapping[str, Any], pay: Pay, *, today: date) -> None:
    """Let only an offer pass that is not below the minimum of the day on which the work begins.

    Raises:
        PayBelowMinimum: it is, by so much.
    """
    terms = _terms(intake, pay, today)
    if terms is None:
        return
    check = check_pay(terms)
    minimum = check.minimum
    if check.verdict is not PayVerdict.BELOW or minimum.level is None:
        return
    assert minimum.amount is not None
    assert minimum.table is not None
    assert check.short is not None
    raise PayBelowMinimum(
        level=minimum.level,
        day=terms.on,
        table=minimum.table,
        minimum=minimum.amount,
        short=check.short,
        per=check.per.value,
    )


def count_refused(
    session: Session, organisation_id: str, refused: PayBelowMinimum, *, live_in: bool, now: datetime
) -> None:
    """Count an offer below the minimum that was not let through: no word of whose it was."""
    session.add(
        RefusedOffer(
            organisation_id=organisation_id,
            level=refused.level,
            live_in=live_in,
            short_eur=refused.short,
            short_per=PayPeriod(refused.per),
            refused_at=now,
        )
    )
    session.flush()


def lives_in(intake: Mapping[str, Any]) -> bool:
    """Tell whether a request is for somebody who lives there."""
    return CareSchedule.LIVE_IN in (intake.get("schedules") or ())


def _terms(intake: Mapping[str, Any], pay: Pay, today: date) -> Terms | None:
    """Return the least that the request is; None where a sum of a month cannot be compared without hours."""
    live_in = lives_in(intake)
    hours = intake.get("hours_week") or (LIVE_IN_HOURS if live_in else None)
    if hours is None and not pay.is_hourly:
        return None
    starts_on = date.fromisoformat(intake["start_from"]) if intake.get("start_from") else today
    return Terms(
        on=max(starts_on, today),
        live_in=live_in,
        hours_week=hours or 1,
        tasks=_tasks(intake),
        paid_eur=pay.euros,
        paid_per=PayPeriod.HOUR if pay.is_hourly else PayPeriod.MONTH,
    )


def _tasks(intake: Mapping[str, Any]) -> tuple[DomesticTask, ...]:
    needs = [CareSkill(code) for code in intake.get("needs") or ()]
    found = [DomesticTask(code) for code in intake.get("tasks") or ()]
    found += [_TASK_OF_NEED[need] for need in needs if need in _TASK_OF_NEED]
    if _OF_PERSON & set(needs):
        is_dependent = intake.get("self_sufficient") is False
        found.append(DomesticTask.CARE_DEPENDENT if is_dependent else DomesticTask.CARE_SELF_SUFFICIENT)
    return tuple(dict.fromkeys(found))
