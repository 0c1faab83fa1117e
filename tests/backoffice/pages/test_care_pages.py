"""The pages and the API of the register: found, opened, changed; what is refused comes back as typed."""

from __future__ import annotations

import re
from datetime import date

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.care_worker.models import CareWorker, WorkerReference, WorkerSkill, WorkerState
from backoffice.case.models import Case
from backoffice.client.schemas import CaseType
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.care import create_worker
from tests.backoffice.care_worker.workers import create_eligible, create_worker_with_parts
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.factories import create_staff, sign_in
from tests.backoffice.pages.browser import Browser, give_password

CARE = frozenset({Role.CARE_DESK})
API = "/api/v1/care-workers"


async def at_desk(http: httpx.AsyncClient, session: Session) -> tuple[Browser, Staff]:
    staff = create_staff(session, roles=CARE)
    give_password(session, staff)
    session.commit()
    browser = Browser(http)
    await browser.sign_in(staff)
    return browser, staff


async def test_the_list_is_narrowed_by_answers_that_are_encrypted(
    http: httpx.AsyncClient, session: Session
) -> None:
    elder = create_worker(session, person=create_person(session, name="Ada"))
    child = create_worker(
        session,
        person=create_person(session, name="Bea"),
        skills=["children"],
        languages=["ar"],
        schedules=["hourly"],
        municipalities=["Pandino", "Crema"],
        permit_expires_on=date(2027, 1, 1),
    )
    headers = sign_in(session, create_staff(session, roles=CARE))
    session.commit()

    async def found(**asked: str) -> set[str]:
        answer = await http.get(API, params=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        return {item["id"] for item in answer.json()["items"]}

    assert await found() == {elder.id, child.id}
    assert await found(skill="children") == {child.id}
    assert await found(language="uk") == {elder.id}
    assert await found(schedule="live_in") == {elder.id}
    assert await found(municipality="Crema") == {elder.id, child.id}
    assert await found(municipality="Pandino", skill="elderly") == set()
    assert await found(permit_ends="true") == {child.id}
    assert await found(q="Bea") == {child.id}
    assert await found(state="suspended") == set()
    first = (await http.get(API, params={"limit": "1"}, headers=headers)).json()
    second = (await http.get(API, params={"limit": "1", "cursor": first["next"]}, headers=headers)).json()
    assert {first["items"][0]["id"], second["items"][0]["id"]} == {elder.id, child.id}
    assert second["next"] is None


async def test_the_pages_of_the_register_are_read_by_the_care_desk_alone(
    http: httpx.AsyncClient, session: Session
) -> None:
    case, search = create_worker(session), create_case(session, type=CaseType.HOUSING)
    desk, _ = await at_desk(http, session)
    empty = await desk.read("/care/workers?state=suspended")
    assert "Nessuno con questi filtri" in empty
    assert case.number in await desk.read("/care/workers?cursor=strange")
    page = await desk.read(f"/care/workers/{case.id}")
    assert 'href="/care/requests"' in page
    assert 'href="/care/report"' not in page  # the coordinator's
    assert (await desk.get(f"/care/workers/{search.id}")).status_code == 404
    read = select(AuditEntry.subject_id).where(AuditEntry.action == "case.read")
    assert session.scalars(read).all() == [case.id]
    other = create_staff(session, roles=frozenset({Role.HOUSING_DESK}))
    headers = sign_in(session, other)
    session.commit()
    for path in (API, f"{API}/{case.id}", "/care/workers"):
        assert (await http.get(path, headers=headers)).status_code == 404, path


async def test_who_comes_to_the_desk_is_written_down_once(http: httpx.AsyncClient, session: Session) -> None:
    desk, _ = await at_desk(http, session)
    typed = {"name": "Ada Esempio", "phone": "0373 123456", "language": "sq", "municipality": "Crema"}
    wrong = await desk.post("/care/workers/new", page="/care/workers/new", **{**typed, "name": " "})
    assert wrong.status_code == 422
    assert "0373 123456" in wrong.text
    made = await desk.post("/care/workers/new", page="/care/workers/new", **typed)
    assert made.status_code == 303
    case = session.scalars(select(Case)).one()
    session.commit()
    again = await desk.post("/care/workers/new", page="/care/workers/new", **typed)
    assert again.status_code == 409
    assert "Ada Esempio" in again.text
    chosen = {**typed, "person": case.person_id}
    known = await desk.post("/care/workers/new", page="/care/workers/new", **chosen)
    assert known.headers["location"].startswith(f"/care/workers/{case.id}")
    assert len(session.scalars(select(CareWorker)).all()) == 1


async def test_what_is_typed_of_an_interview_is_never_lost(http: httpx.AsyncClient, session: Session) -> None:
    case = create_worker(session, state=WorkerState.INTERVIEW)
    desk, _ = await at_desk(http, session)
    path = f"/care/workers/{case.id}/interview"
    fields = {
        "municipalities": "Crema",
        "skills": "elderly",
        "schedules": "live_in",
        "years_experience": "settanta",
        "words": "Racconta bene",
    }
    refused = await desk.post(path, page=path, act="held", **fields)
    assert refused.status_code == 422
    assert 'value="settanta"' in refused.text
    assert "Racconta bene" in refused.text
    kept = await desk.post(path, page=path, act="draft", **fields)
    assert kept.status_code == 303
    page = await desk.read(path)
    assert 'value="settanta"' in page
    assert "Racconta bene" in page
    stale = await desk.post(path, page=path, act="held", version="1", **{**fields, "years_experience": "7"})
    assert stale.status_code == 409
    held = await desk.post(path, page=path, act="held", **{**fields, "years_experience": "7"})
    assert held.status_code == 303
    assert "Racconta bene" in await desk.read(f"/care/workers/{case.id}")


async def test_the_page_says_why_somebody_cannot_be_registered_yet(
    http: httpx.AsyncClient, session: Session
) -> None:
    case = create_eligible(session)
    desk, _ = await at_desk(http, session)
    path = f"/care/workers/{case.id}"
    await desk.post(f"{path}/proofs/residence", page=path, is_met="no")
    refused = await desk.post(f"{path}/move", page=path, to="eligible")
    assert refused.status_code == 409
    shown = re.search(r'role="alert">(.*?)</div>', refused.text, re.DOTALL)
    assert shown is not None
    assert "Residenza in un comune" in shown.group(1)
    await desk.post(f"{path}/proofs/residence", page=path, is_met="yes")
    for step in ("eligible", "registered"):
        assert (await desk.post(f"{path}/move", page=path, to=step)).status_code == 303
    assert (await desk.post(f"{path}/move", page=path, to="suspended")).status_code == 409
    gone = await desk.post(f"{path}/move", page=path, to="suspended", reason="complaint", words="x")
    assert gone.status_code == 303
    assert (await desk.post(f"{path}/proofs/strange", page=path, is_met="yes")).status_code == 404


async def test_parts_are_added_and_taken_away_on_the_page(http: httpx.AsyncClient, session: Session) -> None:
    ids = create_worker_with_parts(session)
    desk, _ = await at_desk(http, session)
    path = f"/care/workers/{ids['worker_id']}"
    week = await desk.post(f"{path}/week", page=path, from_0="09:00", to_0="08:00")
    assert week.status_code == 422
    assert 'value="09:00"' in week.text
    assert (await desk.post(f"{path}/week", page=path, from_5="20:00", to_5="00:00")).status_code == 303
    assert "20:00–24:00" in await desk.read(path)
    forbidden = await desk.post(f"{path}/references/{ids['reference_id']}", page=path, act="forbid")
    assert forbidden.status_code == 303
    assert "+390373000001" not in await desk.read(path)
    called = await desk.post(f"{path}/references/{ids['reference_id']}", page=path, answer="good")
    assert called.status_code == 409
    skill = f"{path}/skills/{ids['skill_id']}"
    assert (await desk.post(skill, page=path, act="recognise", how="interview")).status_code == 303
    assert (await desk.post(skill, page=path, act="undo")).status_code == 303
    for part in (
        f"skills/{ids['skill_id']}",
        f"periods/{ids['period_id']}",
        f"references/{ids['reference_id']}",
    ):
        assert (await desk.post(f"{path}/{part}", page=path, act="remove")).status_code == 303
    absent = await desk.post(f"{path}/absences/{ids['absence_id']}/remove", page=path)
    assert absent.status_code == 303
    session.expire_all()
    assert session.scalars(select(WorkerSkill.id)).all() == []
    assert session.scalars(select(WorkerReference.id)).all() == []


async def test_the_api_creates_once_and_refuses_what_the_page_refuses(
    http: httpx.AsyncClient, session: Session
) -> None:
    case = create_worker(session, state=WorkerState.INTERVIEW)
    headers = sign_in(session, create_staff(session, roles=CARE))
    session.commit()
    once = {**headers, "Idempotency-Key": "k"}
    new = {"name": "Ada", "phone": "0373123456", "municipality": "Crema"}
    made = [await http.post(API, json=new, headers=once) for _ in range(2)]
    assert made[0].status_code == 201
    assert made[0].json() == made[1].json()
    path = f"{API}/{case.id}"
    skill = {"skill": "dementia", "origin": "course"}
    rows = [(await http.post(f"{path}/skills", json=skill, headers=once)).json() for _ in range(2)]
    assert rows[0] == rows[1]
    known = await http.post(f"{path}/skills", json=skill, headers=headers)
    assert known.status_code == 409
    version = (await http.get(path, headers=headers)).json()["version"]
    change = {"version": version, "answers": {"years_experience": 12}}
    assert (await http.patch(path, json=change, headers=headers)).json()["answers"]["years_experience"] == 12
    assert (await http.patch(path, json=change, headers=headers)).status_code == 409
    strange = {"version": version + 1, "answers": {"religion": "x"}}
    refused = await http.patch(path, json=strange, headers=headers)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "religion"
    barred = await http.post(f"{path}/moves", json={"to": "eligible"}, headers=headers)
    assert barred.status_code == 409
    assert {each["field"] for each in barred.json()["errors"]} >= {"adult", "residence"}
    overlap = {"times": [{"weekday": 0, "from_minute": 0, "to_minute": 60}] * 2}
    assert (await http.put(f"{path}/week", json=overlap, headers=headers)).status_code == 200
    overlap["times"].append({"weekday": 0, "from_minute": 30, "to_minute": 90})
    assert (await http.put(f"{path}/week", json=overlap, headers=headers)).status_code == 422
