"""The desk works with courses on its pages and by the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_training.models import Attendance, Course, CourseState, Enrolment
from backoffice.care_training.seats import accept_seat, wait_for
from backoffice.care_training.service import move_course
from backoffice.case.models import Case
from backoffice.staff.roles import Role
from tests.backoffice.care import create_worker
from tests.backoffice.case.cases import create_person
from tests.backoffice.courses import COURSE, create_course
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_staff, sign_in

STARTED = datetime.fromisoformat("2026-12-14T10:00:00+01:00")
FORM: dict[str, Any] = {name: str(value) for name, value in COURSE.items()}


def desk(session: Session, now: datetime = NOW) -> dict[str, str]:
    staff = create_staff(session, roles=frozenset({Role.CARE_DESK}))
    return {**sign_in(session, staff, now=now), "Accept-Language": "it"}


def enrolled(session: Session, course: Course, name: str = "Oksana Inventata") -> Enrolment:
    case = create_worker(session, person=create_person(session, name=name), certificates=[])
    enrolment = wait_for(session, case, course.kind, course=course, by="x", now=NOW)
    accept_seat(session, enrolment, by="x", now=NOW)
    return enrolment


async def test_a_course_is_written_down_opened_and_somebody_put_on_its_list(
    session: Session, http: httpx.AsyncClient
) -> None:
    headers = desk(session)
    case = create_worker(session, person=create_person(session, name="Oksana Inventata"))
    number = case.number
    session.commit()
    wrong = await http.post("/care/courses/new", data={**FORM, "hours": "molte"}, headers=headers)
    assert wrong.status_code == 422
    assert "Scrivi un numero intero da 1 a 2000." in wrong.text
    assert "Scuola Inventata" in wrong.text
    made = await http.post("/care/courses/new", data=FORM, headers=headers)
    assert made.status_code == 303
    address = made.headers["location"].partition("?")[0]
    assert (await http.post(f"{address}/move", data={"to": "open"}, headers=headers)).status_code == 303
    unknown = await http.post(f"{address}/enrolments", data={"number": "AAAA"}, headers=headers)
    assert unknown.status_code == 422
    assert "ha questo numero" in unknown.text
    listed = await http.post(f"{address}/enrolments", data={"number": number}, headers=headers)
    assert listed.status_code == 303
    page = (await http.get(address, headers=headers)).text
    assert "Oksana Inventata" in page
    assert "Da chiamare" in page
    assert "1 su 2 dati o offerti" in page
    assert "Corso base, inverno" in (await http.get("/care/courses", headers=headers)).text


async def test_attendance_and_certificate_are_noted_on_the_page(
    session: Session, http: httpx.AsyncClient, clock: FrozenClock
) -> None:
    course = create_course(session)
    enrolment = enrolled(session, course)
    move_course(session, course, CourseState.RUNNING, by="x", now=STARTED)
    clock.moment = STARTED
    headers, number = desk(session, STARTED), enrolment.id
    address, case_id = f"/care/courses/{course.id}", enrolment.case_id
    session.commit()
    form = {"day": "2026-12-14", f"h.{number}": "14"}
    refused = await http.post(f"{address}/attendance", data=form, headers=headers)
    assert refused.status_code == 422
    assert 'value="14"' in refused.text
    form[f"h.{number}"] = "3,5"
    assert (await http.post(f"{address}/attendance", data=form, headers=headers)).status_code == 303
    assert "3,5 ore su 160" in (await http.get(address, headers=headers)).text
    answer = await http.post(
        f"/care/enrolments/{number}/certificate", data={"on": "2026-12-14"}, headers=headers
    )
    assert answer.status_code == 303
    session.expire_all()
    assert session.get_one(Case, case_id).intake["certificates"] == ["course_160_hours"]
    session.commit()
    assert (
        "Attestato del 14.12.2026"
        in (await http.get(f"/care/workers/{case_id}/courses", headers=headers)).text
    )


async def test_hours_of_another_course_are_not_noted(
    session: Session, http: httpx.AsyncClient, clock: FrozenClock
) -> None:
    courses = [create_course(session) for _ in range(2)]
    rows = [enrolled(session, course) for course in courses]
    for course in courses:
        move_course(session, course, CourseState.RUNNING, by="x", now=STARTED)
    clock.moment = STARTED
    headers, stranger = desk(session, STARTED), rows[1].id
    session.commit()
    form = {"day": "2026-12-14", f"h.{stranger}": "4"}
    answer = await http.post(f"/care/courses/{courses[0].id}/attendance", data=form, headers=headers)
    assert answer.status_code == 422
    assert session.scalars(select(Attendance)).all() == []


async def test_a_worker_is_put_on_the_list_from_their_page_and_a_second_time_is_refused(
    session: Session, http: httpx.AsyncClient
) -> None:
    case = create_worker(session)
    headers, address = desk(session), f"/care/workers/{case.id}/courses"
    session.commit()
    wish = {"what": "kind:base_160_hours"}
    assert (await http.post(address, data={"what": "kind:x"}, headers=headers)).status_code == 422
    assert (await http.post(address, data=wish, headers=headers)).status_code == 303
    again = await http.post(address, data=wish, headers=headers)
    assert again.status_code == 409
    assert "già in lista" in again.text
    assert "Aspetta il prossimo" in (await http.get(address, headers=headers)).text
    assert case.number not in (await http.get("/care/courses", headers=headers)).text
    assert f"/care/workers/{case.id}" in (await http.get("/care/waiting", headers=headers)).text


async def test_the_api_does_what_the_pages_do_and_a_key_acts_once(
    session: Session, http: httpx.AsyncClient, clock: FrozenClock
) -> None:
    case = create_worker(session, certificates=[])
    headers, case_id = desk(session), case.id
    session.commit()
    body = {**{name: str(value) if name.endswith("_on") else value for name, value in COURSE.items()}}
    key = {**headers, "Idempotency-Key": "k1"}
    made = [await http.post("/api/v1/care-courses", json=body, headers=key) for _ in range(2)]
    assert [each.status_code for each in made] == [201, 201]
    course = made[0].json()["id"]
    assert made[1].json()["id"] == course
    base = f"/api/v1/care-courses/{course}"
    assert (await http.post(f"{base}/moves", json={"to": "open"}, headers=headers)).json()["state"] == "open"
    listed = await http.post(f"{base}/enrolments", json={"case": case_id}, headers=headers)
    assert listed.json()["state"] == "offered"
    enrolment = listed.json()["id"]
    acts = f"/api/v1/care-enrolments/{enrolment}"
    assert (await http.post(f"{acts}/acts", json={"act": "accept"}, headers=headers)).json()[
        "state"
    ] == "enrolled"
    early = await http.post(f"{base}/moves", json={"to": "running"}, headers=headers)
    assert early.status_code == 409
    assert early.headers["content-type"] == "application/problem+json"
    clock.moment = STARTED
    headers = desk(session, STARTED)
    session.commit()
    await http.post(f"{base}/moves", json={"to": "running"}, headers=headers)
    hours = {"day": "2026-12-14", "hours": [{"enrolment": enrolment, "hours": "4.00"}]}
    noted = (await http.put(f"{base}/attendance", json=hours, headers=headers)).json()
    assert [(each["day"], float(each["hours"])) for each in noted["items"]] == [("2026-12-14", 4.0)]
    done = await http.put(f"{acts}/certificate", json={"on": "2026-12-14"}, headers=headers)
    assert done.json()["state"] == "completed"
    assert (await http.get(base, headers=headers)).json()["taken"] == 0


@pytest.mark.parametrize("role", [Role.HOUSING_DESK, Role.AUDITOR, Role.ADMINISTRATOR])
async def test_nobody_else_knows_of_courses(session: Session, http: httpx.AsyncClient, role: Role) -> None:
    course = create_course(session)
    headers = sign_in(session, create_staff(session, roles=frozenset({role})))
    session.commit()
    for path in ("/care/courses", f"/care/courses/{course.id}", "/care/waiting", "/api/v1/care-courses"):
        assert (await http.get(path, headers=headers)).status_code == 404
