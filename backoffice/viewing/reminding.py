"""Reminds of viewings: the evening before, and two hours before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.conversation.models import Conversation
from backoffice.reminder.models import Reminder, ReminderKind
from backoffice.reminder.service import Say
from backoffice.viewing.models import Viewing, ViewingState
from backoffice.viewing.telling import tell


def remind(session: Session, reminder: Reminder, _conversation: Conversation, now: datetime) -> bool:
    """Say that there is a viewing; tell whether there still is one to come, and somebody to say it to."""
    viewing = session.get(Viewing, reminder.about_id)
    if viewing is None or viewing.state is not ViewingState.FIXED:
        return False
    if viewing.starts_at is None or viewing.starts_at <= now:
        return False
    return tell(session, viewing, reminder.kind.value, choices=("cannot",), now=now)


SAYERS: dict[ReminderKind, Say] = {
    ReminderKind.VIEWING_TOMORROW: remind,
    ReminderKind.VIEWING_SOON: remind,
}
