"""Who has a thread open just now, and what they do: so that two do not answer at once.

A page says so every ten seconds; who is not heard of for twenty-five is gone. Only a change is announced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.conversation.permissions import get_readable_conversation
from backoffice.handoff.models import Activity, Presence
from backoffice.idempotency.service import insert_unless_there
from backoffice.live.service import announce
from backoffice.staff.models import Staff

LASTS = timedelta(seconds=25)
"""How long somebody counts as present without a sign of their page."""


@dataclass(frozen=True)
class Present:
    """A member of staff with the thread open."""

    id: str
    name: str
    activity: Activity


def beat(
    session: Session, conversation_id: str, *, staff: Staff, activity: Activity, now: datetime
) -> Sequence[Present]:
    """Note that somebody reads or writes; return the others who are there.

    Raises:
        ConversationNotFound: it does not exist, or this person may not read it.
    """
    conversation = get_readable_conversation(session, staff, conversation_id)
    ids = {"conversation_id": conversation.id, "staff_id": staff.id}
    row = {**ids, "activity": activity, "until": now + LASTS}
    made = insert_unless_there(session, Presence).values(row).returning(Presence.staff_id)
    is_new = session.execute(made).first() is not None
    there = session.get(Presence, tuple(ids.values()), populate_existing=True)
    if there is not None and not is_new:
        is_new = there.activity is not activity or there.until < now
        there.activity, there.until = activity, now + LASTS
    if is_new:
        announce(session, conversation.id)
    return others_present(session, conversation.id, staff_id=staff.id, now=now)


def others_present(
    session: Session, conversation_id: str, *, staff_id: str, now: datetime
) -> Sequence[Present]:
    """Return who has a thread open beside one reader, who writes before who reads, then by name."""
    statement = (
        select(Staff.id, Staff.name, Presence.activity)
        .join(Presence, Presence.staff_id == Staff.id)
        .where(Presence.conversation_id == conversation_id, Presence.until >= now, Staff.id != staff_id)
        .order_by(Presence.activity.desc(), Staff.name, Staff.id)
    )
    return [Present(*row) for row in session.execute(statement)]


def leave(session: Session, conversation_id: str, *, staff_id: str) -> None:
    """Forget that somebody is there: their page is closed."""
    gone = session.execute(
        delete(Presence)
        .where(Presence.conversation_id == conversation_id, Presence.staff_id == staff_id)
        .returning(Presence.staff_id)
    ).first()
    if gone is not None:
        announce(session, conversation_id)


def has_gone(session: Session, *, now: datetime) -> bool:
    """Tell whether somebody was not heard of for too long; a look that locks nothing."""
    return session.execute(select(Presence.staff_id).where(Presence.until < now).limit(1)).first() is not None


def forget_gone(session: Session, *, now: datetime) -> int:
    """Forget who was not heard of for too long; return how many."""
    gone = session.scalars(
        delete(Presence).where(Presence.until < now).returning(Presence.conversation_id)
    ).all()
    for conversation_id in gone:
        announce(session, conversation_id)
    return len(gone)
