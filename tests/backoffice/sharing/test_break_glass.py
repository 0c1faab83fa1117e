"""Opening another body's case in need: told, read-only, over by itself, and no way to guess numbers."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.sharing.models import BreakGlass
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import create_staff, sign_in
from tests.backoffice.sharing.conftest import INNER, NAME, OPEN, Bodies

WORDS = "La signora è al pronto soccorso e non parla"


def need(number: str, words: str = WORDS) -> dict[str, str]:
    return {"number": number, "reason": "life_or_health", "words": words}


async def open_case(http: httpx.AsyncClient, bodies: Bodies, number: str, **more: str) -> httpx.Response:
    return await http.post("/api/v1/break-glass", json=need(number, **more), headers=bodies.by_worker)


async def test_it_opens_to_read_is_told_and_ends_by_itself(
    http: httpx.AsyncClient, session: Session, bodies: Bodies, clock: FrozenClock
) -> None:
    case = f"/api/v1/cases/{bodies.case.id}"
    opened = await open_case(http, bodies, bodies.case.number)
    assert (opened.status_code, opened.json()["person"]["name"]) == (201, NAME)
    assert opened.json()["conversation"] is None
    notes = (await http.get(f"{case}/notes", headers=bodies.by_worker)).text
    assert (OPEN in notes, INNER in notes) == (True, False)
    tries = [
        http.post(f"{case}/notes", json={"kind": "shared", "text": "x"}, headers=bodies.by_worker),
        http.patch(case, json={"municipality": "Pandino"}, headers=bodies.by_worker),
        http.get(f"{case}/access", headers=bodies.by_worker),
    ]
    assert [(await each).status_code for each in tries] == [404, 404, 404]
    colleague = create_staff(session, roles=frozenset({Role.COORDINATOR}), organisation=bodies.partner)
    by_colleague = sign_in(session, colleague)
    session.commit()
    assert (await http.get(case, headers=by_colleague)).status_code == 404

    home = (await http.get("/", headers=bodies.by_owner)).text
    assert (bodies.case.number in home, WORDS in home) == (True, True)
    opening = session.scalars(select(BreakGlass)).one()
    session.commit()
    acknowledge = f"/break-glass/{opening.id}/acknowledge"
    assert (await http.post(acknowledge, headers=bodies.by_worker)).status_code == 404
    assert (await http.post(acknowledge, headers=bodies.by_owner)).status_code == 303
    assert (await http.post(acknowledge, headers=bodies.by_owner)).status_code == 404
    assert WORDS not in (await http.get("/", headers=bodies.by_owner)).text

    for _ in range(15):
        clock.advance(minutes=15)
        assert (await http.get(case, headers=bodies.by_worker)).status_code == 200
    clock.advance(minutes=15)
    assert (await http.get(case, headers=bodies.by_worker)).status_code == 404
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.actor == bodies.worker.id)).all()
    assert {"case.opened_in_need", "case.read_in_need"} <= set(actions)
    assert "case.read" not in actions


async def test_attack_19_every_number_that_opens_nothing_gets_the_same_answer_and_tries_are_bounded(
    http: httpx.AsyncClient, session: Session, bodies: Bodies, clock: FrozenClock
) -> None:
    answers = [await open_case(http, bodies, number) for number in ("", "x", "2222-2222-2", "ABCD-EFGH")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    for _ in range(6):
        assert (await open_case(http, bodies, "nothing")).status_code == 404
    assert (await open_case(http, bodies, bodies.case.number)).status_code == 429
    assert session.scalars(select(BreakGlass)).all() == []


async def test_three_cases_a_day_and_no_more(
    http: httpx.AsyncClient, session: Session, bodies: Bodies
) -> None:
    numbers = [create_case(session).number for _ in range(4)]
    session.commit()
    found = [(await open_case(http, bodies, number)).status_code for number in numbers]
    assert found == [201, 201, 201, 429]


@pytest.mark.parametrize("roles", [{Role.MEDIATOR}, {Role.HOUSING_DESK}, {Role.CARE_DESK}, {Role.AUDITOR}])
async def test_other_roles_open_nothing_in_need(
    http: httpx.AsyncClient, session: Session, bodies: Bodies, roles: set[Role]
) -> None:
    staff = create_staff(session, roles=frozenset(roles), organisation=bodies.partner)
    headers = sign_in(session, staff)
    session.commit()
    body = need(bodies.case.number)
    assert (await http.post("/api/v1/break-glass", json=body, headers=headers)).status_code == 404
    assert (await http.get("/break-glass", headers=headers)).status_code == 404


async def test_it_wants_words_and_opens_nothing_that_is_open_already(
    http: httpx.AsyncClient, session: Session, bodies: Bodies
) -> None:
    assert (
        await open_case(http, bodies, bodies.case.number, words="urgente 112 112 112 112")
    ).status_code == 422
    own = await http.post("/api/v1/break-glass", json=need(bodies.case.number), headers=bodies.by_owner)
    assert own.status_code == 201
    assert session.scalars(select(BreakGlass)).all() == []
