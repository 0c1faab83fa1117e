"""Mails and notices of the browser tell nothing of a citizen: attack 40."""

from __future__ import annotations

import ast
import inspect
import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_request.service import request_of
from backoffice.client.schemas import CaseType
from backoffice.database import Database
from backoffice.family_link.service import send_link as send_family_link
from backoffice.mail.kinds import LANGUAGES, MailKind, body_of, subject_of
from backoffice.mail.service import send_due, write_mail
from backoffice.mail.transport import Folder
from backoffice.mediation.reminding import tellers
from backoffice.mediation.service import accept as accept_mediation
from backoffice.mediation.service import confirm, offer, report
from backoffice.mediation.telling import tell
from backoffice.owner_link.service import send_link
from backoffice.reminder.models import Reminder
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.attacks.processes import ROOT
from tests.backoffice.care import create_request
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import create_conversation, create_staff, send, sign_in
from tests.backoffice.homes import create_listing, create_match, create_owner
from tests.backoffice.mediation.mediations import create_mediation
from tests.backoffice.pages.browser import Browser
from translations.catalog import catalogue, placeholders

BASE = "http://127.0.0.1:8001"
CANARIES = ("Ximena", "Quispe", "3337654321", "parola-scritta-nella-chat", "Borgonascosto")
MAIL_KEY = re.compile(r"[\w.]*\bmail\.(?P<kind>\w+)\.(?P<part>\w+)")
SOURCES = [path for path in (ROOT / "backoffice").rglob("*.py") if "migrations" not in path.parts]


@pytest.fixture
def administrator(session: Session) -> Staff:
    """Who invites, in a house whose newest case is full of words of a citizen."""
    staff = create_staff(session, roles=frozenset({Role.ADMINISTRATOR}))
    conversation = create_conversation(session)
    send(session, conversation, text=f"Sono {CANARIES[0]} {CANARIES[1]}: {CANARIES[3]}")
    person = create_person(session, name=f"{CANARIES[0]} {CANARIES[1]}", phone=f"+39{CANARIES[2]}")
    conversation.person_id = person.id
    intake = {"note": CANARIES[3], "municipalities": [CANARIES[4]]}
    create_case(session, type=CaseType.RECEPTION, person=person, conversation=conversation, intake=intake)
    session.commit()
    return staff


async def test_attack_40_no_mail_of_any_kind_tells_of_a_citizen(
    http: httpx.AsyncClient,
    session: Session,
    database: Database,
    administrator: Staff,
    clock: FrozenClock,
    tmp_path: Path,
) -> None:
    headers = sign_in(session, administrator)
    session.commit()
    new = {"email": "neu@test.example", "name": "Neu", "roles": ["caseworker"]}
    assert (await http.post("/api/v1/staff", json=new, headers=headers)).status_code == 201
    assert (await Browser(http).post("/password", email=administrator.email)).status_code == 200
    owner = create_owner(session, email="owner@test.example", contact_agreed_on=clock().date())
    match = create_match(session, listing=create_listing(session, owner=owner))
    send_link(session, match, base_url="http://127.0.0.1:8001", by="service", now=clock())
    family = create_request(session)
    request = request_of(session, family, now=clock())
    request.email = "family@test.example"
    send_family_link(session, request, base_url="http://127.0.0.1:8001", by="service", now=clock())
    write_of_mediation(session, clock)
    session.commit()
    send_due(database, Folder(tmp_path / "mail"), sender="s@ente.example", now=clock())
    sent = [path.read_bytes() for path in (tmp_path / "mail").iterdir()]
    letters = [message_from_bytes(content, policy=policy.default) for content in sent]
    # A new kind of mail has to be sent here too.
    assert {letter["Subject"] for letter in letters} == set(map(subject_of, MailKind))
    for letter in letters:
        assert isinstance(letter, EmailMessage)
        said = f"{letter.items()} {letter.get_content()}"
        assert [canary for canary in CANARIES if canary in said] == []
        kind = next(kind for kind in MailKind if subject_of(kind) == letter["Subject"])
        [link] = set(re.findall(rf"{BASE}/(?:(?:password|owner|family)/[\w-]{{43}}|mediation/[\w/-]+)", said))
        assert letter.get_content().strip() == body_of(kind, link=link).strip()


def write_of_mediation(session: Session, clock: FrozenClock) -> None:
    """Let everything be written that there is about a request for a mediator."""
    request = create_mediation(session, topic=CANARIES[3], place=CANARIES[4], contact=CANARIES[0])
    mediator, now = create_staff(session, languages=("ur",)), clock()
    until = now + timedelta(hours=8)
    (made,) = offer(session, request, [(mediator.id, [])], until=until, by="service", now=now)
    tell(session, base_url=BASE, now=now)
    accept_mediation(session, made, now=now)
    coming = session.scalars(select(Reminder).where(Reminder.about_id == request.id)).first()
    assert coming is not None
    assert tellers(BASE)[coming.kind](session, coming, now)
    work = {"worked_quarters": 4, "travel_quarters": 0, "words": CANARIES[3], "follow_up_wanted": False}
    over = now + timedelta(days=2)
    report(session, request, **work, by=mediator.id, now=over)  # type: ignore[arg-type]
    tell(session, base_url=BASE, now=now)
    confirm(session, request, by=request.asked_by, now=over)
    tell(session, base_url=BASE, now=now)


def test_attack_40_a_mail_is_fixed_sentences_and_one_link() -> None:
    asked = set(inspect.signature(write_mail).parameters)
    assert asked == {"session", "kind", "organisation_id", "recipient", "link", "now"}
    for kind in MailKind:
        for language in LANGUAGES:
            sentences = catalogue(language).forms
            key = f"backoffice.accounts.mail.{kind.value}"
            assert placeholders(sentences[f"{key}.subject"][0]) == set(), kind
            assert placeholders(sentences[f"{key}.body"][0]) == {"link"}, kind


def test_attack_40_no_mail_is_written_past_the_kinds() -> None:
    made = {
        path.relative_to(ROOT).as_posix(): call.func.id
        for path in SOURCES
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"Mail", "EmailMessage"}
    }
    assert set(made) == {"backoffice/mail/service.py"}
    assert "insert(Mail" not in "".join(path.read_text() for path in SOURCES)
    found = {match["kind"] for key in catalogue("it").forms if (match := MAIL_KEY.fullmatch(key))}
    assert found == {kind.value for kind in MailKind}


def test_attack_40_a_notice_of_the_browser_is_a_fixed_sentence() -> None:
    scripts = [path.read_text() for path in (ROOT / "backoffice/static").glob("*.js")]
    scripts += [path.read_text() for path in (ROOT / "bot/webchat/static").glob("*.js")]
    shown = re.findall(r"new Notification\(([^)]*)\)|showNotification\(([^)]*)\)", "\n".join(scripts))
    assert shown == [("button.dataset[call.kind], about", "")]
    notices = (ROOT / "backoffice/static/notifications.js").read_text()
    [about] = re.findall(r"const about = \{(.*)\};", notices)
    named = set(re.findall(r"(\w+):", about.replace("${call.kind}:", "")))
    assert named == {"tag", "renotify", "requireInteraction", "lang"}
    for language in LANGUAGES:
        said = {key: forms for key, forms in catalogue(language).forms.items() if "workplace.notify_" in key}
        assert len(said) >= 3
        assert {name for forms in said.values() for name in placeholders(forms[0])} == set()
