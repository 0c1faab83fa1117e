"""The day on which somebody wants to look at a conversation again."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.conversation.models import Conversation
from backoffice.live.service import announce
from backoffice.staff.models import Staff


def set_follow_up(
    session: Session, conversation: Conversation, day: date | None, *, staff: Staff, now: datetime
) -> None:
    """Note the day, or that there is none any more. The caller has locked the conversation's row."""
    if conversation.follow_up_on == day:
        return
    conversation.follow_up_on = day
    session.flush()
    audit.record(
        session,
        by=staff.id,
        action="conversation.follow_up",
        subject_kind="conversation",
        subject_id=conversation.id,
        now=now,
    )
    announce(session, conversation.id)
