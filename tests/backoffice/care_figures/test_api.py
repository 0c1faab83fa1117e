"""Asking about pay and notice: the chat's way and the desk's; only what was found is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.client.client import BackofficeClient
from backoffice.client.schemas import (
    CareNoticeRequest,
    CarePay,
    CarePayRequest,
    DomesticTask,
    NightKind,
    NoticeBy,
    PayPeriod,
    PayVerdict,
)
from backoffice.staff.roles import Role
from tests.backoffice.databases import SERVICE_TOKEN
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import create_staff, sign_in
from translations.catalog import has

PAID = {"paid_eur": "1200.00", "paid_per": "month"}
BADANTE = {
    "on": "2026-11-26",
    "tasks": ["care_dependent"],
    "trained": False,
    "live_in": True,
    "hours_week": 54,
}


async def test_the_chat_is_told_step_by_step_and_by_how_much_a_pay_is_short(client: BackofficeClient) -> None:
    told = await client.work_out_care_pay(
        CarePayRequest(
            on=date(2026, 11, 26),
            tasks=[DomesticTask.CARE_DEPENDENT],
            trained=False,
            live_in=True,
            hours_week=54,
            years_with_employer=Decimal(5),
            paid_eur=Decimal(1200),
            paid_per=PayPeriod.MONTH,
            months_worked_this_year=6,
        )
    )
    assert (told.level, told.level_reason, told.level_task) == ("CS", "dependent_untrained", "care_dependent")
    assert (told.minimum_eur, told.verdict, told.short_eur) == (Decimal("1289.35"), "below", Decimal("89.35"))
    assert [(step.code, str(step.amount)) for step in told.steps[:5]] == [
        ("table_minimum", "1193.84"),
        ("seniority", "95.51"),
        ("minimum", "1289.35"),
        ("thirteenth", "644.68"),
        ("holidays", "13.00"),
    ]
    assert (told.contribution_eur_hour, told.contribution_worker_eur_hour) == (
        Decimal("1.24"),
        Decimal("0.31"),
    )
    assert (told.table_from, told.table_to) == (date(2026, 1, 1), date(2026, 12, 31))
    assert {source.page for source in told.sources} >= {
        "dailymotion.com/video/xa05oga",
        "fedimi.it/colf-badanti-inquadramenti",
    }
    for code in told.unknown:
        assert has(f"backoffice.care_unknown.{code}"), code


async def test_what_is_background_is_never_told_as_a_fact(client: BackofficeClient) -> None:
    asked = CarePayRequest.model_validate({**BADANTE, **PAID, "paid_eur": "3000", "years_with_employer": 20})
    told = await client.work_out_care_pay(asked)
    assert told.severance_eur is None
    assert "severance" not in {step.code for step in told.steps}
    assert (told.verdict, told.minimum_is_least) == (PayVerdict.UNKNOWN, True)
    assert {"severance", "seniority_most"} <= set(told.unknown)


@pytest.mark.parametrize(
    ("more", "unknown"),
    [
        ({"on": "2027-01-01"}, {"live_in_month", "contributions", "thirteenth"}),
        ({"trained": True}, {"indemnity"}),
        ({"live_in": False, "hours_week": 20}, {"hour"}),
        ({"live_in": False, "nights": NightKind.CARE}, {"night_care_month"}),
        ({"uni_11766": True, "on": "2025-12-31"}, {"uni_11766_eur_month"}),
        ({"fixed_term": True}, {"contribution_worker"}),
        ({"tasks": []}, {"level"}),
        ({"hours_week": 70}, {"overtime"}),
    ],
)
async def test_what_no_source_gives_is_named(
    client: BackofficeClient, more: dict[str, object], unknown: set[str]
) -> None:
    told = await client.work_out_care_pay(CarePayRequest.model_validate({**BADANTE, **more}))
    assert unknown <= set(told.unknown)
    assert all(has(f"backoffice.care_unknown.{code}") for code in told.unknown)


@pytest.mark.parametrize(
    ("per", "minimum"), [(None, "7.01"), (PayPeriod.HOUR, "7.01"), (PayPeriod.MONTH, "607.53")]
)
async def test_without_a_pay_the_minimum_is_for_the_period_that_was_named(
    client: BackofficeClient, per: PayPeriod | None, minimum: str
) -> None:
    asked = {"on": "2026-11-26", "level": "B", "live_in": False, "hours_week": 20, "paid_per": per}
    told = await client.work_out_care_pay(CarePayRequest.model_validate(asked))
    assert (str(told.minimum_eur), told.verdict) == (minimum, None)


async def test_the_chat_is_told_the_days_of_notice(client: BackofficeClient) -> None:
    told = await client.work_out_care_notice(
        CareNoticeRequest(
            on=date(2026, 11, 26),
            ends_by=NoticeBy.WORKER,
            hours_week=54,
            years_with_employer=Decimal(6),
        )
    )
    assert (told.days, [step.code for step in told.steps]) == (15, ["notice", "notice_worker"])
    assert "contratticcnl.it/lavoro-domestico/preavviso" in {source.page for source in told.sources}


async def test_a_pay_without_its_period_is_refused_by_name(http: httpx.AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
    asked = {**BADANTE, "paid_eur": "1200"}
    answer = await http.post("/api/v1/service/care-figures/pay", json=asked, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "paid_per")
    assert (await http.post("/api/v1/service/care-figures/pay", json=asked)).status_code == 401


@pytest.mark.parametrize(
    ("role", "status"), [(Role.CARE_DESK, 200), (Role.COORDINATOR, 200), (Role.HOUSING_DESK, 404)]
)
async def test_only_the_care_work_desk_asks_for_itself(
    http: httpx.AsyncClient, session: Session, role: Role, status: int
) -> None:
    headers = sign_in(session, create_staff(session, roles=frozenset({role})))
    session.commit()
    pay = await http.post("/api/v1/care-figures/pay", json={**BADANTE, **PAID}, headers=headers)
    ending = {"on": "2026-11-26", "ends_by": "family", "hours_week": 30, "years_with_employer": "6"}
    notice = await http.post("/api/v1/care-figures/notice", json=ending, headers=headers)
    assert (pay.status_code, notice.status_code) == (status, status)
    if status == 200:
        assert CarePay.model_validate(pay.json()).verdict is PayVerdict.ENOUGH
        assert notice.json()["days"] == 30
        strange = await http.post("/api/v1/care-figures/pay", json={**BADANTE, "name": "x"}, headers=headers)
        assert strange.status_code == 422
