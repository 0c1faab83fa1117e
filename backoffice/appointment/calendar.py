"""An appointment as a calendar file (RFC 5545): one that is moved replaces the old entry, by `SEQUENCE`."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from icalendar import Calendar, Event
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.appointment.models import Appointment, AppointmentState
from backoffice.errors import NotFound
from translations.catalog import text

UID_LENGTH = 32


def name_calendar(appointment: Appointment, base_url: str) -> None:
    """Give an appointment the address of its calendar file, unless it has one."""
    if appointment.calendar_sha256 is None:
        token = secrets.token_urlsafe(24)
        appointment.calendar_sha256 = hashlib.sha256(token.encode()).hexdigest()
        appointment.calendar_link = f"{base_url.rstrip('/')}/appointments/calendar/{token}.ics"


def appointment_of_token(session: Session, token: str) -> Appointment:
    """Return the appointment whose calendar file has this address.

    Raises:
        NotFound: none has.
    """
    digest = hashlib.sha256(token.encode()).hexdigest()
    statement = select(Appointment).where(Appointment.calendar_sha256 == digest)
    found = session.scalars(statement.options(joinedload(Appointment.desk))).one_or_none()
    if found is None:
        raise NotFound
    return found


def calendar_file(appointment: Appointment, language: str, *, now: datetime) -> bytes:
    """Return the file of an appointment, read with its desk; one that is cancelled says so.

    What it is about is not in it: a calendar is seen by others.
    """
    is_off = appointment.state is AppointmentState.CANCELLED
    desk = appointment.desk
    entry = Event()
    entry.add("uid", f"{(appointment.calendar_sha256 or appointment.id)[:UID_LENGTH]}@sportello")
    entry.add("sequence", appointment.sequence)
    entry.add("dtstamp", now)
    entry.add("dtstart", appointment.starts_at)
    entry.add("dtend", appointment.ends_at)
    entry.add("summary", text("system.appointment_calendar", language, desk=desk.name))
    entry.add("location", desk.address)
    entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Sportello//IT")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "PUBLISH")
    calendar.add_component(entry)
    made: bytes = calendar.to_ical()
    return made
