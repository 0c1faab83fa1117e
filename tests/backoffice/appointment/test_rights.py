"""Who sees and changes appointments, and what becomes of them when a person is erased, merged or copied."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.appointment.models import Appointment, AppointmentState, WaitingForAppointment
from backoffice.appointment.permissions import get_appointment, readable_appointments
from backoffice.appointment.service import Wanted, book, free_slots, get_desk
from backoffice.appointment.waiting import wait_for
from backoffice.audit.models import AuditEntry
from backoffice.errors import NotFound
from backoffice.italy import day_in_italy
from backoffice.own_copy.appointments import appointments_of
from backoffice.people.merging import merge, undo
from backoffice.person.models import Person
from backoffice.retention.erase import erase_person
from backoffice.staff.roles import Role
from tests.backoffice.appointment.desks import create_desk
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import (
    NOW,
    create_front_door,
    create_organisation,
    create_staff,
    sign_in,
)


def booked(session: Session, *, interpreter: str | None = None, note: str | None = None) -> Appointment:
    desk = create_desk(session, organisation_id=create_front_door(session).id, weekdays=(0,), places=5)
    day = day_in_italy(NOW)
    slot = free_slots(session, desk, first=day, last=day + timedelta(days=9), now=NOW)[0]
    person = create_person(session, name="Ada Inventata")
    wanted = Wanted(person.id, "documents", "it", interpreter=interpreter, note=note)
    return book(session, desk, slot.starts_at, wanted, by="service", now=NOW)


def test_a_mediator_sees_those_that_want_one_of_their_languages_and_no_others(session: Session) -> None:
    wanted, other = booked(session, interpreter="ar"), booked(session)
    mediator = create_staff(session, name="Mina", roles=frozenset({Role.MEDIATOR}))
    mediator.languages = ["it", "ar"]
    session.flush()
    assert list(session.scalars(readable_appointments(mediator))) == [wanted]
    with pytest.raises(NotFound):
        get_appointment(session, mediator, other.id)


def test_another_body_sees_none(session: Session) -> None:
    mine = booked(session)
    stranger = create_staff(
        session, name="X", roles=frozenset(Role), organisation=create_organisation(session)
    )
    assert session.scalars(readable_appointments(stranger)).all() == []
    with pytest.raises(NotFound):
        get_appointment(session, stranger, mine.id)


async def test_who_reads_one_leaves_an_entry_in_the_trail(session: Session, http: httpx.AsyncClient) -> None:
    found = booked(session)
    staff = create_staff(session, name="Cora", roles=frozenset({Role.CASEWORKER}))
    headers = sign_in(session, staff)
    session.commit()
    answer = await http.get(f"/api/v1/appointments/{found.id}", headers=headers)
    assert answer.json()["state"] == "booked"
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "appointment.read")).one()
    assert entry.subject_id == found.person_id


async def test_the_api_books_moves_cancels_and_closes(session: Session, http: httpx.AsyncClient) -> None:
    desk = create_desk(session, organisation_id=create_front_door(session).id, weekdays=(0,))
    person = create_person(session, name="Ada Inventata")
    create_case(session, person=person)
    headers = sign_in(session, create_staff(session, name="Cora", roles=frozenset({Role.COORDINATOR})))
    session.commit()
    days = {"first": "2026-12-07", "last": "2026-12-07"}
    free = await http.get(f"/api/v1/appointment-desks/{desk.id}/slots", params=days, headers=headers)
    first, second = (slot["starts_at"] for slot in free.json()["items"][:2])
    asked = {"person": person.id, "desk": desk.id, "starts_at": first, "topic": "work"}
    keyed = {**headers, "Idempotency-Key": "one"}
    made = [(await http.post("/api/v1/appointments", json=asked, headers=keyed)).json() for _ in range(2)]
    assert made[0] == made[1]
    again = await http.post("/api/v1/appointments", json=asked, headers=headers)
    assert again.status_code == 409
    path = f"/api/v1/appointments/{made[0]['id']}"
    moved = (await http.post(f"{path}/move", json={"starts_at": second}, headers=headers)).json()
    assert (moved["state"], moved["starts_at"]) == ("booked", second)
    listed = (await http.get("/api/v1/appointments", params=days, headers=headers)).json()["items"]
    assert [each["id"] for each in listed] == [moved["id"]]
    path = f"/api/v1/appointments/{moved['id']}"
    early = await http.post(f"{path}/close", json={"came": True}, headers=headers)
    assert early.status_code == 409
    off = (await http.post(f"{path}/cancel", json={"reason": "chiuso"}, headers=headers)).json()
    assert off["state"] == "cancelled"


async def test_a_coordinator_sets_up_a_desk_and_a_caseworker_does_not(
    session: Session, http: httpx.AsyncClient
) -> None:
    create_front_door(session)
    by_coordinator = sign_in(session, create_staff(session, name="C", roles=frozenset({Role.COORDINATOR})))
    by_caseworker = sign_in(session, create_staff(session, name="D", roles=frozenset({Role.CASEWORKER})))
    session.commit()
    asked = {"name": "Crema", "address": "Via Inventata 2", "hours": ["09:00-12:30, 14:00-17:00"]}
    assert (
        await http.post("/api/v1/appointment-desks", json=asked, headers=by_caseworker)
    ).status_code == 404
    made = (await http.post("/api/v1/appointment-desks", json=asked, headers=by_coordinator)).json()
    assert made["hours"][:2] == ["09:00-12:30, 14:00-17:00", ""]
    path = f"/api/v1/appointment-desks/{made['id']}"
    change = {**asked, "hours": ["10:00-11:00"], "version": made["version"]}
    assert (await http.put(path, json=change, headers=by_coordinator)).json()["hours"][0] == "10:00-11:00"
    assert (await http.put(path, json=change, headers=by_coordinator)).status_code == 409
    wrong = {**asked, "hours": ["10:00-09:00"]}
    assert (
        await http.post("/api/v1/appointment-desks", json=wrong, headers=by_coordinator)
    ).status_code == 422


def test_an_erased_person_leaves_no_appointment_and_waits_nowhere(session: Session) -> None:
    found = booked(session, note="parola privata")
    wait_for(
        session,
        get_desk(session, found.desk_id),
        found.person_id,
        "work",
        conversation_id=None,
        by="service",
        now=NOW,
    )
    erase_person(session, found.person_id, by="service", now=NOW)
    for table in (Appointment, WaitingForAppointment):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_merge_takes_appointments_along_and_undoing_gives_them_back(session: Session) -> None:
    found = booked(session)
    goes = session.get_one(Person, found.person_id)
    stays = create_person(session, name="Ada Inventata")
    row = merge(session, stays, goes, frozenset(), key=b"key", by="service", now=NOW)
    assert found.person_id == stays.id
    undo(session, row, key=b"key", by="service", now=NOW)
    assert found.person_id == goes.id


def test_a_copy_tells_the_person_of_their_own_appointments_alone(session: Session) -> None:
    found = booked(session, note="porta la ricevuta")
    booked(session, note="di un'altra persona")
    (told,) = appointments_of(session, found.person_id, found.organisation_id)
    assert (told.note, told.state, told.topic) == ("porta la ricevuta", AppointmentState.BOOKED, "documents")
