"""What a copy tells of appointments: all that a person had and has at the desks of one body."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.appointment.models import Appointment
from backoffice.own_copy.shape import AppointmentEntry
from backoffice.person.standing import ids_of_person


def appointments_of(session: Session, person_id: str, organisation_id: str) -> list[AppointmentEntry]:
    """Return the appointments of a person, the oldest first."""
    statement = select(Appointment).where(
        Appointment.person_id.in_(ids_of_person(session, person_id)),
        Appointment.organisation_id == organisation_id,
    )
    ordered = statement.options(joinedload(Appointment.desk)).order_by(Appointment.starts_at, Appointment.id)
    return [
        AppointmentEntry(
            desk=each.desk.name,
            address=each.desk.address,
            starts_at=each.starts_at,
            state=each.state,
            topic=each.topic,
            interpreter=each.interpreter,
            note=each.note,
            cancelled_reason=each.cancelled_reason,
        )
        for each in session.scalars(ordered)
    ]
