"""Whom a waiting conversation is for: the order of the queue, and of colleagues to give it to.

The same rules everywhere: urgent ones first; then who is understood, whose wish for a woman or a man
is met, whose topic is known; then the longest wait.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, or_, select
from sqlalchemy.orm import Session

from backoffice.conversation.models import Conflict, Conversation, Participant
from backoffice.conversation.permissions import may_claim
from backoffice.staff.models import Staff

LONG_WAIT = timedelta(minutes=10)
"""From here on a topic that nobody knows well no longer keeps a conversation behind others."""


def queue_order(staff: Staff, *, now: datetime) -> tuple[ColumnElement[Any], ...]:
    """Return what to order waiting conversations by, for one member of staff."""
    topic = or_(Conversation.topic.in_(staff.topics), Conversation.waiting_since <= now - LONG_WAIT)
    return (
        Conversation.urgent.desc(),
        _last_unless(Conversation.language.in_(staff.languages)),
        _last_unless(or_(Conversation.wishes_gender.is_(None), Conversation.wishes_gender == staff.gender)),
        _last_unless(topic),
        Conversation.waiting_since.asc(),
        Conversation.id.asc(),
    )


def meets_wish(conversation: Conversation, staff: Staff) -> bool:
    """Tell whether somebody is whom the person would rather speak with; without a wish everybody is."""
    return conversation.wishes_gender is None or conversation.wishes_gender == staff.gender


def goes_against_wish(conversation: Conversation, staff: Staff) -> bool:
    """Tell whether somebody is known to be whom the person would rather not speak with."""
    return staff.gender is not None and not meets_wish(conversation, staff)


def accepts(staff: Staff) -> ColumnElement[bool]:
    """Return the condition on `Conversation` that the person's wish does not speak against a mediator."""
    if staff.gender is None:
        return Conversation.id.is_not(None)
    return or_(Conversation.wishes_gender.is_(None), Conversation.wishes_gender == staff.gender)


def colleagues_for(session: Session, conversation: Conversation, *, but: str | None = None) -> list[Staff]:
    """Return who could write to this person, the best first: language, wish, topic, name.

    Args:
        session: the transaction.
        conversation: whose.
        but: the id of somebody who is not meant.
    """
    statement = select(Staff).where(
        Staff.organisation_id == conversation.organisation_id,
        Staff.active,
        ~exists().where(Conflict.conversation_id == conversation.id, Conflict.staff_id == Staff.id),
    )
    found = [each for each in session.scalars(statement) if may_claim(each) and each.id != but]
    return sorted(found, key=lambda each: _distance(conversation, each))


def participants_of(session: Session, conversation_id: str) -> list[Staff]:
    """Return who was invited into a conversation, in the order of their coming."""
    joined = and_(Participant.staff_id == Staff.id, Participant.conversation_id == conversation_id)
    return list(
        session.scalars(select(Staff).join(Participant, joined).order_by(Participant.since, Staff.id))
    )


def is_participant(session: Session, conversation_id: str, staff_id: str) -> bool:
    """Tell whether somebody was invited into a conversation."""
    statement = select(Participant.staff_id).where(
        Participant.conversation_id == conversation_id, Participant.staff_id == staff_id
    )
    return session.execute(statement).first() is not None


def _distance(conversation: Conversation, staff: Staff) -> tuple[bool, bool, bool, str, str]:
    speaks = conversation.language in staff.languages
    knows = conversation.topic in staff.topics
    return (not speaks, not meets_wish(conversation, staff), not knows, staff.name, staff.id)


def _last_unless(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 0), else_=1)
