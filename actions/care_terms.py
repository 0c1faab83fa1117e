"""Slots of the forms of care work -> the terms that the backoffice works out; the names are in `slots`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from backoffice.client.schemas import CareNoticeRequest, CarePayRequest, DomesticTask, NightKind

_DEPENDENT: Mapping[str, bool] = {"care_dependent": True, "care_self_sufficient": False, "company": False}
"""Whether the person cared for is not self-sufficient, where the work tells."""


def care_pay_request(slots: Mapping[str, Any], today: date) -> CarePayRequest:
    """Return the terms of work whose pay somebody asks about; without a month those of today.

    Raises:
        pydantic.ValidationError: the form is not finished.
    """
    work, board, paid = slots.get("work_done"), slots.get("board"), slots.get("paid_eur")
    return CarePayRequest(
        on=date.fromisoformat(slots["pay_month"]) if slots.get("pay_month") else today,
        tasks=[DomesticTask(work)] if work in tuple(DomesticTask) else [],
        trained=_yes(slots.get("trained")),
        dependent=_DEPENDENT.get(str(work)),
        live_in=slots.get("lives_in") == "yes",
        hours_week=slots["hours_week"],
        nights=slots.get("night_work") or NightKind.NONE,
        years_with_employer=Decimal(slots.get("years_with_family") or 0),
        lunch=board != "none",
        dinner=board != "none",
        lodging=board == "all",
        paid_eur=Decimal(paid) if paid is not None else None,
        paid_per=slots.get("paid_per") if paid is not None else None,
    )


def care_notice_request(slots: Mapping[str, Any], today: date) -> CareNoticeRequest:
    """Return the work that ends, and by whom.

    Raises:
        pydantic.ValidationError: the form is not finished.
    """
    return CareNoticeRequest(
        on=today,
        ends_by=slots["ended_by"],
        hours_week=slots["hours_week"],
        years_with_employer=Decimal(slots.get("years_with_family") or 0),
        near_maternity=_yes(slots.get("after_maternity")) or False,
    )


def _yes(answer: str | None) -> bool | None:
    return answer == "yes" if answer is not None else None
