"""An appointment as a calendar file, and the address under which its person fetches it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice import calendar_entry
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
    desk = appointment.desk
    entry = calendar_entry.Entry(
        uid=(appointment.calendar_sha256 or appointment.id)[:UID_LENGTH],
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        title=text("system.appointment_calendar", language, desk=desk.name),
        is_off=appointment.state is AppointmentState.CANCELLED,
        place=desk.address,
    )
    return calendar_entry.calendar_file(entry, now=now)
