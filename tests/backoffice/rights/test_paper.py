"""A consent is signed or said at the desk, with its sheet, and taken back there: in the chat's ledger."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case
from backoffice.consent.models import Consent, ConsentAnswer, ConsentHow
from backoffice.consent.queries import given_to_bodies
from backoffice.consent.service import OnPaper, record_withdrawn
from backoffice.conversation.models import Message
from backoffice.document.models import CaseDocument
from backoffice.errors import NotFound
from backoffice.rights.errors import LaterAnswer, RequestIncomplete, TextChanged
from backoffice.rights.paper import paper_text, record_on_paper, withdraw_on_paper
from backoffice.rights.requests import Question
from backoffice.sharing.models import Share, ShareGround, ShareKind, ShareState
from backoffice.sharing.parts import CasePart
from backoffice.sharing.service import Offer, offer_share
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.roles import Role
from tests.backoffice.attachment.samples import JPEG
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation, create_organisation, create_staff, sign_in
from tests.backoffice.pages.browser import Browser, give_password
from tests.backoffice.rights.consents import UNTIL, create_consent
from translations.catalog import text

PARTS = frozenset({CasePart.PERSON})
TODAY = date(2026, 12, 2)


@dataclass
class Desk:
    """A person with a case, the body that asks, and a caseworker."""

    session: Session
    case: Case
    body: Organisation
    staff: Staff

    @property
    def question(self) -> Question:
        return Question(self.body.id, PARTS, "Trovare un alloggio", UNTIL)

    def record(self, *, on: date | None = None, version: str | None = None, now: datetime = NOW) -> Consent:
        said = OnPaper(ConsentHow.ORAL, "Anna Testimone", on)
        return record_on_paper(
            self.session,
            self.case,
            self.question,
            said,
            language="pa",
            version=version,
            by=self.staff.id,
            now=now,
        )


@pytest.fixture
def desk(session: Session) -> Desk:
    conversation = create_conversation(session, language="pa")
    person = create_person(session, name="ਹਰਪ੍ਰੀਤ ਕੌਰ")
    conversation.person_id = person.id
    case = create_case(session, person=person, conversation=conversation)
    staff = create_staff(session, roles=frozenset({Role.CASEWORKER}))
    give_password(session, staff)
    body = create_organisation(session, name="Cooperativa Ponte")
    session.commit()
    return Desk(session, case, body, staff)


def test_the_ledger_has_words_language_version_day_and_witness(desk: Desk) -> None:
    words = paper_text(desk.session, desk.case, desk.question, "pa", now=NOW)
    row = desk.record(on=TODAY - timedelta(days=1), version=words.version)
    assert (row.text, row.language, row.text_version) == (words.words, "pa", words.version)
    assert (row.given_on, row.witness, row.how) == (date(2026, 12, 1), "Anna Testimone", ConsentHow.ORAL)
    assert "Trovare un alloggio" in row.text


def test_a_day_begins_in_italy(desk: Desk) -> None:
    late = datetime(2026, 12, 2, 23, 30, tzinfo=UTC)
    assert desk.record(on=date(2026, 12, 3), now=late).given_on == date(2026, 12, 3)
    with pytest.raises(RequestIncomplete):
        desk.record(on=date(2026, 12, 4), now=late)


def test_a_sheet_with_another_text_is_not_taken(desk: Desk) -> None:
    with pytest.raises(TextChanged):
        desk.record(version="0123456789ab")


def test_an_older_paper_does_not_undo_a_later_word(desk: Desk) -> None:
    given = desk.record()
    record_withdrawn(desk.session, given, by="service", now=NOW + timedelta(hours=1))
    with pytest.raises(LaterAnswer):
        desk.record(on=TODAY - timedelta(days=1), now=NOW + timedelta(hours=2))
    assert given_to_bodies(desk.session, desk.case.person_id, now=NOW + timedelta(hours=3)) == []


def test_taking_it_back_ends_what_stands_on_it_and_is_told(desk: Desk) -> None:
    given = desk.record()
    offer = Offer(ShareKind.SHARE, desk.body.id, PARTS, "x", ShareGround.CONSENT, UNTIL)
    ids = {"case_id": desk.case.id, "person_id": desk.case.person_id, "owner_id": desk.case.organisation_id}
    offer_share(desk.session, offer, **ids, by=desk.staff.id, now=NOW)
    later = NOW + timedelta(minutes=1)
    row = withdraw_on_paper(
        desk.session, desk.case, given.id, OnPaper(ConsentHow.ORAL), by=desk.staff.id, now=later
    )
    assert (row.answer, row.how, row.given_on) == (ConsentAnswer.WITHDRAWN, ConsentHow.ORAL, TODAY)
    assert desk.session.scalars(select(Share.state)).all() == [ShareState.REVOKED]
    said = desk.session.scalars(select(Message.text)).all()
    assert text("system.consent_withdrawn", "pa", organisation="Cooperativa Ponte") in said
    acts = desk.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("consent.%"))).all()
    assert acts == ["consent.given", "consent.withdrawn"]
    with pytest.raises(NotFound):
        withdraw_on_paper(
            desk.session, desk.case, given.id, OnPaper(ConsentHow.ORAL), by=desk.staff.id, now=later
        )


async def test_a_signed_sheet_is_recorded_and_taken_back_on_the_pages(
    http: httpx.AsyncClient, session: Session, desk: Desk
) -> None:
    window, page = Browser(http), f"/cases/{desk.case.id}"
    await window.sign_in(desk.staff)
    asked = {
        "organisation": desk.body.id,
        "parts": "person",
        "purpose": "Trovare un alloggio",
        "until": "2027-01-31",
        "language": "pa",
    }
    unfinished = await window.post(
        f"{page}/consents/words", f"{page}/consents/new", organisation=desk.body.id
    )
    assert unfinished.status_code == 422
    assert "Mancano le parti del caso" in unfinished.text
    shown = await window.post(f"{page}/consents/words", f"{page}/consents/new", **asked)
    assert 'lang="pa"' in shown.text
    version = re.search(r'name="version" value="(\w+)"', shown.text)
    assert version is not None
    data = {
        "csrf": await window.csrf(f"{page}/consents/new"),
        **asked,
        "version": version.group(1),
        "how": "signature",
        "on": "2026-12-02",
    }
    wrong = await http.post(f"{page}/consents", data={**data, "version": "old"}, files={"file": ("x", JPEG)})
    assert wrong.status_code == 409
    assert session.scalars(select(CaseDocument)).all() == []
    session.commit()
    done = await http.post(f"{page}/consents", data=data, files={"file": ("foglio.jpg", JPEG)})
    assert done.headers["location"] == f"{page}?notice=consent_recorded#consents"
    session.expire_all()
    given = session.scalars(select(Consent)).one()
    assert given.document_id == session.scalars(select(CaseDocument.id)).one()
    assert given.expires_at == datetime(2027, 1, 31, 23, tzinfo=UTC)
    session.commit()
    assert "Firmato su carta" in await window.read(page)
    back = f"{page}/consents/{given.id}/withdrawal"
    answer = await window.post(back, back, how="oral")
    assert answer.headers["location"] == f"{page}?notice=consent_withdrawn#consents"
    assert "withdrawal" not in await window.read(page)


async def test_the_api_takes_back_a_consent_of_the_desk(
    http: httpx.AsyncClient, session: Session, desk: Desk
) -> None:
    given, me = create_consent(session, desk.case, desk.body, by=desk.staff.id), sign_in(session, desk.staff)
    session.commit()
    path = f"/api/v1/cases/{desk.case.id}/consents/{given.id}/withdrawal"
    wrong = await http.post(path, json={"how": "oral", "document": "nobody's"}, headers=me)
    assert wrong.status_code == 404
    made = await http.post(path, json={"how": "oral"}, headers=me)
    assert made.status_code == 201
    assert (await http.post(path, json={"how": "oral"}, headers=me)).status_code == 404
