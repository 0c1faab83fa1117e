"""Reminds of appointments: a day before, at the same hour of the clock on the wall, and two hours before."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy.orm import Session

from backoffice.appointment.models import Appointment, AppointmentState
from backoffice.appointment.telling import tell
from backoffice.conversation.models import Conversation
from backoffice.italy import ROME
from backoffice.reminder.models import Reminder, ReminderKind
from backoffice.reminder.service import Say, plan_reminder

SOON = timedelta(hours=2)
EARLIEST, LATEST = time(8), time(20)
"""Nobody is woken by the reminder of the day before."""


def day_before(starts_at: datetime) -> datetime:
    """Return the same hour in Italy on the day before, but not before 8 nor after 20."""
    local = starts_at.astimezone(ROME)
    clock = min(max(local.time(), EARLIEST), LATEST)
    return datetime.combine(local.date() - timedelta(days=1), clock, tzinfo=ROME).astimezone(UTC)


def plan_reminders(session: Session, appointment: Appointment, *, now: datetime) -> None:
    """Plan both, for somebody who has a chat."""
    if appointment.conversation_id is None:
        return
    moments = {
        ReminderKind.APPOINTMENT_TOMORROW: day_before(appointment.starts_at),
        ReminderKind.APPOINTMENT_SOON: appointment.starts_at - SOON,
    }
    for kind, due_at in moments.items():
        plan_reminder(
            session,
            kind,
            appointment.id,
            conversation_id=appointment.conversation_id,
            case_id=appointment.case_id,
            due_at=due_at,
            now=now,
        )


def remind(session: Session, reminder: Reminder, _conversation: Conversation, now: datetime) -> bool:
    """Say that there is an appointment; tell whether there still is one, and somebody to say it to."""
    appointment = session.get(Appointment, reminder.about_id)
    if appointment is None or appointment.state is not AppointmentState.BOOKED:
        return False
    if appointment.starts_at <= now:
        return False
    return tell(session, appointment, reminder.kind.value, buttons=("own",), now=now)


SAYERS: dict[ReminderKind, Say] = {
    ReminderKind.APPOINTMENT_TOMORROW: remind,
    ReminderKind.APPOINTMENT_SOON: remind,
}
