"""The JSON API of appointments and of their desks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import selectinload

from backoffice.appointment.acts import (
    book_appointment,
    cancel_appointment,
    close_appointment,
    move_appointment,
)
from backoffice.appointment.desks import add_desk, change_desk
from backoffice.appointment.hand import wanted_by_hand
from backoffice.appointment.models import AppointmentDesk
from backoffice.appointment.permissions import (
    get_appointment,
    get_changeable_appointment,
    get_manageable_desk,
    get_own_desk,
    readable_appointments,
    readable_desks,
    require_manages,
    require_receives,
)
from backoffice.appointment.queries import of_days
from backoffice.appointment.schemas import (
    AppointmentCancel,
    AppointmentClose,
    AppointmentIn,
    AppointmentList,
    AppointmentMove,
    AppointmentOut,
    DeskChange,
    DeskIn,
    DeskList,
    DeskOut,
    SlotList,
    appointment_out,
    desk_out,
    slot_out,
)
from backoffice.appointment.service import free_slots
from backoffice.audit import service as audit
from backoffice.case.people import get_readable_person
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.italy import day_in_italy
from backoffice.staff.sign_in import SignedInCaseStaff

router = APIRouter(prefix="/api/v1", tags=["appointments"])

Limit = Annotated[int, Query(ge=1, le=200)]
Day = Annotated[date | None, Query(ge=date(2000, 1, 1), le=date(2100, 1, 1))]
LONGEST = timedelta(days=62)


@router.get("/appointments")
def list_appointments(
    session: ReadSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    first: Day = None,
    last: Day = None,
    desk: Annotated[str | None, Query(max_length=36)] = None,
    limit: Limit = 100,
    cursor: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> AppointmentList:
    """List the appointments of some days in Italy, both included; today's unless said. At most 62 days."""
    begin = first or day_in_italy(clock())
    end = min(last or begin, begin + LONGEST)
    statement = of_days(readable_appointments(staff), begin, end, desk_id=desk)
    rows = session.scalars(statement.offset(cursor).limit(limit + 1)).all()
    more = str(cursor + limit) if len(rows) > limit else None
    return AppointmentList(items=[appointment_out(row) for row in rows[:limit]], next=more)


@router.post("/appointments", status_code=201)
def create_appointment(
    request: Request,
    asked: AppointmentIn,
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    key: KeyHeader = None,
) -> AppointmentOut:
    """Book a moment for a person."""
    require_receives(staff)
    now = clock()

    def act() -> AppointmentOut:
        desk = get_own_desk(session, staff, asked.desk)
        person = get_readable_person(session, staff, asked.person)
        wanted = wanted_by_hand(
            session, person, asked.topic.value, interpreter=asked.interpreter, note=asked.note
        )
        base_url = request.app.state.settings.base_url
        made = book_appointment(
            session, desk, asked.starts_at, wanted, base_url=base_url, by=staff.id, now=now
        )
        return appointment_out(made)

    return once(
        session,
        act,
        result_type=AppointmentOut,
        principal=staff.id,
        operation="appointment",
        key=key,
        request=asked,
        now=now,
    )


@router.get("/appointments/{appointment_id}")
def read_appointment(
    appointment_id: str, session: DbSession, staff: SignedInCaseStaff, clock: ClockDep
) -> AppointmentOut:
    """Return one appointment."""
    found = get_appointment(session, staff, appointment_id)
    audit.record(
        session,
        by=staff.id,
        action="appointment.read",
        subject_kind="person",
        subject_id=found.person_id,
        now=clock(),
    )
    return appointment_out(found)


@router.post("/appointments/{appointment_id}/move")
def change_moment(
    appointment_id: str,
    asked: AppointmentMove,
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
) -> AppointmentOut:
    """Move an appointment, and return the one that takes its place."""
    found = get_changeable_appointment(session, staff, appointment_id)
    instead = move_appointment(session, found, asked.starts_at, by=staff.id, now=clock())
    return appointment_out(instead)


@router.post("/appointments/{appointment_id}/cancel")
def take_back(
    appointment_id: str,
    asked: AppointmentCancel,
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
) -> AppointmentOut:
    """Cancel an appointment and tell the person."""
    found = get_changeable_appointment(session, staff, appointment_id)
    cancel_appointment(session, found, asked.reason, by=staff.id, now=clock())
    return appointment_out(found)


@router.post("/appointments/{appointment_id}/close")
def note_coming(
    appointment_id: str,
    asked: AppointmentClose,
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
) -> AppointmentOut:
    """Note whether the person came."""
    found = get_changeable_appointment(session, staff, appointment_id)
    close_appointment(session, found, came=asked.came, by=staff.id, now=clock())
    return appointment_out(found)


@router.get("/appointment-desks")
def list_desks(session: ReadSession, staff: SignedInCaseStaff) -> DeskList:
    """List the desks of the caller's body."""
    statement = readable_desks(staff).options(selectinload(AppointmentDesk.hours))
    return DeskList(items=[desk_out(desk) for desk in session.scalars(statement)])


@router.post("/appointment-desks", status_code=201)
def create_desk(
    asked: DeskIn, session: DbSession, staff: SignedInCaseStaff, clock: ClockDep, key: KeyHeader = None
) -> DeskOut:
    """Set up a desk."""
    require_manages(staff)
    now = clock()

    def act() -> DeskOut:
        made = add_desk(session, staff.organisation_id, asked.facts(), asked.week(), by=staff.id, now=now)
        return desk_out(made)

    return once(
        session,
        act,
        result_type=DeskOut,
        principal=staff.id,
        operation="appointment-desk",
        key=key,
        request=asked,
        now=now,
    )


@router.get("/appointment-desks/{desk_id}/slots")
def list_slots(
    desk_id: str,
    session: ReadSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    first: Day = None,
    last: Day = None,
) -> SlotList:
    """List the free moments of some days in Italy, both included; today's unless said. At most 62 days."""
    desk = get_own_desk(session, staff, desk_id)
    begin = first or day_in_italy(clock())
    end = min(last or begin, begin + LONGEST)
    found = free_slots(session, desk, first=begin, last=end, now=clock())
    return SlotList(items=[slot_out(slot) for slot in found])


@router.put("/appointment-desks/{desk_id}")
def replace_desk(
    desk_id: str, asked: DeskChange, session: DbSession, staff: SignedInCaseStaff, clock: ClockDep
) -> DeskOut:
    """Replace facts and hours of a desk."""
    desk = get_manageable_desk(session, staff, desk_id)
    change_desk(session, desk, asked.facts(), asked.week(), version=asked.version, by=staff.id, now=clock())
    return desk_out(desk)
