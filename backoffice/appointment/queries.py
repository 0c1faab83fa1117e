"""Which desks can be booked, and which appointments somebody has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backoffice.appointment.models import (
    Appointment,
    AppointmentDesk,
    AppointmentState,
    WaitingForAppointment,
)
from backoffice.case.needs import Need
from backoffice.errors import NotFound
from backoffice.italy import ROME

SHOWN = 300


def get_desk(session: Session, desk_id: str) -> AppointmentDesk:
    """Return a desk with its hours.

    Raises:
        NotFound: there is none.
    """
    # A `session.get` would give one that was read before, without its hours.
    statement = select(AppointmentDesk).where(AppointmentDesk.id == desk_id)
    read = (selectinload(AppointmentDesk.hours), selectinload(AppointmentDesk.exceptions))
    desk = session.scalars(statement.options(*read)).one_or_none()
    if desk is None:
        raise NotFound
    return desk


def desks_for(session: Session, organisation_id: str, need: Need | None) -> list[AppointmentDesk]:
    """Return the desks of a body that the chat offers for a need, by name; None: for any."""
    statement = select(AppointmentDesk).where(
        AppointmentDesk.organisation_id == organisation_id, AppointmentDesk.is_open
    )
    desks = session.scalars(statement.order_by(AppointmentDesk.name, AppointmentDesk.id))
    return [desk for desk in desks if need is None or not desk.topics or need.value in desk.topics]


def own_to_come(session: Session, person_id: str, *, now: datetime) -> list[Appointment]:
    """Return the appointments that a person has, the next first."""
    statement = select(Appointment).where(
        Appointment.person_id == person_id,
        Appointment.state == AppointmentState.BOOKED,
        Appointment.starts_at > now,
    )
    return list(session.scalars(statement.order_by(Appointment.starts_at, Appointment.id)))


def of_days(
    readable: Select[Appointment], first: date, last: date, *, desk_id: str | None = None
) -> Select[Appointment]:
    """Narrow to the appointments of some days in Italy, both included; those moved away are left out."""
    begin = datetime.combine(first, time(), tzinfo=ROME).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=ROME).astimezone(UTC)
    statement = readable.where(
        Appointment.starts_at >= begin,
        Appointment.starts_at < end,
        Appointment.state != AppointmentState.MOVED,
    )
    if desk_id:
        statement = statement.where(Appointment.desk_id == desk_id)
    return statement.options(joinedload(Appointment.desk)).order_by(
        Appointment.starts_at, Appointment.desk_id, Appointment.place, Appointment.id
    )


def who_waits(session: Session, desk_ids: Sequence[str]) -> list[WaitingForAppointment]:
    """Return who waits for some desks, the longest first."""
    statement = select(WaitingForAppointment).where(
        WaitingForAppointment.desk_id.in_(desk_ids), WaitingForAppointment.ended_at.is_(None)
    )
    ordered = statement.order_by(WaitingForAppointment.since, WaitingForAppointment.id)
    return list(session.scalars(ordered.limit(SHOWN)))
