from __future__ import annotations

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.staff.models import Staff
from backoffice.staff.second_factor import begin_enrolment
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import create_staff
from tests.backoffice.pages.browser import Browser
from tests.backoffice.staff.openid_provider import CLIENT, ISSUER, SECRET, AsgiTransport, OpenIdProvider


@pytest.fixture
def amina(session: Session) -> Staff:
    staff = create_staff(session)
    session.commit()
    return staff


@pytest.fixture
def provider(app: FastAPI, amina: Staff, clock: FrozenClock) -> OpenIdProvider:
    made = OpenIdProvider(amina.email.upper(), clock().timestamp())
    served = made.app()
    changes = {"oidc_issuer": ISSUER, "oidc_client_id": CLIENT, "oidc_client_secret": SecretStr(SECRET)}
    app.state.settings = app.state.settings.model_copy(update=changes)
    app.state.open_provider_client = lambda: httpx.Client(transport=AsgiTransport(served))
    return made


async def round_trip(window: Browser, provider: OpenIdProvider) -> httpx.Response:
    left = await window.get("/sign-in/provider?next=/account")
    assert left.status_code == 303
    query = provider.sign_in(left.headers["location"])
    return await window.get(f"/sign-in/provider/back?{query}")


async def test_an_account_of_the_verified_address_is_opened(
    http: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    window = Browser(http)
    assert "/sign-in/provider?next=" in await window.read("/sign-in")
    back = await round_trip(window, provider)
    assert (back.status_code, back.headers["location"]) == (303, "/account")
    assert (await window.get("/account")).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "nobody@ente.example"},
        {"email": None},
        {"nonce": "another"},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": None},
    ],
)
async def test_a_token_that_does_not_hold_opens_and_makes_nothing(
    http: httpx.AsyncClient, session: Session, provider: OpenIdProvider, changes: dict[str, Any]
) -> None:
    provider.changes = changes
    assert (await round_trip(Browser(http), provider)).status_code == 403
    assert "sportello" not in http.cookies
    assert session.scalar(select(func.count()).select_from(Staff)) == 1


async def test_a_token_of_another_key_is_refused(http: httpx.AsyncClient, provider: OpenIdProvider) -> None:
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "1"})
    await round_trip(Browser(http), provider)
    assert "sportello" not in http.cookies


async def test_the_way_back_works_once_and_only_in_the_browser_that_left(
    http: httpx.AsyncClient, provider: OpenIdProvider
) -> None:
    window = Browser(http)
    left = await window.get("/sign-in/provider")
    query = provider.sign_in(left.headers["location"])
    state = http.cookies["sportello_provider"]
    http.cookies.clear()
    await window.get(f"/sign-in/provider/back?{query}")
    assert "sportello" not in http.cookies
    http.cookies.set("sportello_provider", state)
    assert (await window.get(f"/sign-in/provider/back?{query}")).status_code == 303
    assert "sportello" in http.cookies
    http.cookies.clear()
    http.cookies.set("sportello_provider", state)
    await window.get(f"/sign-in/provider/back?{query}")
    assert "sportello" not in http.cookies


async def test_a_closed_account_stays_closed_and_a_second_factor_is_still_asked(
    http: httpx.AsyncClient, session: Session, provider: OpenIdProvider, amina: Staff, clock: FrozenClock
) -> None:
    begin_enrolment(session, amina, now=clock()).confirmed_at = clock()
    session.commit()
    half = await round_trip(Browser(http), provider)
    assert (half.status_code, 'name="step"' in half.text) == (200, True)
    amina.active = False
    session.commit()
    await round_trip(Browser(http), provider)
    assert "sportello" not in http.cookies


async def test_without_a_provider_there_is_no_such_way(http: httpx.AsyncClient) -> None:
    assert (await Browser(http).get("/sign-in/provider")).status_code == 404
    assert (await Browser(http).get("/sign-in/provider/back?state=x")).status_code == 404
