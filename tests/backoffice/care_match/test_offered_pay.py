"""An offer below the minimum of the day reaches nobody: the desk reads by how much, and it is counted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_match.errors import PayBelowMinimum
from backoffice.care_match.models import CareMatch, CareMatchState, RefusedOffer
from backoffice.care_match.offered_pay import require_minimum
from backoffice.care_match.telling import Pay
from backoffice.staff.roles import Role
from tests.backoffice.care import REQUEST, create_care_match
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import create_staff, sign_in

TODAY = date(2026, 12, 2)
HOURLY: dict[str, Any] = {"schedules": ["hourly"], "hours_week": 20}
CHILDREN: dict[str, Any] = {**HOURLY, "needs": ["children"], "tasks": []}


@pytest.mark.parametrize(
    ("asked", "pay", "short"),
    [
        ({}, Pay(Decimal("1193.83")), "0.01"),  # CS living in, 2026: 1,193.84
        ({}, Pay(Decimal("1193.84")), None),
        (CHILDREN, Pay(Decimal("7.00"), is_hourly=True), "0.45"),  # BS by the hour, 2026: 7.45
        (CHILDREN, Pay(Decimal("7.45"), is_hourly=True), None),
        (HOURLY, Pay(Decimal("1.00"), is_hourly=True), None),  # CS by the hour: no source gives it
        ({**CHILDREN, "hours_week": None}, Pay(Decimal("10")), None),  # a month, no hours
        ({"start_from": "2027-03-01"}, Pay(Decimal("500")), None),  # no table yet
    ],
)  # fmt: skip
def test_an_offer_is_held_against_the_minimum_of_its_first_day(
    asked: dict[str, Any], pay: Pay, short: str | None
) -> None:
    intake = {**REQUEST, "start_from": "2026-12-10", **asked}
    if short is None:
        require_minimum(intake, pay, today=TODAY)
        return
    with pytest.raises(PayBelowMinimum) as refused:
        require_minimum(intake, pay, today=TODAY)
    assert refused.value.short == Decimal(short)


@pytest.mark.parametrize("is_page", [True, False])
async def test_the_desk_reads_by_how_much_and_the_worker_hears_nothing(
    http: httpx.AsyncClient, session: Session, is_page: bool
) -> None:
    desk = sign_in(session, create_staff(session, roles=frozenset({Role.CARE_DESK})))
    match = create_care_match(session)
    session.commit()
    if is_page:
        answer = await http.post(
            f"/care/matches/{match.id}/offer",
            data={"pay": "1100", "per": "month"},
            headers={**desk, "Origin": "http://test"},
        )
    else:
        move = {"act": "offer", "pay_eur": "1100.00"}
        answer = await http.post(f"/api/v1/care-matches/{match.id}/moves", json=move, headers=desk)
    assert answer.status_code == 422
    assert "93,84" in answer.text
    session.expire_all()
    assert session.get_one(CareMatch, match.id).state is CareMatchState.PROPOSED
    (counted,) = session.scalars(select(RefusedOffer)).all()
    assert (counted.live_in, counted.short_eur) == (True, Decimal("93.84"))
