"""Plans reminders, takes them back, and says them in the chat: each once.

A reminder ends in the transaction in which its message is written: whatever stops in between, there is one
message or none yet. The outbox of the conversation does the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice.client.schemas import Mode
from backoffice.conversation.models import Conversation
from backoffice.reminder.models import Reminder, ReminderEnd, ReminderKind

TOO_LATE = timedelta(hours=12)
"""What could not be said for so long, since nothing ran, helps nobody any more."""

Say = Callable[[Session, Reminder, Conversation, datetime], bool]
"""Says one kind in the chat; tells whether there was still something to say."""


def plan_reminder(
    session: Session,
    kind: ReminderKind,
    about_id: str,
    *,
    conversation_id: str,
    case_id: str | None,
    due_at: datetime,
    now: datetime,
) -> None:
    """Say something at a moment; one that is past already is not planned, one taken back is planned anew."""
    if due_at <= now:
        return
    statement = select(Reminder).where(
        Reminder.kind == kind, Reminder.about_id == about_id, Reminder.due_at == due_at
    )
    known = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if known is not None:
        if known.end is ReminderEnd.CANCELLED:
            known.ended_at = known.end = None
            session.flush()
        return
    session.add(
        Reminder(
            conversation_id=conversation_id, case_id=case_id, kind=kind, about_id=about_id, due_at=due_at
        )
    )
    session.flush()


def cancel_reminders(session: Session, about_id: str, *, now: datetime) -> None:
    """Say nothing more about something."""
    session.execute(
        update(Reminder)
        .where(Reminder.about_id == about_id, Reminder.ended_at.is_(None))
        .values(ended_at=now, end=ReminderEnd.CANCELLED)
    )


def has_due(session: Session, *, now: datetime) -> bool:
    """Tell whether there is something to say."""
    due = select(Reminder.id).where(Reminder.ended_at.is_(None), Reminder.due_at <= now)
    return session.scalar(due.limit(1)) is not None


def say_due(session: Session, sayers: dict[ReminderKind, Say], *, now: datetime) -> int:
    """Say what is due, and return how many messages were written. Several processes may do so at once."""
    statement = (
        select(Reminder)
        .where(Reminder.ended_at.is_(None), Reminder.due_at <= now, Reminder.kind.in_(sayers))
        .order_by(Reminder.due_at)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    return sum(_say(session, reminder, sayers, now) for reminder in session.scalars(statement).all())


def _say(session: Session, reminder: Reminder, sayers: dict[ReminderKind, Say], now: datetime) -> bool:
    conversation = session.get_one(Conversation, reminder.conversation_id)
    is_too_late = now - reminder.due_at > TOO_LATE
    is_said = (
        not is_too_late
        and conversation.mode is not Mode.CLOSED
        and sayers[reminder.kind](session, reminder, conversation, now)
    )
    reminder.ended_at = now
    reminder.end = (
        ReminderEnd.SENT if is_said else ReminderEnd.TOO_LATE if is_too_late else ReminderEnd.CANCELLED
    )
    session.flush()
    return is_said
