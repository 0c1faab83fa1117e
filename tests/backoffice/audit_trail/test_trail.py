"""Auditors read their own body's trail, page it, narrow it, and take it away; nobody else does."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.audit.models import AuditEntry
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_organisation, create_staff, sign_in

HTML = {"Accept": "text/html"}


@pytest.fixture
def auditor(session: Session) -> Staff:
    return create_staff(session, name="Ada Riva", roles=frozenset({Role.AUDITOR}))


def note(session: Session, by: str, action: str = "case.read", subject: str = "c1", days: int = 0) -> None:
    at = NOW + timedelta(days=days)
    audit.record(session, by=by, action=action, subject_kind="case", subject_id=subject, now=at)


async def seen(http: httpx.AsyncClient, who: dict[str, str], **query: str) -> list[str]:
    answer = await http.get("/api/v1/audit", params=query, headers=who)
    assert answer.status_code == 200, answer.text
    return [f"{item['action']} {item['subject_id']}" for item in answer.json()["items"]]


async def test_an_auditor_sees_the_own_body_and_only_the_front_door_s_what_the_services_did(
    http: httpx.AsyncClient, session: Session, auditor: Staff
) -> None:
    partner = create_organisation(session)
    theirs = create_staff(session, organisation=partner, roles=frozenset({Role.AUDITOR}))
    worker = create_staff(session)
    note(session, worker.id, subject="front")
    note(session, theirs.id, subject="partner")
    note(session, "service", subject="installation")
    mine, others = sign_in(session, auditor), sign_in(session, theirs)
    session.commit()
    assert set(await seen(http, mine)) == {"case.read front", "case.read installation"}
    assert await seen(http, others) == ["case.read partner"]
    assert await seen(http, others, actor=worker.id) == []


async def test_who_is_no_auditor_finds_nothing_there(http: httpx.AsyncClient, session: Session) -> None:
    everybody_else = create_staff(session, roles=frozenset(Role) - {Role.AUDITOR})
    headers = sign_in(session, everybody_else)
    session.commit()
    for path in ("/audit", "/audit.csv", "/api/v1/audit"):
        assert (await http.get(path, headers=headers)).status_code == 404
    assert 'href="/audit"' not in (await http.get("/", headers={**headers, **HTML})).text


async def test_the_list_is_narrowed_and_paged_with_the_newest_first(
    http: httpx.AsyncClient, session: Session, auditor: Staff
) -> None:
    worker, other = create_staff(session), create_staff(session)
    for number in range(5):
        note(session, worker.id, subject=f"c{number}", days=number)
    note(session, other.id, action="conversation.read", subject="x", days=2)
    headers = sign_in(session, auditor)
    session.commit()
    assert await seen(http, headers, actor=other.id) == ["conversation.read x"]
    assert await seen(http, headers, action="conversation.") == ["conversation.read x"]
    assert await seen(http, headers, action="conversation.r") == []
    assert await seen(http, headers, action="%.") == []
    assert await seen(http, headers, subject_id="c3") == ["case.read c3"]
    assert await seen(http, headers, subject_kind="person") == []
    days = {"from": "2026-12-03", "to": "2026-12-04", "action": "case.read"}
    assert await seen(http, headers, **days) == ["case.read c2", "case.read c1"]
    found: list[str] = []
    cursor: str | None = ""
    for _ in range(3):
        query = {"actor": worker.id, "limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await http.get("/api/v1/audit", params=query, headers=headers)).json()
        found += [item["subject_id"] for item in page["items"]]
        cursor = page["next"]
    assert found == ["c4", "c3", "c2", "c1", "c0"]
    assert cursor is None
    for wrong in ("x", "WyIyMDI2LTEyLTAyVDEwOjAwOjAwKzAwOjAwIiwgIngiXQ"):
        answer = await http.get("/api/v1/audit", params={"cursor": wrong}, headers=headers)
        assert answer.status_code == 422
        assert (await http.get("/audit", params={"cursor": wrong}, headers=headers)).status_code == 200


async def test_the_page_names_who_acted_and_says_when_nothing_is_found(
    http: httpx.AsyncClient, session: Session, auditor: Staff
) -> None:
    worker = create_staff(session, name="Dina <Verdi>")
    note(session, worker.id)
    note(session, "service")
    headers = {**sign_in(session, auditor), **HTML}
    session.commit()
    page = (await http.get("/audit", headers=headers)).text
    for words in ("Dina &lt;Verdi&gt;", "Ha letto il caso", "Assistente", 'href="/audit"'):
        assert words in page
    empty = await http.get("/audit", params={"subject_id": "nothing", "from": "x"}, headers=headers)
    assert "Nessuna riga corrisponde" in empty.text


async def test_the_table_is_harmless_and_its_taking_is_in_the_trail(
    http: httpx.AsyncClient, session: Session, auditor: Staff
) -> None:
    worker = create_staff(session, name="=HYPERLINK(1)")
    note(session, worker.id)
    headers = sign_in(session, auditor)
    session.commit()
    answer = await http.get("/audit.csv", params={"actor": worker.id}, headers=headers)
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    [row] = csv.DictReader(io.StringIO(answer.text))
    assert (row["staff"], row["action"], row["seq"]) == ("'=HYPERLINK(1)", "case.read", "1")
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.actor, last.action, last.roles) == (auditor.id, "audit.exported", "auditor")
