"""Who saw a case and no longer does is told so, with a way to their notes; nobody else learns anything."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.sharing.models import Share
from backoffice.staff.roles import Role
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import create_staff, sign_in
from tests.backoffice.sharing.conftest import NAME, Bodies
from tests.backoffice.sharing.shares import an_offer, create_share
from translations.catalog import text

SHARE_OVER, NEED_OVER = (text(f"backoffice.sharing.error.over.{how}", "it") for how in ("share", "need"))
UNKNOWN = text("backoffice.error.not_found", "it")
WORDS = "La signora è al pronto soccorso e non parla"


@pytest.fixture
def share(session: Session, bodies: Bodies) -> Share:
    made = create_share(
        session, bodies.case, an_offer(bodies.partner), by=bodies.owner, accepted_by=bodies.worker
    )
    session.commit()
    return made


async def page(http: httpx.AsyncClient, path: str, headers: dict[str, str]) -> str:
    answer = await http.get(path, headers={**headers, "Accept": "text/html"})
    assert answer.status_code == 404, answer.text
    assert NAME not in answer.text
    return answer.text


async def open_in_need(http: httpx.AsyncClient, bodies: Bodies) -> httpx.Response:
    form = {"number": bodies.case.number, "reason": "life_or_health", "words": WORDS}
    return await http.post("/break-glass", data=form, headers=bodies.by_worker)


async def test_after_a_revocation_every_page_of_the_case_says_that_it_is_over(
    http: httpx.AsyncClient, bodies: Bodies, share: Share
) -> None:
    case = f"/cases/{bodies.case.id}"
    assert (await http.get(case, headers=bodies.by_worker)).status_code == 200
    await http.post(f"/shares/{share.id}/revoke", data={"words": ""}, headers=bodies.by_owner)
    for path in (case, f"{case}/card", f"{case}/documents", f"{case}/timeline"):
        shown = await page(http, path, bodies.by_worker)
        assert (SHARE_OVER in shown, 'href="/contributions"' in shown) == (True, True), path
        assert UNKNOWN in await page(http, path, bodies.by_outsider)


async def test_a_last_day_that_is_over_says_so_without_any_job(
    http: httpx.AsyncClient, session: Session, bodies: Bodies, clock: FrozenClock
) -> None:
    offer = an_offer(bodies.partner, days=0.01)
    create_share(session, bodies.case, offer, by=bodies.owner, accepted_by=bodies.worker)
    assert (await http.get(f"/cases/{bodies.case.id}", headers=bodies.by_worker)).status_code == 200
    clock.advance(minutes=15)
    assert SHARE_OVER in await page(http, f"/cases/{bodies.case.id}", bodies.by_worker)


async def test_what_was_offered_and_never_accepted_was_never_known(
    http: httpx.AsyncClient, session: Session, bodies: Bodies
) -> None:
    offered = create_share(session, bodies.case, an_offer(bodies.partner), by=bodies.owner)
    session.commit()
    await http.post(f"/shares/{offered.id}/revoke", data={"words": ""}, headers=bodies.by_owner)
    assert UNKNOWN in await page(http, f"/cases/{bodies.case.id}", bodies.by_worker)


async def test_an_opening_in_need_that_has_closed_says_so_to_who_opened_it_alone(
    http: httpx.AsyncClient, session: Session, bodies: Bodies, clock: FrozenClock
) -> None:
    colleague = create_staff(session, roles=frozenset({Role.COORDINATOR}), organisation=bodies.partner)
    by_colleague = sign_in(session, colleague)
    session.commit()
    case = f"/cases/{bodies.case.id}"
    assert (await open_in_need(http, bodies)).status_code == 303
    assert "fino al" in (await http.get(case, headers=bodies.by_worker)).text
    for _ in range(16):  # in steps: who does nothing for so long is signed out
        assert (await http.get(case, headers=bodies.by_worker)).status_code == 200
        assert UNKNOWN in await page(http, case, by_colleague)
        clock.advance(minutes=15)
    assert NEED_OVER in await page(http, case, bodies.by_worker)
    assert UNKNOWN in await page(http, case, by_colleague)
