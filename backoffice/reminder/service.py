"""Plans reminders, takes them back, and says them in the chat: each once.

A reminder ends in the transaction in which its message is written: whatever stops in between, there is one
message or none yet. The outbox of the conversation does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from backoffice.client.schemas import Mode
from backoffice.conversation.models import Conversation
from backoffice.conversation.queries import lock_conversation
from backoffice.reminder.models import Reminder, ReminderEnd, ReminderKind

TOO_LATE = timedelta(hours=12)
"""What could not be said for so long, since nothing ran, helps nobody any more."""

AT_ONCE = 100

Say = Callable[[Session, Reminder, Conversation, datetime], bool]
"""Says one kind in the chat; tells whether there was still something to say."""

Tell = Callable[[Session, Reminder, datetime], bool]
"""Tells staff of one kind, who have no conversation; tells whether there was still something to tell."""


def plan_reminder(
    session: Session,
    kind: ReminderKind,
    about_id: str,
    *,
    conversation_id: str | None,
    case_id: str | None,
    due_at: datetime,
    now: datetime,
) -> None:
    """Say something at a moment; one that is past already is not planned, one taken back is planned anew.

    `conversation_id` None: staff are told.
    """
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


def count_due(session: Session, kinds: Collection[ReminderKind], *, now: datetime) -> int:
    """Return how many reminders are due, those to be said at once: `AT_ONCE` at most."""
    due = _due(kinds, now).limit(AT_ONCE).subquery()
    return session.scalar(select(func.count()).select_from(due)) or 0


def say_due(
    session: Session,
    sayers: Mapping[ReminderKind, Say],
    *,
    now: datetime,
    tellers: Mapping[ReminderKind, Tell] | None = None,
    at_once: int = AT_ONCE,
) -> int:
    """Say what is due, and return how much was said. Several processes may do so at once.

    The conversation is locked before its reminder, as the chat does when it takes one back. `tellers`: who
    tells staff, of the kinds that are not said in a chat.
    """
    to_staff = tellers or {}
    count = 0
    for reminder_id, conversation_id in session.execute(_due({*sayers, *to_staff}, now).limit(at_once)).all():
        conversation = lock_conversation(session, conversation_id) if conversation_id else None
        reminder = session.get_one(Reminder, reminder_id, with_for_update=True, populate_existing=True)
        if reminder.ended_at is None:
            is_said = _said(session, reminder, conversation, sayers, to_staff, now)
            count += _end(session, reminder, is_said, now)
    return count


def _due(kinds: Collection[ReminderKind], now: datetime) -> Select[str, str | None]:
    return (
        select(Reminder.id, Reminder.conversation_id)
        .where(Reminder.ended_at.is_(None), Reminder.due_at <= now, Reminder.kind.in_(kinds))
        .order_by(Reminder.due_at, Reminder.id)
    )


def _said(
    session: Session,
    reminder: Reminder,
    conversation: Conversation | None,
    sayers: Mapping[ReminderKind, Say],
    tellers: Mapping[ReminderKind, Tell],
    now: datetime,
) -> bool:
    if now - reminder.due_at > TOO_LATE:
        return False
    if conversation is None:
        return tellers[reminder.kind](session, reminder, now)
    is_lost = conversation.mode is Mode.CLOSED
    return not is_lost and sayers[reminder.kind](session, reminder, conversation, now)


def _end(session: Session, reminder: Reminder, is_said: bool, now: datetime) -> bool:
    is_too_late = now - reminder.due_at > TOO_LATE
    reminder.ended_at = now
    reminder.end = (
        ReminderEnd.SENT if is_said else ReminderEnd.TOO_LATE if is_too_late else ReminderEnd.CANCELLED
    )
    session.flush()
    return is_said
