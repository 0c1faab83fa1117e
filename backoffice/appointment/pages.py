"""Appointments for staff: the calendar by day and week, one appointment, booking by hand, who waits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.acting import ActingDep
from backoffice.appointment.acts import (
    book_appointment,
    cancel_appointment,
    close_appointment,
    move_appointment,
)
from backoffice.appointment.calendar import appointment_of_token, calendar_file
from backoffice.appointment.errors import NoSuchSlot
from backoffice.appointment.hand import conversation_of, free_days, names_of, wanted_by_hand
from backoffice.appointment.models import Appointment, AppointmentDesk, AppointmentState
from backoffice.appointment.permissions import (
    get_appointment,
    get_changeable_appointment,
    get_own_desk,
    get_waiting,
    may_manage_desks,
    may_receive,
    readable_appointments,
    readable_desks,
    require_receives,
)
from backoffice.appointment.queries import of_days, who_waits
from backoffice.appointment.service import free_slots, get_desk
from backoffice.appointment.waiting import give_up, wait_for
from backoffice.audit import service as audit
from backoffice.case.needs import Need
from backoffice.case.people import get_readable_person
from backoffice.case.reaching import is_reachable
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.italy import day_in_italy
from backoffice.staff.sign_in import CaseStaffOnly, SignedInCaseStaff
from backoffice.templating import interface_language, redirect, render
from backoffice.wall import BySecretLink
from translations.languages import SUPPORTED

router = APIRouter(include_in_schema=False)

SHOWN = 300
NO_STORE = {"Cache-Control": "no-store"}
PLACED = (Need.DOCUMENTS, *(need for need in Need if need not in (Need.DOCUMENTS, Need.APPOINTMENT)))


@router.get("/appointments")
def appointments_page(
    request: Request,
    session: ReadSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    day: str = "",
    desk: str = "",
    view: str = "day",
) -> Response:
    """Show the appointments of a day or of its week, of one desk or of all."""
    today = day_in_italy(clock())
    chosen = _day(day) or today
    first = chosen - timedelta(days=chosen.weekday()) if view == "week" else chosen
    days = [first + timedelta(days=number) for number in range(7 if view == "week" else 1)]
    statement = of_days(readable_appointments(staff), days[0], days[-1], desk_id=desk or None)
    rows = session.scalars(statement.limit(SHOWN + 1)).all()
    by_day: dict[date, list[Appointment]] = {each: [] for each in days}
    for row in rows[:SHOWN]:
        by_day[day_in_italy(row.starts_at)].append(row)
    return render(
        request,
        "appointment/calendar.html",
        staff=staff,
        by_day=by_day,
        names=names_of(session, [row.person_id for row in rows]),
        is_more=len(rows) > SHOWN,
        desks=session.scalars(readable_desks(staff)).all(),
        desk_id=desk,
        view="week" if view == "week" else "day",
        day=chosen,
        today=today,
        before=chosen - timedelta(days=len(days)),
        after=chosen + timedelta(days=len(days)),
        receives=may_receive(staff),
        manages=may_manage_desks(staff),
        now=clock(),
    )


@router.get("/appointments/new")
def booking_page(
    request: Request,
    session: ReadSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    person: str = "",
    desk: str = "",
    day: str = "",
) -> Response:
    """Show what is free at a desk, for a person; without a person how to find one."""
    require_receives(staff)
    known = get_readable_person(session, staff, person) if person else None
    desks = [each for each in session.scalars(readable_desks(staff)) if each.is_open]
    chosen = get_own_desk(session, staff, desk) if desk else get_desk(session, desks[0].id) if desks else None
    return render(
        request,
        "appointment/booking.html",
        staff=staff,
        person=known,
        desks=desks,
        desk=chosen,
        **_free(session, chosen, day, clock()),
        needs=PLACED,
        languages=SUPPORTED,
        manages=may_manage_desks(staff),
    )


@router.post("/appointments", dependencies=[CaseStaffOnly])
def submit_booking(
    acting: ActingDep,
    person: Annotated[str, Form(max_length=36)],
    desk: Annotated[str, Form(max_length=36)],
    starts_at: Annotated[str, Form(max_length=40)],
    topic: Annotated[Need, Form()] = Need.OTHER,
    interpreter: Annotated[str, Form(max_length=2)] = "",
    note: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Book by hand."""
    chosen = get_own_desk(acting.session, acting.staff, desk)
    known = get_readable_person(acting.session, acting.staff, person)
    wanted = wanted_by_hand(
        acting.session,
        known,
        topic.value,
        interpreter=interpreter if interpreter in SUPPORTED else None,
        note=note.strip() or None,
    )
    made = book_appointment(
        acting.session,
        chosen,
        _moment(starts_at),
        wanted,
        base_url=acting.request.app.state.settings.base_url,
        by=acting.staff.id,
        now=acting.now,
    )
    return redirect(f"/appointments/{made.id}", notice="appointment_booked")


@router.get("/appointments/waiting")
def waiting_page(
    request: Request, session: ReadSession, staff: SignedInCaseStaff, clock: ClockDep
) -> Response:
    """Show who waits, the longest first, and to whom a place is offered."""
    require_receives(staff)
    desks = {desk.id: desk for desk in session.scalars(readable_desks(staff))}
    rows = who_waits(session, list(desks))
    now = clock()
    called = {
        row.id for row in rows if not is_reachable(session, row.person_id, row.conversation_id, now=now)
    }
    return render(
        request,
        "appointment/waiting.html",
        staff=staff,
        rows=rows,
        desks=desks,
        called=called,
        names=names_of(session, [row.person_id for row in rows]),
        now=now,
        manages=may_manage_desks(staff),
    )


@router.post("/appointments/waiting", dependencies=[CaseStaffOnly])
def submit_waiting(
    acting: ActingDep,
    person: Annotated[str, Form(max_length=36)],
    desk: Annotated[str, Form(max_length=36)],
    topic: Annotated[Need, Form()] = Need.OTHER,
) -> Response:
    """Let a person wait for a desk."""
    chosen = get_own_desk(acting.session, acting.staff, desk)
    known = get_readable_person(acting.session, acting.staff, person)
    talk = conversation_of(acting.session, known.id)
    wait_for(
        acting.session,
        chosen,
        known.id,
        topic.value,
        conversation_id=talk,
        by=acting.staff.id,
        now=acting.now,
    )
    return redirect("/appointments/waiting", notice="appointment_waits")


@router.post("/appointments/waiting/{waiting_id}/end", dependencies=[CaseStaffOnly])
def submit_waiting_end(waiting_id: str, acting: ActingDep) -> Response:
    """Let somebody wait no longer."""
    give_up(
        acting.session,
        get_waiting(acting.session, acting.staff, waiting_id),
        by=acting.staff.id,
        now=acting.now,
    )
    return redirect("/appointments/waiting", notice="appointment_waits_no_more")


@router.get("/appointments/calendar/{token}.ics", dependencies=[BySecretLink])
def calendar_of(token: str, session: ReadSession, clock: ClockDep) -> Response:
    """Give out the calendar file of whoever has its address."""
    found = appointment_of_token(session, token)
    content = calendar_file(found, found.language, now=clock())
    return Response(content, media_type="text/calendar; charset=utf-8", headers=NO_STORE)


@router.get("/appointments/{appointment_id}")
def appointment_page(
    request: Request,
    appointment_id: str,
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    day: str = "",
) -> Response:
    """Show an appointment, and to which hours it can be moved."""
    found, now = get_appointment(session, staff, appointment_id), clock()
    audit.record(
        session,
        by=staff.id,
        action="appointment.read",
        subject_kind="person",
        subject_id=found.person_id,
        now=now,
    )
    changes = may_receive(staff) and found.state is AppointmentState.BOOKED
    free = _free(session, get_desk(session, found.desk_id), day, now) if changes else {}
    is_told = is_reachable(session, found.person_id, found.conversation_id, now=now)
    return render(
        request,
        "appointment/appointment.html",
        staff=staff,
        appointment=found,
        name=names_of(session, [found.person_id]).get(found.person_id),
        changes=changes,
        receives=may_receive(staff),
        has_begun=found.starts_at <= now,
        is_told=is_told,
        now=now,
        **free,
    )


@router.get("/appointments/{appointment_id}/calendar.ics")
def calendar_for_staff(
    request: Request, appointment_id: str, session: ReadSession, staff: SignedInCaseStaff, clock: ClockDep
) -> Response:
    """Give out the calendar file for the desk."""
    found = get_appointment(session, staff, appointment_id)
    content = calendar_file(found, interface_language(request), now=clock())
    return Response(content, media_type="text/calendar; charset=utf-8", headers=NO_STORE)


@router.post("/appointments/{appointment_id}/move", dependencies=[CaseStaffOnly])
def submit_move(
    appointment_id: str,
    acting: ActingDep,
    starts_at: Annotated[str, Form(max_length=40)],
) -> Response:
    """Move an appointment and tell the person."""
    found = get_changeable_appointment(acting.session, acting.staff, appointment_id)
    instead = move_appointment(acting.session, found, _moment(starts_at), by=acting.staff.id, now=acting.now)
    return redirect(f"/appointments/{instead.id}", notice="appointment_moved")


@router.post("/appointments/{appointment_id}/cancel", dependencies=[CaseStaffOnly])
def submit_cancel(
    appointment_id: str,
    acting: ActingDep,
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Cancel an appointment and tell the person."""
    found = get_changeable_appointment(acting.session, acting.staff, appointment_id)
    cancel_appointment(acting.session, found, reason.strip() or None, by=acting.staff.id, now=acting.now)
    return redirect(f"/appointments/{appointment_id}", notice="appointment_cancelled")


@router.post("/appointments/{appointment_id}/close", dependencies=[CaseStaffOnly])
def submit_close(
    appointment_id: str,
    acting: ActingDep,
    came: Annotated[bool, Form()],
) -> Response:
    """Note whether the person came."""
    found = get_changeable_appointment(acting.session, acting.staff, appointment_id)
    close_appointment(acting.session, found, came=came, by=acting.staff.id, now=acting.now)
    day = day_in_italy(found.starts_at).isoformat()
    return redirect(f"/appointments?day={day}", notice="appointment_closed")


def _free(session: Session, desk: AppointmentDesk | None, day: str, now: datetime) -> dict[str, Any]:
    """Return the days with places, the one that is looked at, and what is free on it."""
    if desk is None:
        return {"days": [], "day": None, "slots": []}
    days = free_days(session, desk, now=now)
    chosen = _day(day) or (days[0] if days else None)
    slots = free_slots(session, desk, first=chosen, last=chosen, now=now) if chosen else []
    return {"days": days, "day": chosen, "slots": slots}


def _day(typed: str) -> date | None:
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return None
    return found if 2000 < found.year < 2100 else None


def _moment(typed: str) -> datetime:
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise NoSuchSlot from None
    if moment.tzinfo is None:
        raise NoSuchSlot
    return moment
