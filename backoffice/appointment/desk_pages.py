"""Desks for coordinators: facts, hours of the week, days with other hours."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from backoffice.appointment.desks import (
    WEEKDAYS,
    add_desk,
    change_desk,
    read_stretches,
    set_day,
    unset_day,
)
from backoffice.appointment.models import AppointmentDesk
from backoffice.appointment.permissions import get_manageable_desk, readable_desks, require_manages
from backoffice.appointment.schemas import DeskForm
from backoffice.case.needs import Need
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedInCaseStaff
from backoffice.templating import redirect, render
from translations.languages import SUPPORTED

router = APIRouter(include_in_schema=False)

TOPICS = tuple(need for need in Need if need is not Need.APPOINTMENT)


@router.get("/appointments/desks")
def desks_page(request: Request, session: ReadSession, staff: SignedInCaseStaff) -> Response:
    """Show the desks of the body."""
    require_manages(staff)
    desks = session.scalars(readable_desks(staff)).all()
    return render(request, "appointment/desks.html", staff=staff, desks=desks)


@router.get("/appointments/desks/new")
def new_desk_page(request: Request, staff: SignedInCaseStaff) -> Response:
    """Show an empty form."""
    require_manages(staff)
    return _form(request, staff, None)


@router.post("/appointments/desks")
def submit_desk(
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    form: Annotated[DeskForm, Form()],
) -> Response:
    """Set up a desk."""
    require_manages(staff)
    desk = add_desk(session, staff.organisation_id, form.facts(), form.week(), by=staff.id, now=clock())
    return redirect(f"/appointments/desks/{desk.id}", notice="appointment_desk_saved")


@router.get("/appointments/desks/{desk_id}")
def desk_page(request: Request, desk_id: str, session: ReadSession, staff: SignedInCaseStaff) -> Response:
    """Show a desk, to change it."""
    return _form(request, staff, get_manageable_desk(session, staff, desk_id))


@router.post("/appointments/desks/{desk_id}")
def submit_desk_change(
    desk_id: str,
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    form: Annotated[DeskForm, Form()],
) -> Response:
    """Change a desk."""
    desk = get_manageable_desk(session, staff, desk_id)
    change_desk(session, desk, form.facts(), form.week(), version=form.version, by=staff.id, now=clock())
    return redirect(f"/appointments/desks/{desk_id}", notice="appointment_desk_saved")


@router.post("/appointments/desks/{desk_id}/days")
def submit_day(
    desk_id: str,
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    day: Annotated[date, Form(ge=date(2000, 1, 1), le=date(2100, 1, 1))],
    hours: Annotated[str, Form(max_length=100)] = "",
    reason: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Give a day other hours, or none."""
    desk = get_manageable_desk(session, staff, desk_id)
    stretches = read_stretches(hours)
    set_day(session, desk, day, stretches, reason.strip() or None, by=staff.id, now=clock())
    return redirect(f"/appointments/desks/{desk_id}", notice="appointment_desk_saved")


@router.post("/appointments/desks/{desk_id}/days/{exception_id}/remove")
def submit_day_removal(
    desk_id: str, exception_id: str, session: DbSession, staff: SignedInCaseStaff, clock: ClockDep
) -> Response:
    """Let the hours of the week hold again on a day."""
    desk = get_manageable_desk(session, staff, desk_id)
    unset_day(session, desk, exception_id, by=staff.id, now=clock())
    return redirect(f"/appointments/desks/{desk_id}", notice="appointment_desk_saved")


def _form(request: Request, staff: Staff, desk: AppointmentDesk | None) -> Response:
    hours = desk.hours if desk else []
    week = {
        day: ", ".join(f"{each.opens:%H:%M}-{each.closes:%H:%M}" for each in hours if each.weekday == day)
        for day in WEEKDAYS
    }
    return render(
        request,
        "appointment/desk.html",
        staff=staff,
        desk=desk,
        week=week,
        needs=TOPICS,
        languages=SUPPORTED,
    )
