"""Who holds the floor, checked and written down. Whoever changes it holds the lock on the conversation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from backoffice.client.schemas import Mode
from backoffice.conversation.models import Conversation, Participant
from backoffice.conversation.permissions import get_claimable_conversation
from backoffice.conversation.routing import is_participant
from backoffice.handoff.errors import why_not
from backoffice.handoff.models import Assignment
from backoffice.staff.models import Staff


def lock_held(session: Session, conversation_id: str, *, staff: Staff, epoch: int) -> Conversation:
    """Return a conversation that somebody holds, its row locked.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: the floor is not theirs, or not as they saw it.
    """
    conversation = get_claimable_conversation(session, staff, conversation_id, for_update=True)
    if not _holds(conversation, staff) or conversation.epoch != epoch:
        raise why_not(session, conversation)
    return conversation


def lock_joined(session: Session, conversation_id: str, *, staff: Staff, epoch: int) -> Conversation:
    """Return a conversation that somebody holds or was invited into, its row locked.

    Raises:
        ConversationNotFound, ConversationTaken, FloorMoved: as `lock_held`.
    """
    conversation = get_claimable_conversation(session, staff, conversation_id, for_update=True)
    takes_part = conversation.mode is Mode.MEDIATOR and is_participant(session, conversation.id, staff.id)
    if not (_holds(conversation, staff) or takes_part) or conversation.epoch != epoch:
        raise why_not(session, conversation)
    return conversation


def begin_holding(session: Session, conversation: Conversation, staff_id: str, *, now: datetime) -> None:
    """Write down that somebody holds the floor from now on. Who holds it is no longer a second person."""
    uninvite(session, conversation.id, staff_id)
    session.add(
        Assignment(
            conversation_id=conversation.id, staff_id=staff_id, epoch=conversation.epoch, started_at=now
        )
    )
    session.flush()


def end_holding(session: Session, conversation_id: str, *, because: str, now: datetime) -> None:
    """Write down that nobody holds the floor any more, and why."""
    session.execute(
        update(Assignment)
        .where(Assignment.conversation_id == conversation_id, Assignment.ended_at.is_(None))
        .values(ended_at=now, ended_because=because)
        .execution_options(synchronize_session=False)
    )


def end_talk(session: Session, conversation_id: str, *, because: str, now: datetime) -> None:
    """Write down that the talk of staff with the person is over, for the holder and whoever was invited."""
    end_holding(session, conversation_id, because=because, now=now)
    uninvite(session, conversation_id)


def uninvite(session: Session, conversation_id: str, staff_id: str | None = None) -> bool:
    """End the part that somebody has in a conversation, or everybody invited; tell whether there was one."""
    statement = delete(Participant).where(Participant.conversation_id == conversation_id)
    if staff_id is not None:
        statement = statement.where(Participant.staff_id == staff_id)
    gone = session.execute(statement.returning(Participant.staff_id)).all()
    return bool(gone)


def _holds(conversation: Conversation, staff: Staff) -> bool:
    return conversation.mode is Mode.MEDIATOR and conversation.holder_id == staff.id
