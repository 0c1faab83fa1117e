from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.database import Database
from backoffice.mail.models import Mail
from backoffice.mail.service import send_due
from backoffice.mail.transport import Folder, MailNotSent, Smtp, parse_smtp_url
from backoffice.staff.models import Organisation, Staff, Unit
from backoffice.staff.roles import Role
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import create_staff, sign_in
from tests.backoffice.pages.browser import Browser, give_password

LONG = "quattro gatti sul tetto"
LINK = re.compile(r"http://127\.0\.0\.1:8001(/password/[\w-]+)")


@pytest.fixture
def administrator(session: Session) -> Staff:
    staff = create_staff(session, name="Carla Neri", roles=frozenset({Role.ADMINISTRATOR}))
    give_password(session, staff)
    session.commit()
    return staff


@pytest.fixture
async def window(http: httpx.AsyncClient, administrator: Staff) -> Browser:
    opened = Browser(http)
    await opened.sign_in(administrator)
    return opened


async def test_who_is_invited_gets_a_mail_sets_a_password_and_signs_in(
    window: Browser,
    http: httpx.AsyncClient,
    database: Database,
    session: Session,
    clock: FrozenClock,
    tmp_path: Path,
) -> None:
    email = "olena@ente.example"
    form = {"name": "Olena Petrenko", "email": email.upper(), "roles": "mediator", "languages": "uk"}
    assert (await window.post("/accounts", page="/account", **form)).status_code == 303
    assert "invito inviato" in await window.read("/accounts")
    assert send_due(database, Folder(tmp_path / "mail"), sender="s@ente.example", now=clock()) == 1
    sent = [path.read_bytes() for path in (tmp_path / "mail").iterdir()]
    letter = message_from_bytes(sent[0], policy=policy.default)
    assert (letter["To"], letter["From"]) == (email, "s@ente.example")
    assert isinstance(letter, EmailMessage)
    body = letter.get_content()
    assert "Buongiorno" in body
    assert "Hello" in body
    assert session.scalar(select(func.count()).select_from(Mail)) == 0
    session.commit()
    found = LINK.search(body)
    assert found is not None
    await window.post("/sign-out", page="/account")
    assert (await window.post(found.group(1), password="olena petrenko")).status_code == 422
    assert (await window.post(found.group(1), password=LONG)).status_code == 303
    token = await http.post("/api/v1/auth/token", data={"username": email, "password": LONG})
    assert token.status_code == 200


async def test_an_invitation_ends_after_72_hours_and_can_be_sent_again(
    window: Browser, session: Session, clock: FrozenClock
) -> None:
    form = {"name": "Olena", "email": "o@ente.example", "roles": "mediator"}
    await window.post("/accounts", page="/account", **form)
    account = session.scalars(select(Staff).where(Staff.email == "o@ente.example")).one()
    first = LINK.search(session.scalars(select(Mail.body)).one())
    session.commit()
    assert first is not None
    assert (await window.get(first.group(1))).status_code == 200
    await window.post(f"/accounts/{account.id}/reactivate", page="/account")
    assert (await window.get(first.group(1))).status_code == 404
    session.refresh(account)
    assert not account.active
    second = LINK.search(session.scalars(select(Mail.body).order_by(Mail.id.desc())).first() or "")
    session.commit()
    assert second is not None
    clock.advance(hours=71)
    assert (await window.get(second.group(1))).status_code == 200
    clock.advance(hours=2)
    assert (await window.get(second.group(1))).status_code == 404


async def test_what_cannot_be_invited_comes_back_with_the_reason(
    window: Browser, administrator: Staff
) -> None:
    for changed, status in (
        ({"email": "nowhere"}, 422),
        ({"email": administrator.email}, 409),
        ({"name": " \t"}, 422),
        ({"roles": ""}, 422),
    ):
        form = {"name": "Olena", "email": "o@ente.example", "roles": "mediator", **changed}
        answer = await window.post("/accounts", page="/account", **{k: v for k, v in form.items() if v})
        assert answer.status_code == status, changed


async def test_an_account_is_found_changed_and_put_into_a_unit(window: Browser, session: Session) -> None:
    other = create_staff(session, name="Olena Petrenko")
    session.commit()
    await window.post("/units", page="/account", name="Crema", municipalities="Crema, Offanengo\nCrema Nuova")
    unit = session.scalars(select(Unit)).one()
    assert unit.municipalities == ["Crema", "Offanengo", "Crema Nuova"]
    session.commit()
    assert (await window.post("/units", page="/account", name="Crema")).status_code == 422
    listed = await window.read("/accounts?q=petr")
    assert other.id in listed
    assert "Carla" not in re.sub(r'app-who-name">[^<]*', "", listed)
    form = {"name": "Olena P.", "roles": "caseworker", "gender": "woman", "unit": unit.id, "topics": "x"}
    assert (await window.post(f"/accounts/{other.id}", page="/account", **form)).status_code == 303
    session.refresh(other)
    assert (other.name, other.role_names, other.unit_id, other.topics) == (
        "Olena P.",
        ["caseworker"],
        unit.id,
        [],
    )
    session.commit()
    without = await window.post(f"/accounts/{other.id}", page="/account", name="Y")
    assert without.status_code == 422
    session.refresh(other)
    assert other.name == "Olena P."


async def test_a_partner_body_gets_its_first_administrator_or_is_not_added_at_all(
    window: Browser, session: Session, administrator: Staff
) -> None:
    form = {"organisation": "Cooperativa Alba", "name": "Ugo", "email": "ugo@alba.example"}
    assert (await window.post("/organisations", page="/account", **form)).status_code == 303
    made = session.scalars(select(Staff).where(Staff.email == "ugo@alba.example")).one()
    assert (made.roles, made.active) == (frozenset({Role.ADMINISTRATOR}), False)
    assert made.organisation_id != administrator.organisation_id
    session.commit()
    again = await window.post("/organisations", page="/account", **{**form, "organisation": "Altra"})
    assert again.status_code == 409
    assert session.scalars(select(Organisation).where(Organisation.name == "Altra")).all() == []


async def test_the_same_invitation_twice_under_one_key_is_one(
    http: httpx.AsyncClient, session: Session, administrator: Staff
) -> None:
    headers = {**sign_in(session, administrator), "Idempotency-Key": "k1"}
    session.commit()
    body = {"email": "o@ente.example", "name": "Olena", "roles": ["mediator"]}
    answers = [await http.post("/api/v1/staff", json=body, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["state"] == "invited"
    assert session.scalar(select(func.count()).select_from(Mail)) == 1
    session.commit()
    other = await http.post("/api/v1/staff", json={**body, "name": "X"}, headers=headers)
    assert other.status_code == 409


async def test_the_api_pages_through_accounts_and_ends_sessions(
    http: httpx.AsyncClient, session: Session, administrator: Staff
) -> None:
    others = [create_staff(session) for _ in range(4)]
    of_other, headers = sign_in(session, others[0]), sign_in(session, administrator)
    session.commit()
    seen, cursor = [], None
    while True:
        page = (
            await http.get(
                "/api/v1/staff",
                params={"limit": 2, **({"cursor": cursor} if cursor else {})},
                headers=headers,
            )
        ).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(each.id for each in [administrator, *others])
    path = f"/api/v1/staff/{others[0].id}/sessions"
    assert len((await http.get(path, headers=headers)).json()["items"]) == 1
    assert (await http.delete(path, headers=headers)).status_code == 204
    assert (await http.get("/api/v1/cases", headers=of_other)).status_code == 401
    own = f"/api/v1/staff/{administrator.id}/deactivate"
    assert (await http.post(own, headers=headers)).status_code == 404


class Away:
    """A mail server that is not there."""

    def __init__(self) -> None:
        self.asked = 0

    def send(self, message: EmailMessage, *, number: str) -> None:
        self.asked += 1
        raise MailNotSent


async def test_mail_is_tried_again_later_and_given_up_after_three_days(
    window: Browser, database: Database, session: Session, clock: FrozenClock
) -> None:
    form = {"name": "Olena", "email": "o@ente.example", "roles": "mediator"}
    await window.post("/accounts", page="/account", **form)
    away = Away()
    for _ in range(3):
        assert send_due(database, away, sender="s@ente.example", now=clock()) == 0
    assert away.asked == 1  # not again at once
    clock.advance(minutes=3)
    send_due(database, away, sender="s@ente.example", now=clock())
    assert away.asked == 2
    clock.advance(days=4)
    send_due(database, away, sender="s@ente.example", now=clock())
    assert session.scalars(select(Mail)).all() == []


def test_the_address_of_a_mail_server_is_read_or_refused() -> None:
    assert parse_smtp_url("smtps://u%40x:p%2Fw@mail.example") == Smtp("mail.example", 465, "u@x", "p/w", True)
    assert parse_smtp_url("smtp://mail.example:25").port == 25
    for wrong in ("http://x", "smtp://", "mail.example"):
        with pytest.raises(ValueError, match="smtp://"):
            parse_smtp_url(wrong)
