"""Who may see and change appointments and desks; the one place where that is decided.

caseworker, coordinator, housing_desk, care_desk: the appointments of their own body. mediator: those of
their body for which one of their languages is wanted, to read. coordinator: the desks of their body. Nobody:
those of a conversation in which a conflict of theirs is stated. No other body sees any.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, joinedload

from backoffice.appointment.models import Appointment, AppointmentDesk, WaitingForAppointment
from backoffice.appointment.queries import get_desk
from backoffice.conversation.models import Conflict
from backoffice.errors import NotFound
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role

RECEIVES = (Role.CASEWORKER, Role.COORDINATOR, Role.HOUSING_DESK, Role.CARE_DESK)


def may_receive(staff: Staff) -> bool:
    """Tell whether somebody books and changes appointments."""
    return staff.has_role(*RECEIVES)


def may_manage_desks(staff: Staff) -> bool:
    """Tell whether somebody sets up desks and their hours."""
    return staff.has_role(Role.COORDINATOR)


def readable_appointments(staff: Staff) -> Select[Appointment]:
    """Return the statement of every appointment that a person may see.

    Raises:
        NotFound: they see none at all.
    """
    statement = select(Appointment).where(
        Appointment.organisation_id == staff.organisation_id, _has_no_conflict(staff)
    )
    if may_receive(staff):
        return statement
    if staff.has_role(Role.MEDIATOR):
        return statement.where(Appointment.interpreter.in_(staff.languages or []))
    raise NotFound


def get_appointment(session: Session, staff: Staff, appointment_id: str) -> Appointment:
    """Return one appointment with its desk.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    statement = readable_appointments(staff).where(Appointment.id == appointment_id)
    found = session.scalars(statement.options(joinedload(Appointment.desk))).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_changeable_appointment(session: Session, staff: Staff, appointment_id: str) -> Appointment:
    """Return one appointment that the person may move, cancel and close.

    Raises:
        NotFound: there is none, or this person may not change it.
    """
    require_receives(staff)
    return get_appointment(session, staff, appointment_id)


def readable_desks(staff: Staff) -> Select[AppointmentDesk]:
    """Return the statement of the desks of somebody's body, by name.

    Raises:
        NotFound: they have nothing to do with appointments.
    """
    if not may_receive(staff) and not staff.has_role(Role.MEDIATOR):
        raise NotFound
    mine = select(AppointmentDesk).where(AppointmentDesk.organisation_id == staff.organisation_id)
    return mine.order_by(AppointmentDesk.name, AppointmentDesk.id)


def get_own_desk(session: Session, staff: Staff, desk_id: str) -> AppointmentDesk:
    """Return a desk with its hours, for somebody who receives there.

    Raises:
        NotFound: there is none, it is of another body, or this person does not receive.
    """
    require_receives(staff)
    desk = get_desk(session, desk_id)
    if desk.organisation_id != staff.organisation_id:
        raise NotFound
    return desk


def get_manageable_desk(session: Session, staff: Staff, desk_id: str) -> AppointmentDesk:
    """Return a desk with its hours, for whoever sets it up.

    Raises:
        NotFound: there is none, or this person may not.
    """
    require_manages(staff)
    return get_own_desk(session, staff, desk_id)


def get_waiting(session: Session, staff: Staff, waiting_id: str) -> WaitingForAppointment:
    """Return how somebody waits.

    Raises:
        NotFound: nobody does, or this person may not know of it.
    """
    require_receives(staff)
    found = session.get(WaitingForAppointment, waiting_id)
    if found is None or found.organisation_id != staff.organisation_id:
        raise NotFound
    return found


def require_receives(staff: Staff) -> None:
    """Let only those go on who receive people.

    Raises:
        NotFound: this person does not.
    """
    if not may_receive(staff):
        raise NotFound


def require_manages(staff: Staff) -> None:
    """Let only those go on who set up desks.

    Raises:
        NotFound: this person does not.
    """
    if not may_manage_desks(staff):
        raise NotFound


def _has_no_conflict(staff: Staff) -> ColumnElement[bool]:
    stated = exists().where(
        Conflict.conversation_id == Appointment.conversation_id, Conflict.staff_id == staff.id
    )
    return ~stated
