"""An owner acts from a mailed link, without an account."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.housing_match.models import HousingMatch, MatchState
from backoffice.mail.models import Mail
from backoffice.owner_link.errors import NoOwnerMail
from backoffice.owner_link.service import LASTS, send_link
from backoffice.viewing.models import Viewing, ViewingState
from backoffice.viewing.service import ask_for_viewing, finish_viewing, fix_viewing
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW
from tests.backoffice.homes import create_household, create_listing, create_match, create_owner

BASE = "http://backoffice"


def offered(session: Session) -> HousingMatch:
    owner = create_owner(session, email="rosa@example.org", contact_agreed_on=NOW.date())
    match = create_match(
        session, case=create_household(session), listing=create_listing(session, owner=owner)
    )
    ask_for_viewing(session, match, by="service", now=NOW)
    return match


def link(session: Session, match: HousingMatch) -> str:
    known = set(session.scalars(select(Mail.id)))
    send_link(session, match, base_url=BASE, by="service", now=NOW)
    session.flush()
    mail = next(each for each in session.scalars(select(Mail)) if each.id not in known)
    found = re.search(r"/owner/(\S+)", mail.body)
    assert found is not None
    session.commit()
    return found.group(1)


async def form_of(http: httpx.AsyncClient, path: str) -> dict[str, str]:
    page = (await http.get(path)).text
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return {"csrf": found.group(1)}


def test_the_mail_tells_nothing_of_the_household(session: Session) -> None:
    match = offered(session)
    link(session, match)
    mail = session.scalars(select(Mail)).one()
    for word in ("Олена", "Коваленко", "+39333", "uk"):
        assert word not in mail.body.split("/owner/")[0]
        assert word not in mail.subject
    assert mail.recipient == "rosa@example.org"


def test_nobody_writes_to_an_owner_who_has_not_agreed(session: Session) -> None:
    owner = create_owner(session, email="rosa@example.org")
    match = create_match(session, listing=create_listing(session, owner=owner))
    with pytest.raises(NoOwnerMail):
        send_link(session, match, base_url=BASE, by="service", now=NOW)


async def test_an_owner_offers_dates_from_the_link(session: Session, http: httpx.AsyncClient) -> None:
    match = offered(session)
    path = f"/owner/{link(session, match)}"
    page = await http.get(path)
    assert page.status_code == 200
    assert "Олена" not in page.text
    form = {**await form_of(http, path), "moment": ["2026-12-10T10:30", "2026-12-11T16:00"]}
    answer = await http.post(f"{path}/dates", data=form)
    assert answer.status_code == 303
    session.expire_all()
    viewing = session.scalars(select(Viewing)).one()
    assert (viewing.state, viewing.proposed_by, len(viewing.proposed)) == (ViewingState.PROPOSED, "owner", 2)


async def test_an_owner_says_yes_after_the_viewing(session: Session, http: httpx.AsyncClient) -> None:
    match = offered(session)
    viewing = session.scalars(select(Viewing)).one()
    at = NOW + timedelta(minutes=30)
    fix_viewing(
        session, viewing, at, meeting_place=None, interpreter=None, base_url=BASE, by="service", now=NOW
    )
    finish_viewing(session, viewing, {}, by="service", now=at + timedelta(hours=1))
    path = f"/owner/{link(session, match)}"
    answer = await http.post(f"{path}/yes", data=await form_of(http, path))
    assert answer.status_code == 303
    session.expire_all()
    assert session.get_one(HousingMatch, match.id).state is MatchState.ACCEPTED_BY_OWNER


async def test_an_owner_says_no_with_a_reason_and_never_with_one_that_the_law_forbids(
    session: Session, http: httpx.AsyncClient
) -> None:
    match = offered(session)
    path = f"/owner/{link(session, match)}"
    form = await form_of(http, path)
    refused = await http.post(f"{path}/no", data={**form, "reason": "owner_refuses_foreigners"})
    assert refused.status_code == 422
    answer = await http.post(f"{path}/no", data={**form, "reason": "given_to_another"})
    assert answer.status_code == 303
    session.expire_all()
    assert session.get_one(HousingMatch, match.id).state is MatchState.REFUSED


async def test_a_link_ends_with_its_time_and_with_the_next_one(
    session: Session, http: httpx.AsyncClient, clock: FrozenClock
) -> None:
    match = offered(session)
    first = link(session, match)
    second = link(session, match)
    assert (await http.get(f"/owner/{first}")).status_code == 404
    assert (await http.get(f"/owner/{second}")).status_code == 200
    clock.advance(days=LASTS.days + 1)
    over = await http.get(f"/owner/{second}", headers={"Accept": "text/html", "Accept-Language": "it"})
    assert over.status_code == 404
    assert "non vale più" in over.text


async def test_opening_a_link_changes_nothing(session: Session, http: httpx.AsyncClient) -> None:
    match = offered(session)
    before = session.get_one(HousingMatch, match.id).version
    await http.get(f"/owner/{link(session, match)}")
    session.expire_all()
    assert session.get_one(HousingMatch, match.id).version == before


async def test_a_form_without_its_token_is_refused(session: Session, http: httpx.AsyncClient) -> None:
    match = offered(session)
    answer = await http.post(f"/owner/{link(session, match)}/yes", data={"csrf": "x"})
    assert answer.status_code in (400, 403)


async def test_a_date_that_is_not_possible_comes_back_as_it_was_typed_with_why(
    session: Session, http: httpx.AsyncClient
) -> None:
    match = offered(session)
    path = f"/owner/{link(session, match)}"
    form = {**await form_of(http, path), "moment": ["2026-12-10T03:00"]}
    answer = await http.post(f"{path}/dates", data=form, headers={"Accept-Language": "it"})
    assert answer.status_code == 422
    assert "tra le 8 e le 20" in answer.text
    assert 'value="2026-12-10T03:00"' in answer.text
    session.expire_all()
    assert session.scalars(select(Viewing.state)).one() is ViewingState.ASKED
