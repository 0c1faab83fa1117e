from __future__ import annotations

import re

import httpx
import pyotp
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.staff.device import device_of
from backoffice.staff.models import SecondFactor, Staff
from backoffice.staff.password_rules import PasswordRefused, check_password
from backoffice.staff.passwords import is_outdated
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import create_staff, sign_in
from tests.backoffice.pages.browser import HTML, PASSWORD, Browser, give_password

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
def amina(session: Session) -> Staff:
    staff = create_staff(session)
    give_password(session, staff)
    session.commit()
    return staff


@pytest.fixture
async def window(http: httpx.AsyncClient, amina: Staff) -> Browser:
    opened = Browser(http)
    await opened.sign_in(amina)
    return opened


async def test_a_second_factor_is_added_asked_for_and_taken_away(
    window: Browser, http: httpx.AsyncClient, session: Session, amina: Staff, clock: FrozenClock
) -> None:
    elsewhere = sign_in(session, amina)
    session.commit()
    page = await window.read("/account/second-factor")
    assert 'src="data:image/svg+xml' in page
    secret = session.scalars(select(SecondFactor.secret)).one()
    session.commit()
    assert secret[:4] + " " + secret[4:8] in page
    app = pyotp.TOTP(secret)
    wrong = await window.post("/account/second-factor/confirm", page="/account", code="000000")
    assert wrong.status_code == 422
    done = await window.post("/account/second-factor/confirm", page="/account", code=app.at(clock()))
    codes = re.findall(r"<code>([a-z2-7-]{19})</code>", done.text)
    assert len(codes) == 10
    assert (await http.get("/api/v1/cases", headers=elsewhere)).status_code == 401
    assert codes[0] not in await window.read("/account/second-factor")
    await window.post("/sign-out", page="/account")
    clock.advance(minutes=1)
    half = await window.sign_in(amina)
    assert (half.status_code, "sportello" in http.cookies) == (200, False)
    step = re.search(r'name="step" value="([\w-]+)"', half.text)
    assert step is not None
    mistaken = await window.post("/sign-in/code", step=step.group(1), code="123456", next="/account")
    assert mistaken.status_code == 401
    right = await window.post("/sign-in/code", step=step.group(1), code=app.at(clock()), next="/account")
    assert right.headers["location"] == "/account"
    assert (await window.post("/account/second-factor/remove", page="/account", code="1")).status_code == 422
    gone = await window.post("/account/second-factor/remove", page="/account", code=codes[1])
    assert gone.status_code == 303
    assert session.scalars(select(SecondFactor)).all() == []


async def test_a_role_may_have_to_enrol_before_anything_else(
    window: Browser, app: FastAPI, http: httpx.AsyncClient, amina: Staff
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"second_factor_roles": "mediator"})
    led = await window.get("/conversations")
    assert (led.status_code, led.headers["location"]) == (303, "/account/second-factor")
    assert (await window.get("/account/second-factor")).status_code == 200
    refused = await http.get("/api/v1/cases")
    assert (refused.status_code, refused.json()["code"]) == (403, "accounts.error.factor_missing")


async def test_a_password_is_changed_with_the_old_one_and_other_sessions_end(
    window: Browser, http: httpx.AsyncClient, session: Session, amina: Staff
) -> None:
    elsewhere = sign_in(session, amina)
    session.commit()
    new = "quattro gatti sul tetto"
    wrong = await window.post("/account/password", page="/account", old="x", new=new)
    assert wrong.status_code == 422
    common = await window.post("/account/password", page="/account", old=PASSWORD, new="password123!")
    assert common.status_code == 422
    changed = await window.post("/account/password", page="/account", old=PASSWORD, new=new)
    assert changed.status_code == 303
    assert (await http.get("/api/v1/cases", headers=elsewhere)).status_code == 401
    assert (await window.get("/account")).status_code == 200
    fields = {"username": amina.email, "password": new}
    assert (await http.post("/api/v1/auth/token", data=fields)).status_code == 200


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("corta", "short"),
        ("x" * 129, "long"),
        ("1234567890", "common"),
        ("Password2024!", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("Sportello di Crema", "personal"),
        ("viva la Rossi sempre", "personal"),
        ("amina.r e poi altro", "personal"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, why: str) -> None:
    with pytest.raises(PasswordRefused, match=f"accounts.error.password_{why}"):
        check_password(password, name="Amina Rossi", email="amina.r@ente.example")


@pytest.mark.parametrize(
    "password", ["quattro gatti sul tetto", "ключі від дому", "vT9#kLmq2w", "a b c d e f g h"]
)
def test_no_kind_of_letter_is_asked_for(password: str) -> None:
    check_password(password, name="Amina Rossi", email="amina.r@ente.example")


async def test_a_hash_of_older_parameters_is_renewed_at_sign_in(
    http: httpx.AsyncClient, session: Session, amina: Staff
) -> None:
    amina.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    session.commit()
    fields = {"username": amina.email, "password": PASSWORD}
    assert (await http.post("/api/v1/auth/token", data=fields)).status_code == 200
    session.refresh(amina)
    assert not is_outdated(amina.password_hash)


async def test_sessions_are_listed_with_their_device_and_can_be_ended(
    window: Browser, http: httpx.AsyncClient, session: Session, amina: Staff
) -> None:
    fields = {"username": amina.email, "password": PASSWORD}
    made = await http.post("/api/v1/auth/token", data=fields, headers={"User-Agent": FIREFOX})
    other = {"Authorization": f"Bearer {made.json()['access_token']}"}
    page = await window.read("/account")
    assert "Firefox, Windows" in page
    ends = re.findall(r'action="(/account/sessions/\w+/end)"', page)
    assert len(ends) == 1  # not the present one
    assert (await window.post(ends[0], page="/account")).status_code == 303
    assert (await http.get("/api/v1/cases", headers=other)).status_code == 401
    again = sign_in(session, amina)
    session.commit()
    assert (await window.post("/account/sessions/end", page="/account")).status_code == 303
    assert (await http.get("/api/v1/cases", headers=again)).status_code == 401
    assert (await http.get("/account", headers=HTML)).status_code == 200


def test_an_unknown_browser_has_no_name() -> None:
    assert device_of("curl/8") == ""
    assert device_of(FIREFOX) == "Firefox, Windows"
