"""The pages of matching: what fits and why, one match with both answers, the weights."""

from __future__ import annotations

from datetime import datetime

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.housing_match.models import HousingMatch, MatchState
from backoffice.housing_match.service import move_match
from backoffice.listing.models import Listing
from backoffice.staff.models import Staff
from tests.backoffice.case.cases import create_person
from tests.backoffice.factories import create_conversation
from tests.backoffice.homes import create_household, create_listing
from tests.backoffice.pages.browser import Browser


@pytest.fixture
async def desk(window: Browser, coordinator: Staff) -> Browser:
    await window.sign_in(coordinator)
    return window


@pytest.fixture
def case(session: Session) -> Case:
    person = create_person(session, name="ਗੁਰਪ੍ਰੀਤ <b>")
    made = create_household(session, person=person, conversation=create_conversation(session))
    session.commit()
    return made


@pytest.fixture
def listing(session: Session) -> Listing:
    made = create_listing(session)
    session.commit()
    return made


async def propose(desk: Browser, case: Case, listing: Listing) -> str:
    page = f"/cases/{case.id}/homes"
    sent = await desk.post(f"{page}/{listing.id}/propose", page=page)
    return sent.headers["location"].partition("?")[0]


async def test_a_home_goes_from_the_case_to_a_match_and_back_with_a_no(
    desk: Browser, case: Case, listing: Listing
) -> None:
    assert f'href="/cases/{case.id}/homes"' in await desk.read(f"/cases/{case.id}")
    shown = await desk.read(f"/cases/{case.id}/homes")
    assert (listing.code in shown, "paese giusto" in shown, "&lt;b&gt;" in shown) == (True, True, True)
    match = await propose(desk, case, listing)
    page = await desk.read(match)
    assert ("Non ancora" in page, "Affitto e spese 610 € stanno nei 700 € al mese." in page) == (True, True)
    no = {"side": "seeker", "says": "no", "reason": "too_far", "words": "lontano <i>"}
    await desk.post(f"{match}/answer", page=match, **no)
    page = await desk.read(match)
    assert ("lontano &lt;i&gt;" in page, "Non finché non cambia qualcosa" in page) == (True, True)
    assert "Nessuna casa adatta" in await desk.read(f"/cases/{case.id}/homes")
    assert "non si ripropone" in await desk.read(f"/cases/{case.id}/homes/{listing.id}")
    await desk.post(f"{match}/again", page=match)
    assert listing.code in await desk.read(f"/cases/{case.id}/homes")
    assert listing.code in await desk.read(f"/matches?case={case.id}&state=proposed")


async def test_both_sides_say_yes_and_the_home_is_kept_meanwhile(
    desk: Browser, session: Session, case: Case, listing: Listing
) -> None:
    match = await propose(desk, case, listing)
    await desk.post(f"{match}/hold", page=match, days="7")
    assert "Tenuta fino al 09.12.2026" in await desk.read(match)
    await desk.post(f"{match}/move", page=match, to="interested")
    row = session.get_one(HousingMatch, match.rpartition("/")[2])
    for to in (MatchState.VISIT_FIXED, MatchState.VISITED):
        move_match(session, row, to, by="service", now=row.created_at)
    session.commit()
    for side in ("seeker", "owner"):
        await desk.post(f"{match}/answer", page=match, side=side, says="yes")
    session.expire_all()
    assert row.state is MatchState.CONTRACT
    session.commit()
    await desk.post(f"{match}/release", page=match)
    assert "Tenuta fino al" not in await desk.read(match)


async def test_a_home_is_shown_in_the_chat_by_whoever_can(
    desk: Browser, app: FastAPI, case: Case, listing: Listing
) -> None:
    match = await propose(desk, case, listing)
    app.state.show_home = None
    assert "Mostra nella chat" not in await desk.read(match)
    refused = await desk.post(f"{match}/show", page=match)
    assert refused.status_code == 409

    def show(session: Session, shown: HousingMatch, now: datetime) -> None:
        move_match(session, shown, MatchState.SHOWN_TO_SEEKER, by="service", now=now)

    app.state.show_home = show
    assert "Mostra nella chat" in await desk.read(match)
    assert (await desk.post(f"{match}/show", page=match)).status_code == 303
    assert "Mostra nella chat" not in await desk.read(match)


async def test_a_home_tells_which_households_it_fits_and_why_not(
    desk: Browser, session: Session, case: Case, listing: Listing
) -> None:
    other = create_household(session, budget_eur_month=500)
    session.commit()
    shown = await desk.read(f"/listings/{listing.id}/households")
    assert (case.number in shown, other.number in shown, "1 famiglia adatta" in shown) == (True, False, True)
    assert "1 famiglia adatta" in await desk.read(f"/listings/{listing.id}/matches-count")
    why = await desk.read(f"/cases/{other.id}/homes/{listing.id}")
    assert "Affitto e spese 610 € superano i 500 € al mese." in why
    excluded = await desk.read(f"/cases/{other.id}/homes?view=not")
    assert (listing.code in excluded, "superano i 500" in excluded) == (True, True)


async def test_a_parked_search_says_so_and_is_taken_up_again(
    desk: Browser, case: Case, listing: Listing
) -> None:
    match = await propose(desk, case, listing)
    await desk.post(f"{match}/answer", page=match, side="seeker", says="no", reason="not_now")
    page = f"/cases/{case.id}/homes"
    assert "in pausa fino al 31.01.2027" in await desk.read(page)
    await desk.post(f"{page}/resume", page=page)
    assert "in pausa" not in await desk.read(page)


async def test_weights_are_looked_at_before_they_are_set(
    desk: Browser, session: Session, case: Case, listing: Listing
) -> None:
    create_listing(session, rent_eur_month=350)
    session.commit()
    page = "/matching-weights"
    assert "Sono quelli di partenza" in await desk.read(page)
    shown = await desk.post(f"{page}/preview", page=page, version="0", near="9")
    assert (shown.status_code, case.number in shown.text, listing.code in shown.text) == (200, True, True)
    assert "Sono quelli di partenza" in await desk.read(page)
    await desk.post(page, page=page, version="0", near="9")
    assert "versione 1" in await desk.read(page)
    assert (await desk.post(page, page=page, version="0", near="1")).status_code == 409
    assert (await desk.post(page, page=page, version="1", near="11")).status_code == 422
