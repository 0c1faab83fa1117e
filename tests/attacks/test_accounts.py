"""Second factor, links in mails, and who may give which role: attacks 10, 11, 12, 20 and 23."""

from __future__ import annotations

import re

import httpx
import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from starlette.types import Message, Receive, Scope, Send

from backoffice.database import Database
from backoffice.mail.models import Mail
from backoffice.staff.models import RecoveryCode, Staff
from backoffice.staff.permissions import GRANTS
from backoffice.staff.roles import Role
from backoffice.staff.second_factor import begin_enrolment, confirm
from tests.attacks.routes import calls
from tests.backoffice.case.cases import create_case
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import NOW, create_organisation, create_staff, sign_in
from tests.backoffice.pages.browser import HTML, PASSWORD, Browser, give_password

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


async def ask(http: httpx.AsyncClient, staff: Staff, **fields: str) -> httpx.Response:
    data = {"username": staff.email, "password": PASSWORD, **fields}
    return await http.post("/api/v1/auth/token", data=data)


@pytest.fixture
def amina(session: Session) -> Staff:
    staff = create_staff(session)
    give_password(session, staff)
    session.commit()
    return staff


def enrol(session: Session, staff: Staff) -> tuple[pyotp.TOTP, list[str]]:
    app = pyotp.TOTP(begin_enrolment(session, staff, now=NOW).secret)
    _, codes = confirm(session, staff.id, app.at(NOW), keep_token=None, now=NOW)
    session.commit()
    return app, codes


def last_link(session: Session) -> str:
    body = session.scalars(select(Mail.body).order_by(Mail.created_at.desc(), Mail.id.desc())).first() or ""
    session.commit()
    found = re.search(r"https?://\S+", body)
    assert found is not None
    return found.group()


async def test_attack_10_a_code_of_the_app_works_once(
    http: httpx.AsyncClient, session: Session, amina: Staff, clock: FrozenClock
) -> None:
    app, _ = enrol(session, amina)
    assert (await ask(http, amina, totp=app.at(NOW))).status_code == 401  # the one that confirmed it
    code = app.at(clock.advance(seconds=60))
    assert (await ask(http, amina, totp=code)).status_code == 200
    assert (await ask(http, amina, totp=code)).status_code == 401
    older = app.at(clock() - (clock() - NOW) / 2)
    assert (await ask(http, amina, totp=older)).status_code == 401


async def test_attack_10_five_tries_in_ten_minutes_and_clocks_one_step_apart(
    http: httpx.AsyncClient, session: Session, amina: Staff, clock: FrozenClock
) -> None:
    app, _ = enrol(session, amina)
    now = clock.advance(minutes=20)
    counter = int(now.timestamp()) // 30
    for _ in range(5):
        assert (await ask(http, amina, totp=pyotp.HOTP(app.secret).at(counter + 2))).status_code == 401
    refused = await ask(http, amina, totp=app.at(now))
    assert (refused.status_code, refused.json()["code"]) == (429, "accounts.error.code_too_many")
    clock.advance(minutes=10)
    counter = int(clock().timestamp()) // 30
    assert (await ask(http, amina, totp=pyotp.HOTP(app.secret).at(counter - 1))).status_code == 200
    assert (await ask(http, amina, totp=pyotp.HOTP(app.secret).at(counter + 1))).status_code == 200


async def test_attack_10_a_recovery_code_is_hashed_and_works_once(
    http: httpx.AsyncClient, session: Session, amina: Staff
) -> None:
    _, codes = enrol(session, amina)
    assert len(set(codes)) == 10
    stored = session.scalars(select(RecoveryCode.code_sha256)).all()
    session.commit()
    assert not {code.replace("-", "") for code in codes} & set(stored)
    assert (await ask(http, amina, totp=codes[3].upper())).status_code == 200
    assert (await ask(http, amina, totp=codes[3])).status_code == 401


async def test_attack_10_nobody_learns_of_a_second_factor_without_the_password(
    http: httpx.AsyncClient, session: Session, amina: Staff
) -> None:
    wrong = {"username": amina.email, "password": "not the password"}
    before = await http.post("/api/v1/auth/token", data=wrong)
    enrol(session, amina)
    after = await http.post("/api/v1/auth/token", data=wrong)
    assert (before.status_code, before.content) == (after.status_code, after.content)
    assert (await ask(http, amina)).json()["code"] == "accounts.error.code_needed"


async def test_attack_11_a_reset_link_is_built_from_the_settings_works_once_and_ends_sessions(
    http: httpx.AsyncClient, session: Session, amina: Staff
) -> None:
    app, _ = enrol(session, amina)
    headers = sign_in(session, amina)
    session.commit()
    window = Browser(http)
    csrf = await window.csrf("/password")
    evil = {**HTML, "Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    asked = await http.post("/password", data={"csrf": csrf, "email": amina.email}, headers=evil)
    assert asked.status_code == 200
    link = last_link(session)
    assert link.startswith("http://127.0.0.1:8001/password/")
    path = link.removeprefix("http://127.0.0.1:8001")
    set_now = await window.post(path, password="una frase molto lunga")
    assert (set_now.status_code, set_now.headers["location"][:8]) == (303, "/sign-in")
    assert (await http.get("/api/v1/cases", headers=headers)).status_code == 401
    assert (await window.post(path, password="un'altra frase lunga")).status_code == 404
    fields = {"username": amina.email, "password": "una frase molto lunga"}
    answer = await http.post("/api/v1/auth/token", data=fields)
    assert answer.json()["code"] == "accounts.error.code_needed"
    assert app.secret not in answer.text


async def test_attack_11_a_link_ends_after_fifteen_minutes_and_with_the_next_one(
    http: httpx.AsyncClient, session: Session, amina: Staff, clock: FrozenClock
) -> None:
    window = Browser(http)
    await window.post("/password", email=amina.email)
    first = last_link(session).removeprefix("http://127.0.0.1:8001")
    assert (await window.get(first)).status_code == 200
    clock.advance(seconds=1)
    await window.post("/password", email=amina.email)
    second = last_link(session).removeprefix("http://127.0.0.1:8001")
    assert (await window.get(first)).status_code == 404
    clock.advance(minutes=15)
    assert (await window.get(second)).status_code == 404


async def test_attack_11_the_answer_tells_nobody_whether_there_is_an_account_and_mail_is_limited(
    http: httpx.AsyncClient, session: Session, amina: Staff
) -> None:
    window = Browser(http)
    known = await window.post("/password", email=amina.email)
    unknown = await window.post("/password", email="nobody@test.example")
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    for _ in range(5):
        await window.post("/password", email=amina.email)
    assert len(session.scalars(select(Mail.id)).all()) == 3


async def test_attack_11_until_the_answer_has_left_the_same_is_done_for_known_and_unknown_addresses(
    app: FastAPI, database: Database, session: Session, amina: Staff
) -> None:
    done: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        done.append(statement)

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                done.append("answered")

        await app(scope, receive, told)

    event.listen(database.engine, "before_cursor_execute", note)
    before: dict[str, list[str]] = {}
    after: dict[str, str] = {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(watched), base_url="http://backoffice"
    ) as opened:
        csrf = await Browser(opened).csrf("/password")
        for email in (amina.email, "nobody@test.example"):
            done.clear()
            answer = await opened.post("/password", data={"csrf": csrf, "email": email}, headers=HTML)
            assert answer.status_code == 200
            border = done.index("answered")
            before[email], after[email] = done[:border], "\n".join(done[border:])
    known, unknown = before.values()
    assert known == unknown
    assert any("sign_in_failure" in statement for statement in known)  # the address is counted
    assert not any(table in "\n".join(known) for table in ("staff.", "account_link", "mail"))
    assert "INSERT INTO mail" in after[amina.email]
    assert "INSERT INTO" not in after["nobody@test.example"]


def test_attack_12_no_route_sets_an_installation_up_or_makes_an_account_without_an_invitation() -> None:
    paths = {call.path for call in calls()}
    assert not {path for path in paths if re.search(r"setup|install|wizard|register|sign-up", path)}


async def test_attack_20_a_role_is_given_only_by_who_may_give_it_and_never_to_oneself(
    http: httpx.AsyncClient, session: Session
) -> None:
    people = {role: create_staff(session, roles=frozenset({role})) for role in Role}
    target = create_staff(session, roles=frozenset({Role.CASEWORKER}))
    headers = {role: sign_in(session, each) for role, each in people.items()}
    session.commit()
    for role, each in headers.items():
        own = f"/api/v1/staff/{people[role].id}"
        assert (await http.patch(own, json={"roles": list(Role)}, headers=each)).status_code == 404, role
        for wanted in Role:
            body = {"roles": ["caseworker", *({wanted.value} - {"caseworker"})]}
            answer = await http.patch(f"/api/v1/staff/{target.id}", json=body, headers=each)
            allowed = wanted in GRANTS.get(role, ())
            assert answer.status_code == (200 if allowed else 404), (role, wanted)
            back = {"roles": ["caseworker"]}
            await http.patch(f"/api/v1/staff/{target.id}", json=back, headers=headers[Role.ADMINISTRATOR])
            new = {"email": f"{role}-{wanted}@test.example", "name": "X", "roles": [wanted]}
            made = await http.post("/api/v1/staff", json=new, headers=each)
            assert made.status_code == (201 if allowed else 404), (role, wanted)


async def test_attack_20_a_coordinator_cannot_touch_an_administrator(
    http: httpx.AsyncClient, session: Session
) -> None:
    above = create_staff(session, roles=ADMINISTRATOR)
    headers = sign_in(session, create_staff(session, roles=frozenset({Role.COORDINATOR})))
    session.commit()
    path = f"/api/v1/staff/{above.id}"
    assert (await http.get(path, headers=headers)).status_code == 200
    assert (await http.patch(path, json={"name": "X"}, headers=headers)).status_code == 404
    assert (await http.post(f"{path}/deactivate", headers=headers)).status_code == 404
    assert (await http.delete(f"{path}/sessions", headers=headers)).status_code == 404


async def test_attack_20_only_the_front_door_adds_bodies_and_accounts_stay_in_their_body(
    http: httpx.AsyncClient, session: Session
) -> None:
    partner = create_organisation(session)
    outside = create_staff(session, roles=ADMINISTRATOR, organisation=partner)
    inside = create_staff(session, roles=ADMINISTRATOR)
    headers = sign_in(session, outside)
    case = create_case(session)
    of_inside = sign_in(session, inside)
    session.commit()
    assert (await http.get("/organisations", headers=headers)).status_code == 404
    form = {"organisation": "Nuovo", "name": "X", "email": "x@test.example"}
    assert (await http.post("/organisations", data=form, headers=headers)).status_code == 404
    listed = (await http.get("/api/v1/staff", headers=headers)).json()["items"]
    assert [item["id"] for item in listed] == [outside.id]
    assert (await http.post("/organisations", data=form, headers=of_inside)).status_code == 303
    for path in ("/accounts", f"/accounts/{inside.id}", "/units", "/organisations", "/api/v1/staff"):
        shown = await http.get(path, headers=of_inside)
        assert shown.status_code == 200, path
        assert case.id not in shown.text
        assert case.number not in shown.text


async def test_attack_23_deactivation_ends_sessions_links_and_half_sign_ins_at_once(
    http: httpx.AsyncClient, session: Session, amina: Staff, clock: FrozenClock
) -> None:
    headers = sign_in(session, create_staff(session, roles=ADMINISTRATOR))
    app, _ = enrol(session, amina)
    window = Browser(http)
    half = await window.sign_in(amina)
    step = re.search(r'name="step" value="([\w-]+)"', half.text)
    assert step is not None
    of_amina = sign_in(session, amina)
    session.commit()
    await window.post("/password", email=amina.email)
    link = last_link(session).removeprefix("http://127.0.0.1:8001")
    ended = await http.post(f"/api/v1/staff/{amina.id}/deactivate", headers=headers)
    assert ended.json()["state"] == "inactive"
    assert (await http.get("/api/v1/cases", headers=of_amina)).status_code == 401
    assert (await window.get(link)).status_code == 404
    code = app.at(clock.advance(minutes=1))
    assert (await window.post("/sign-in/code", step=step.group(1), code=code)).status_code == 401
