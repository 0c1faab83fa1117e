from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.care_match.models import RefusedOffer
from backoffice.engagement.models import Engagement, EngagementState
from backoffice.staff.roles import Role
from tests.backoffice.engagement.contracts import (
    FACTS,
    TODAY,
    Contract,
    drafted,
    matched,
    proposed,
    running,
    signed,
    with_pay,
)
from tests.backoffice.factories import create_staff, sign_in

API = "/api/v1/engagements"


@pytest.fixture
def backend() -> str:
    return "sqlite"


def enter(session: Session, contract: Contract) -> dict[str, str]:
    me = sign_in(session, contract.desk)
    session.commit()
    return me


@pytest.mark.parametrize("make", [drafted, proposed, signed, running])
async def test_the_page_says_first_what_is_next(
    http: httpx.AsyncClient, session: Session, make: Callable[..., Contract]
) -> None:
    contract = make(session)
    me = enter(session, contract)
    shown = await http.get(f"/care/engagements/{contract.made.id}", headers={**me, "accept": "text/html"})
    assert shown.status_code == 200
    assert "Che cosa fare adesso" in shown.text
    assert shown.text.index('id="next"') < shown.text.index('id="terms"')
    actions = session.scalars(select(AuditEntry.action)).all()
    assert "engagement.read" in actions


async def test_the_list_narrows_by_state_and_by_what_is_late(
    http: httpx.AsyncClient, session: Session
) -> None:
    contract = signed(session)
    late = signed(session, facts=replace(FACTS, starts_on=TODAY))
    me = enter(session, contract)
    address = f"/care/engagements/{contract.made.id}"
    for query, found in (("", True), ("?state=signed", True), ("?state=ended", False), ("?late=yes", False)):
        shown = await http.get(f"/care/engagements{query}", headers=me)
        assert (address in shown.text) is found, query
    shown = await http.get("/care/engagements?late=yes", headers=me)
    assert f"/care/engagements/{late.made.id}" in shown.text


async def test_an_offer_below_the_minimum_is_refused_with_its_sentence_and_counted(
    http: httpx.AsyncClient, session: Session
) -> None:
    contract = drafted(session, facts=with_pay("1000.00"))
    me = enter(session, contract)
    page = await http.post(f"/care/engagements/{contract.made.id}/propose", headers=me)
    assert page.status_code == 422
    for part in ("193,84", "1.193,84", "livello CS", "07.12.2026"):
        assert part in page.text
    answer = await http.post(f"{API}/{contract.made.id}/propose", headers=me, json={})
    assert (answer.status_code, answer.json()["code"]) == (422, "engagement.error.below.month")
    session.expire_all()
    assert [each.short_eur for each in session.scalars(select(RefusedOffer))] == [Decimal("193.84")] * 2
    assert session.get_one(Engagement, contract.made.id).state is EngagementState.DRAFT


async def test_only_a_coordinator_lets_an_unknown_minimum_pass(
    http: httpx.AsyncClient, session: Session
) -> None:
    contract = drafted(session)
    me = sign_in(session, contract.desk)
    boss = sign_in(session, create_staff(session, roles=frozenset({Role.COORDINATOR})))
    session.commit()
    address = f"{API}/{contract.made.id}"
    changed = await http.patch(address, headers=me, json={"starts_on": "2027-01-04"})
    assert changed.status_code == 200
    wanted = {"confirms_unknown": True}
    assert (await http.post(f"{address}/propose", headers=me, json=wanted)).status_code == 409
    assert (await http.post(f"{address}/propose", headers=boss, json={})).status_code == 409
    passed = await http.post(f"{address}/propose", headers=boss, json=wanted)
    assert (passed.status_code, passed.json()["state"], passed.json()["minimum_eur"]) == (
        200,
        "proposed",
        None,
    )


async def test_a_contract_goes_from_a_match_to_the_work_over_the_api(
    http: httpx.AsyncClient, session: Session
) -> None:
    match = matched(session)
    me = sign_in(session, create_staff(session, roles=frozenset({Role.CASEWORKER})))
    session.commit()
    key = {"Idempotency-Key": "one"}
    first = await http.post(API, headers={**me, **key}, json={"match": match.id})
    again = await http.post(API, headers={**me, **key}, json={"match": match.id})
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    address = f"{API}/{first.json()['id']}"
    terms = {
        "is_trained": False, "hours_words": "lunedì-sabato", "pay_eur": "1250.00", "pay_per": "month",
        "starts_on": "2026-12-02", "has_board": True, "has_lodging": True,
    }  # fmt: skip
    steps = [
        ("PATCH", "", terms),
        ("POST", "/propose", {}),
        ("PUT", "/steps/permit", {"done_on": "2026-12-02"}),
        ("POST", "/given", {"on": "2026-12-02"}),
        ("POST", "/sign", {"on": "2026-12-02"}),
    ]
    for method, end, body in steps:
        answer = await http.request(method, f"{address}{end}", headers=me, json=body)
        assert answer.status_code == 200, answer.text
    told = await http.post(f"{address}/inps", headers=me, json={"told_at": "2026-12-01T20:00:00+01:00"})
    assert (told.json()["state"], told.json()["inps_late"]) == ("running", False)
    listed = await http.get(API, headers=me, params={"state": "running"})
    assert [each["id"] for each in listed.json()["items"]] == [first.json()["id"]]


async def test_what_a_form_posts_is_saved_or_comes_back_as_it_was_typed(
    http: httpx.AsyncClient, session: Session
) -> None:
    contract = drafted(session)
    me = enter(session, contract)
    address = f"/care/engagements/{contract.made.id}"
    wrong = await http.post(f"{address}/terms", headers=me, data={"pay_eur": "mille", "place": "via Prova 9"})
    assert wrong.status_code == 422
    assert "via Prova 9" in wrong.text
    assert "mille" in wrong.text
    form = {
        "tasks": "care_dependent",
        "level": "CS",
        "live_in": "yes",
        "pay_eur": "1.300,50",
        "pay_per": "month",
    }
    right = await http.post(f"{address}/terms", headers=me, data=form)
    assert right.status_code == 303
    session.expire_all()
    assert session.get_one(Engagement, contract.made.id).pay_eur == Decimal("1300.50")


async def test_the_letter_is_a_pdf_once_the_check_has_passed(
    http: httpx.AsyncClient, session: Session
) -> None:
    early, contract = drafted(session), proposed(session)
    me = enter(session, contract)
    other = enter(session, early)
    assert (await http.get(f"/care/engagements/{early.made.id}/letter", headers=other)).status_code == 404
    made = await http.get(f"/care/engagements/{contract.made.id}/letter", headers=me)
    assert made.headers["content-type"] == "application/pdf"
    assert made.content.startswith(b"%PDF")
