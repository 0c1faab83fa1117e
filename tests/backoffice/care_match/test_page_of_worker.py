"""What the page of a family assistant shows of requests, and what a match leads to."""

from __future__ import annotations

import httpx
from sqlalchemy.orm import Session

from backoffice.care_match.models import CareSide
from backoffice.care_match.service import accept
from backoffice.staff.roles import Role
from tests.backoffice.care import create_care_match, create_request, create_worker
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_staff, sign_in


async def test_the_requests_that_fit_a_worker_are_shown_without_the_family_s_name(
    http: httpx.AsyncClient, session: Session
) -> None:
    desk = sign_in(session, create_staff(session, roles=frozenset({Role.CARE_DESK})))
    request, worker = create_request(session), create_worker(session)
    session.commit()
    page = await http.get(f"/care/workers/{worker.id}/requests", headers=desk)
    assert page.status_code == 200
    assert request.number in page.text


async def test_a_match_that_both_said_yes_to_leads_to_a_contract(
    http: httpx.AsyncClient, session: Session
) -> None:
    desk = sign_in(session, create_staff(session, roles=frozenset({Role.CARE_DESK})))
    match = create_care_match(session)
    session.commit()
    button = f"/care/matches/{match.id}/engagement"
    assert button not in (await http.get(f"/care/matches/{match.id}", headers=desk)).text
    for side in (CareSide.WORKER, CareSide.FAMILY):
        accept(session, match, side, by="service", now=NOW)
    session.commit()
    assert button in (await http.get(f"/care/matches/{match.id}", headers=desk)).text
