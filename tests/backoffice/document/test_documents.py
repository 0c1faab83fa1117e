from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.attachment.models import Attachment, ScanState, Storage
from backoffice.attachment.service import attach
from backoffice.attachment.sweeping import forget_unattached
from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case
from backoffice.conversation.models import Message
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.attachment.samples import JPEG
from tests.backoffice.case.cases import create_case
from tests.backoffice.databases import SERVICE_TOKEN
from tests.backoffice.factories import NOW, create_conversation, create_staff, send, sign_in
from translations.catalog import text

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def sara(session: Session) -> Staff:
    return create_staff(session, name="Sara Ferri", roles=frozenset({Role.CASEWORKER}))


@pytest.fixture
def case(session: Session) -> Case:
    conversation = create_conversation(session)
    send(session, conversation)
    return create_case(session, conversation=conversation)


@pytest.fixture
def headers(session: Session, sara: Staff, case: Case) -> dict[str, str]:
    made = sign_in(session, sara)
    session.commit()
    return made


def upload(content: bytes) -> dict[str, tuple[str, bytes]]:
    return {"file": ("../permesso.pdf", content)}


async def test_a_paper_of_the_desk_is_kept_encrypted_and_downloaded_with_a_session(
    http: httpx.AsyncClient, session: Session, case: Case, headers: dict[str, str]
) -> None:
    path = f"/api/v1/cases/{case.id}/documents"
    facts = {"kind": "permit", "expires_on": "2027-01-10", "seen_in_original": "true"}
    made = await http.post(path, data=facts, files=upload(PDF), headers=headers)
    assert made.status_code == 201, made.text
    document = made.json()
    assert (document["kind"], document["expires_on"], document["seen_in_original"]) == (
        "permit",
        "2027-01-10",
        True,
    )
    assert (await http.get(path, headers=headers)).json()["items"] == [document]
    file = await http.get(f"{path}/{document['id']}/file", headers=headers)
    assert (file.content, file.headers["content-type"]) == (PDF, "application/pdf")
    assert file.headers["content-disposition"].startswith("attachment;")
    assert "permesso" not in file.headers["content-disposition"]
    assert (await http.get(f"{path}/{document['id']}/file")).status_code == 401
    row = session.scalars(select(Attachment)).one()
    assert (row.storage, row.is_document) == (Storage.SEALED, True)
    read = select(AuditEntry).where(AuditEntry.subject_id == document["id"])
    assert session.scalars(read).one().action == "document.read"


@pytest.mark.parametrize("state", list(ScanState))
async def test_attack_44_beside_a_paper_stands_whether_it_was_checked_and_one_with_a_virus_is_closed(
    http: httpx.AsyncClient, session: Session, case: Case, headers: dict[str, str], state: ScanState
) -> None:
    path = f"/api/v1/cases/{case.id}/documents"
    made = (await http.post(path, data={"kind": "permit"}, files=upload(PDF), headers=headers)).json()
    assert made["scan_state"] == "not_scanned"
    session.scalars(select(Attachment)).one().scan_state = state
    session.commit()
    page = (await http.get(f"/cases/{case.id}/documents", headers=headers)).text
    file = await http.get(f"{path}/{made['id']}/file", headers=headers)
    is_offered = f'href="/cases/{case.id}/documents/{made["id"]}"' in page
    is_said = text(f"backoffice.scan.{state.value}", "it") in page
    if state is ScanState.INFECTED:
        assert (is_offered, file.status_code) == (False, 410)
        assert text("backoffice.document.infected", "it") in page
    else:
        assert (is_offered, is_said, file.status_code) == (True, True, 200)


async def test_a_photo_is_drawn_anew_and_never_shown_inside_the_pages(
    http: httpx.AsyncClient, case: Case, headers: dict[str, str]
) -> None:
    path = f"/api/v1/cases/{case.id}/documents"
    document = (await http.post(path, files=upload(JPEG), headers=headers)).json()
    file = await http.get(f"{path}/{document['id']}/file", headers=headers)
    assert file.content != JPEG
    assert file.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("content", "status"), [(b"<script>alert(1)</script>", 415), (b"MZ\x90\x00" * 20, 415), (b"", 422)]
)
async def test_what_is_no_paper_is_refused_and_nothing_stays(
    http: httpx.AsyncClient,
    session: Session,
    case: Case,
    headers: dict[str, str],
    content: bytes,
    status: int,
) -> None:
    answer = await http.post(f"/api/v1/cases/{case.id}/documents", files=upload(content), headers=headers)
    assert answer.status_code == status
    assert session.scalars(select(Attachment)).all() == []


async def test_one_key_makes_one_document(
    http: httpx.AsyncClient, case: Case, headers: dict[str, str]
) -> None:
    path, once = f"/api/v1/cases/{case.id}/documents", {**headers, "Idempotency-Key": "d"}
    first = await http.post(path, files=upload(PDF), headers=once)
    again = await http.post(path, files=upload(PDF), headers=once)
    assert first.json() == again.json()
    assert len((await http.get(path, headers=headers)).json()["items"]) == 1


async def test_what_the_person_sent_is_taken_over_and_stays_in_the_chat(
    http: httpx.AsyncClient, session: Session, case: Case, headers: dict[str, str]
) -> None:
    assert case.conversation_id is not None
    sent = await http.post(
        "/api/v1/service/attachments",
        params={"kind": "photo", "conversation_id": case.conversation_id},
        content=JPEG,
        headers={"Authorization": f"Bearer {SERVICE_TOKEN}", "Idempotency-Key": "k"},
    )
    number = sent.json()["id"]
    message = session.scalars(select(Message.id)).one()
    attach(session, number, conversation_id=case.conversation_id, message_id=message, now=NOW)
    other = create_case(session)
    session.commit()
    path, form = f"/api/v1/cases/{case.id}/documents", {"attachment_id": number, "kind": "passport"}
    taken = await http.post(path, data=form, headers=headers)
    assert (taken.status_code, taken.json()["from_chat"]) == (201, True)
    elsewhere = await http.post(f"/api/v1/cases/{other.id}/documents", data=form, headers=headers)
    assert elsewhere.status_code == 404
    assert (await http.delete(f"{path}/{taken.json()['id']}", headers=headers)).status_code == 204
    session.expire_all()
    assert session.get_one(Attachment, number).storage is Storage.SEALED


async def test_a_removed_paper_of_the_desk_is_erased(
    http: httpx.AsyncClient, session: Session, case: Case, headers: dict[str, str]
) -> None:
    path = f"/api/v1/cases/{case.id}/documents"
    document = (await http.post(path, files=upload(PDF), headers=headers)).json()
    forget_unattached(session, now=NOW + timedelta(days=3))
    session.commit()
    assert len(session.scalars(select(Attachment)).all()) == 1
    session.commit()
    assert (await http.delete(f"{path}/{document['id']}", headers=headers)).status_code == 204
    session.expire_all()
    row = session.scalars(select(Attachment)).one()
    assert (row.storage, row.wrapped_key) == (Storage.ERASED, None)


async def test_a_mediator_reads_documents_and_adds_none(
    http: httpx.AsyncClient, session: Session, case: Case
) -> None:
    amina = create_staff(session)
    headers = sign_in(session, amina)
    session.commit()
    answer = await http.post(f"/api/v1/cases/{case.id}/documents", files=upload(PDF), headers=headers)
    assert answer.status_code == 404
    assert session.scalars(select(Attachment)).all() == []
