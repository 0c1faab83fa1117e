from __future__ import annotations

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.staff.models import SignInFailure, Staff, StaffSession
from backoffice.staff.service import LONGEST_WAIT, wait_after
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import create_staff
from tests.backoffice.pages.browser import HTML, PASSWORD, Browser, give_password


@pytest.fixture
def amina(session: Session) -> Staff:
    staff = create_staff(session)
    give_password(session, staff)
    session.commit()
    return staff


async def ask_token(http: httpx.AsyncClient, staff: Staff, password: str = PASSWORD) -> httpx.Response:
    return await http.post("/api/v1/auth/token", data={"username": staff.email, "password": password})


async def test_a_program_gets_a_bearer_token_that_opens_the_api(
    http: httpx.AsyncClient, amina: Staff
) -> None:
    answer = await ask_token(http, amina)
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "bearer"
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert (await http.get("/api/v1/cases", headers=headers)).status_code == 200


async def test_the_email_address_may_be_typed_in_capitals(http: httpx.AsyncClient, amina: Staff) -> None:
    data = {"username": f" {amina.email.upper()} ", "password": PASSWORD}
    assert (await http.post("/api/v1/auth/token", data=data)).status_code == 200


async def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(
    http: httpx.AsyncClient, amina: Staff
) -> None:
    wrong = await ask_token(http, amina, "not the password")
    data = {"username": "nobody@test.example", "password": PASSWORD}
    unknown = await http.post("/api/v1/auth/token", data=data)
    assert (wrong.status_code, wrong.content) == (unknown.status_code, unknown.content)
    assert wrong.headers["content-type"] == "application/problem+json"


async def test_an_account_that_was_closed_cannot_sign_in(
    http: httpx.AsyncClient, session: Session, amina: Staff
) -> None:
    amina.active = False
    session.commit()
    assert (await ask_token(http, amina)).status_code == 401


async def test_after_five_failures_even_the_right_password_has_to_wait(
    http: httpx.AsyncClient, amina: Staff, clock: FrozenClock
) -> None:
    for _ in range(6):
        failed = await ask_token(http, amina, "not the password")
        clock.advance(seconds=0.1)
    refused = await ask_token(http, amina)
    assert (refused.status_code, refused.content) == (401, failed.content)
    clock.advance(seconds=3)
    assert (await ask_token(http, amina)).status_code == 200


async def test_failures_on_one_account_do_not_lock_another(
    http: httpx.AsyncClient, session: Session, amina: Staff
) -> None:
    other = create_staff(session)
    give_password(session, other)
    session.commit()
    for _ in range(8):
        await ask_token(http, amina, "not the password")
    assert (await ask_token(http, other)).status_code == 200


async def test_a_success_forgets_the_failures(
    http: httpx.AsyncClient, session: Session, amina: Staff
) -> None:
    await ask_token(http, amina, "not the password")
    await ask_token(http, amina)
    assert session.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_the_wait_grows_and_has_an_end() -> None:
    waits = [wait_after(failures) for failures in range(60)]
    assert waits == sorted(waits)
    assert waits[4].total_seconds() == 0
    assert waits[6].total_seconds() == 2
    assert waits[-1] == LONGEST_WAIT


async def test_a_session_ends_after_an_hour_without_a_request(
    http: httpx.AsyncClient, amina: Staff, clock: FrozenClock
) -> None:
    headers = {"Authorization": f"Bearer {(await ask_token(http, amina)).json()['access_token']}"}
    clock.advance(minutes=59)
    assert (await http.get("/api/v1/cases", headers=headers)).status_code == 200
    clock.advance(minutes=59)
    assert (await http.get("/api/v1/cases", headers=headers)).status_code == 200
    clock.advance(minutes=61)
    assert (await http.get("/api/v1/cases", headers=headers)).status_code == 401


async def test_what_an_open_page_asks_by_itself_keeps_no_session_alive(
    http: httpx.AsyncClient, amina: Staff, clock: FrozenClock
) -> None:
    headers = {"Authorization": f"Bearer {(await ask_token(http, amina)).json()['access_token']}"}
    clock.advance(minutes=40)
    background = {**headers, "X-Background": "1"}
    assert (await http.get("/api/v1/cases", headers=background)).status_code == 200
    clock.advance(minutes=30)
    assert (await http.get("/api/v1/cases", headers=headers)).status_code == 401


async def test_a_session_ends_after_twelve_hours_however_busy(
    http: httpx.AsyncClient, amina: Staff, clock: FrozenClock
) -> None:
    headers = {"Authorization": f"Bearer {(await ask_token(http, amina)).json()['access_token']}"}
    for _ in range(14):
        clock.advance(minutes=50)
        assert (await http.get("/api/v1/cases", headers=headers)).status_code == 200
    clock.advance(minutes=50)
    assert (await http.get("/api/v1/cases", headers=headers)).status_code == 401


async def test_a_token_that_was_given_back_opens_nothing(http: httpx.AsyncClient, amina: Staff) -> None:
    headers = {"Authorization": f"Bearer {(await ask_token(http, amina)).json()['access_token']}"}
    assert (await http.delete("/api/v1/auth/token", headers=headers)).status_code == 204
    assert (await http.get("/api/v1/cases", headers=headers)).status_code == 401


async def test_signing_in_on_the_page_sets_a_cookie_that_scripts_cannot_read(
    http: httpx.AsyncClient, amina: Staff
) -> None:
    answer = await Browser(http).sign_in(amina)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("sportello="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


async def test_over_https_the_cookie_is_bound_to_the_host(http: httpx.AsyncClient, amina: Staff) -> None:
    http.base_url = httpx.URL("https://backoffice")
    answer = await Browser(http).sign_in(amina)
    cookie = next(
        each for each in answer.headers.get_list("set-cookie") if each.startswith("__Host-sportello=")
    )
    assert "Secure" in cookie
    assert "Path=/" in cookie


async def test_a_session_token_that_was_planted_is_not_taken_over(
    http: httpx.AsyncClient, session: Session, amina: Staff
) -> None:
    browser = Browser(http)
    await browser.sign_in(amina)
    planted = http.cookies["sportello"]
    await browser.post("/sign-in", email=amina.email, password=PASSWORD)
    assert http.cookies["sportello"] != planted
    assert session.scalar(select(func.count()).select_from(StaffSession)) == 1


async def test_only_the_sha256_of_a_token_is_stored(
    http: httpx.AsyncClient, session: Session, amina: Staff
) -> None:
    token = (await ask_token(http, amina)).json()["access_token"]
    stored = session.scalars(select(StaffSession.token_sha256)).one()
    assert len(stored) == 64
    assert token not in stored


async def test_the_sign_in_form_is_refused_without_its_token(http: httpx.AsyncClient, amina: Staff) -> None:
    await http.get("/sign-in", headers=HTML)
    answer = await http.post("/sign-in", data={"email": amina.email, "password": PASSWORD}, headers=HTML)
    assert answer.status_code == 403
    assert "sportello" not in http.cookies


async def test_a_failed_sign_in_keeps_the_address_and_says_what_to_do(
    http: httpx.AsyncClient, amina: Staff
) -> None:
    answer = await Browser(http).sign_in(amina, "not the password")
    assert answer.status_code == 401
    assert "Accesso non riuscito." in answer.text
    assert f'value="{amina.email}"' in answer.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "evil"])
async def test_signing_in_never_leads_to_another_site(
    http: httpx.AsyncClient, amina: Staff, elsewhere: str
) -> None:
    answer = await Browser(http).post("/sign-in", email=amina.email, password=PASSWORD, next=elsewhere)
    assert answer.headers["location"] == "/"


async def test_who_is_not_signed_in_is_led_to_the_sign_in_page_and_back(http: httpx.AsyncClient) -> None:
    answer = await http.get("/cases?q=rossi", headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fcases%3Fq%3Drossi"


async def test_signing_out_ends_the_session_here_too(http: httpx.AsyncClient, amina: Staff) -> None:
    browser = Browser(http)
    await browser.sign_in(amina)
    token = http.cookies["sportello"]
    assert (await browser.post("/sign-out")).status_code == 303
    answer = await http.get("/api/v1/cases", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


async def test_a_change_by_cookie_needs_the_csrf_token(http: httpx.AsyncClient, amina: Staff) -> None:
    browser = Browser(http)
    await browser.sign_in(amina)
    path = "/api/v1/conversations/none/claim"
    assert (await http.post(path, json={"epoch": 1})).status_code == 403
    headers = {"X-CSRF-Token": await browser.csrf()}
    assert (await http.post(path, json={"epoch": 1}, headers=headers)).status_code == 404


async def test_the_csrf_token_of_another_session_is_refused(http: httpx.AsyncClient, amina: Staff) -> None:
    browser = Browser(http)
    before = await browser.csrf()
    await browser.sign_in(amina)
    answer = await http.post("/sign-out", data={"csrf": before}, headers=HTML)
    assert answer.status_code == 403
