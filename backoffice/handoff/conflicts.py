"""Stated conflicts: who must not have to do with this person's conversation. Why is not written down.

From then on the conversation does not exist for that member of staff: not in lists, not to read, not
to claim (`conversation.permissions`).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.client.schemas import Mode, WaitingReason
from backoffice.conversation.errors import ConversationNotFound
from backoffice.conversation.floor import make_wait, record_change
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conflict, Conversation
from backoffice.conversation.permissions import get_claimable_conversation, get_readable_conversation
from backoffice.handoff.errors import NoSuchColleague
from backoffice.handoff.holding import end_talk, uninvite
from backoffice.handoff.presence import leave
from backoffice.live.service import announce
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role


def state_conflict(
    session: Session, conversation_id: str, *, staff: Staff, colleague_id: str | None = None, now: datetime
) -> None:
    """State that somebody must not have to do with this person: oneself, or a colleague by a coordinator.

    Who holds the floor loses it to the queue; the person is told that somebody else answers.

    Raises:
        ConversationNotFound: it does not exist, or this person may not read it, or not state it.
        NoSuchColleague: nobody of this organisation has this id.
    """
    get_readable_conversation(session, staff, conversation_id)
    conversation = _lock(session, conversation_id)
    concerned = staff.id if colleague_id is None else _colleague(session, staff, colleague_id)
    if session.get(Conflict, (conversation.id, concerned)) is not None:
        return
    session.add(Conflict(conversation_id=conversation.id, staff_id=concerned, stated_by=staff.id, at=now))
    _audit(session, conversation, "conflict.stated", staff, now)
    leave(session, conversation.id, staff_id=concerned)
    if uninvite(session, conversation.id, concerned):
        record_change(session, conversation, reason="part_ended", staff_id=concerned, now=now)
    if conversation.mode is Mode.MEDIATOR and conversation.holder_id == concerned:
        end_talk(session, conversation.id, because="conflict", now=now)
        make_wait(session, conversation, reason=WaitingReason.STAFF, now=now)
        say(session, conversation, "somebody_else_answers", now=now)
    announce(session, conversation.id)


def withdraw_conflict(
    session: Session, conversation_id: str, *, staff: Staff, colleague_id: str, now: datetime
) -> None:
    """Take a statement back, as a coordinator: it was a mistake.

    Raises:
        ConversationNotFound: it does not exist, or this person is no coordinator here.
        NoSuchColleague: no conflict of this colleague is stated.
    """
    conversation = get_claimable_conversation(session, staff, conversation_id, for_update=True)
    if not staff.has_role(Role.COORDINATOR):
        raise ConversationNotFound
    gone = session.execute(
        delete(Conflict)
        .where(Conflict.conversation_id == conversation.id, Conflict.staff_id == colleague_id)
        .returning(Conflict.staff_id)
    ).first()
    if gone is None:
        raise NoSuchColleague
    _audit(session, conversation, "conflict.withdrawn", staff, now)
    announce(session, conversation.id)


def stated_conflicts(session: Session, conversation_id: str) -> list[Staff]:
    """Return who must not have to do with a conversation; for coordinators."""
    statement = select(Staff).join(Conflict, Conflict.staff_id == Staff.id)
    return list(session.scalars(statement.where(Conflict.conversation_id == conversation_id)))


def _lock(session: Session, conversation_id: str) -> Conversation:
    statement = select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def _colleague(session: Session, staff: Staff, colleague_id: str) -> str:
    if colleague_id == staff.id:
        return staff.id
    if not staff.has_role(Role.COORDINATOR):
        raise ConversationNotFound
    found = session.scalar(
        select(Staff.id).where(Staff.id == colleague_id, Staff.organisation_id == staff.organisation_id)
    )
    if found is None:
        raise NoSuchColleague
    return found


def _audit(session: Session, conversation: Conversation, action: str, staff: Staff, now: datetime) -> None:
    audit.record(
        session, by=staff.id, action=action, subject_kind="conversation", subject_id=conversation.id, now=now
    )
