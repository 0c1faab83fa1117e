"""What the chat and the desk do with appointments, with all that belongs to it: reminders, trail, history.

Functions flush, never commit; rights have been asked before.

Chat, desk and jobs take locks in one order, so that none waits for another in a circle: the conversation (one
in a transaction, never a second), the person, the appointment, who waits. What has to be said in another
conversation, such as an offer to somebody who waits, is said by `jobs` afterwards.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.appointment.calendar import name_calendar
from backoffice.appointment.models import Appointment, AppointmentDesk
from backoffice.appointment.reminding import plan_reminders
from backoffice.appointment.service import Wanted, book, cancel, close, get_desk, move
from backoffice.appointment.telling import tell
from backoffice.appointment.waiting import end_waiting, keep_places
from backoffice.audit import service as audit
from backoffice.case.history import record_event
from backoffice.case.models import Case, CaseEventKind
from backoffice.case.queries import cases_of_person
from backoffice.client.schemas import Phase
from backoffice.conversation.queries import lock_conversation
from backoffice.reminder.service import cancel_reminders


def book_appointment(
    session: Session,
    desk: AppointmentDesk,
    starts_at: datetime,
    wanted: Wanted,
    *,
    base_url: str,
    by: str,
    now: datetime,
) -> Appointment:
    """Book, plan the reminders, and note it in the case that it belongs to.

    Raises:
        NoSuchSlot, AlreadyBooked, SlotTaken: as `service.book`.
    """
    _lock_talk(session, wanted.conversation_id)
    appointment = book(session, desk, starts_at, wanted, by=by, now=now)
    if appointment.case_id is None:
        appointment.case_id = _case_about(session, wanted)
    name_calendar(appointment, base_url)
    end_waiting(session, desk.id, wanted.person_id, now=now)
    plan_reminders(session, appointment, now=now)
    _happened(session, appointment, "booked", before=None, by=by, now=now)
    return appointment


def move_appointment(
    session: Session,
    appointment: Appointment,
    starts_at: datetime,
    *,
    by: str,
    now: datetime,
    talk_id: str | None = None,
) -> Appointment:
    """Move, with reminders anew; the place that becomes free is kept for who waits.

    `talk_id`: the chat in which the person moves it themselves, and is reminded from now on; None: the desk
    moves it, and the person reads of it in the chat.

    Raises:
        NotBooked, NoSuchSlot, SlotTaken: as `service.move`.
    """
    talk_id, is_told = talk_id or appointment.conversation_id, talk_id is None
    _lock(session, appointment, talk_id)
    instead = move(session, appointment, starts_at, conversation_id=talk_id, by=by, now=now)
    if instead is appointment:
        return appointment
    cancel_reminders(session, appointment.id, now=now)
    plan_reminders(session, instead, now=now)
    _happened(session, instead, "moved", before="booked", by=by, now=now)
    if is_told:
        tell(session, instead, "appointment_moved", buttons=("own",), now=now)
    keep_places(session, get_desk(session, appointment.desk_id), now=now)
    return instead


def cancel_appointment(
    session: Session,
    appointment: Appointment,
    reason: str | None,
    *,
    by: str,
    now: datetime,
    is_told: bool = True,
) -> None:
    """Give a place back, tell the person unless it was they who did, and keep it for who waits.

    Raises:
        NotBooked: as `service.cancel`.
    """
    _lock(session, appointment, appointment.conversation_id if is_told else None)
    cancel(session, appointment, reason=reason, now=now)
    cancel_reminders(session, appointment.id, now=now)
    _happened(session, appointment, "cancelled", before="booked", by=by, now=now)
    if is_told:
        tell(session, appointment, "appointment_off", buttons=("book",), now=now)
    keep_places(session, get_desk(session, appointment.desk_id), now=now)


def close_appointment(
    session: Session, appointment: Appointment, *, came: bool, by: str, now: datetime
) -> None:
    """Note whether the person came; who did not is asked whether they want another.

    Raises:
        NotBooked: as `service.close`.
    """
    _lock(session, appointment, appointment.conversation_id)
    before = appointment.state
    close(session, appointment, came=came, now=now)
    cancel_reminders(session, appointment.id, now=now)
    if before is appointment.state:
        return
    _happened(session, appointment, appointment.state.value, before=before.value, by=by, now=now)
    if not came:
        tell(session, appointment, "appointment_missed", buttons=("book",), now=now)


def _lock_talk(session: Session, conversation_id: str | None) -> None:
    if conversation_id is not None:
        lock_conversation(session, conversation_id)


def _lock(session: Session, appointment: Appointment, conversation_id: str | None) -> None:
    """Let nobody else change it meanwhile, and read how it stands. PostgreSQL locks no outer join."""
    _lock_talk(session, conversation_id)
    session.execute(select(Appointment.id).where(Appointment.id == appointment.id).with_for_update())
    session.refresh(appointment)


def _case_about(session: Session, wanted: Wanted) -> str | None:
    """Return the person's newest open case that is about the same need."""
    for case in cases_of_person(session, wanted.person_id):
        if case.phase is not Phase.CLOSED and wanted.topic in case.needs:
            return case.id
    return None


def _happened(
    session: Session, appointment: Appointment, what: str, *, before: str | None, by: str, now: datetime
) -> None:
    session.flush()
    audit.record(
        session,
        by=by,
        action=f"appointment.{what}",
        subject_kind="person",
        subject_id=appointment.person_id,
        now=now,
    )
    case = session.get(Case, appointment.case_id) if appointment.case_id else None
    if case is not None:
        record_event(
            session, case, CaseEventKind.APPOINTMENT_CHANGED, by=by, now=now, before=before, after=what
        )
