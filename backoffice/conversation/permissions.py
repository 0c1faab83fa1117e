"""Who of the staff may read a conversation, and who may take it over.

Conversations belong to the organisation that runs the front door; unknown and forbidden look the same.
For whom a conflict was stated, the conversation does not exist.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import Session, joinedload

from backoffice.conversation.errors import ConversationNotFound
from backoffice.conversation.models import Conflict, Conversation
from backoffice.staff.models import Staff
from backoffice.staff.roles import CLAIMS_CONVERSATIONS, READS_CONVERSATIONS


def may_read(staff: Staff) -> bool:
    """Tell whether somebody reads the conversations of their own organisation at all."""
    return staff.active and staff.has_role(*READS_CONVERSATIONS)


def may_claim(staff: Staff) -> bool:
    """Tell whether somebody takes over conversations of their own organisation at all."""
    return staff.active and staff.has_role(*CLAIMS_CONVERSATIONS)


def has_no_conflict(staff_id: str) -> ColumnElement[bool]:
    """Return the condition on `Conversation` that nobody stated a conflict of this member of staff."""
    return ~exists().where(Conflict.conversation_id == Conversation.id, Conflict.staff_id == staff_id)


def readable_conversations(staff: Staff) -> Select[Conversation]:
    """Return the statement of all conversations that somebody may read, with person and holder.

    Raises:
        ConversationNotFound: none at all.
    """
    return (
        select(Conversation)
        .where(is_readable(staff))
        .options(joinedload(Conversation.person), joinedload(Conversation.holder))
    )


def is_readable(staff: Staff) -> ColumnElement[bool]:
    """Return the condition on `Conversation` under which somebody may read it.

    Raises:
        ConversationNotFound: they read none at all.
    """
    if not may_read(staff):
        raise ConversationNotFound
    return and_(Conversation.organisation_id == staff.organisation_id, has_no_conflict(staff.id))


def get_readable_conversation(session: Session, staff: Staff, conversation_id: str) -> Conversation:
    """Return a conversation with its person and its holder.

    Raises:
        ConversationNotFound: it does not exist, or this person may not read it.
    """
    found = session.scalar(readable_conversations(staff).where(Conversation.id == conversation_id))
    if found is None:
        raise ConversationNotFound
    return found


def get_claimable_conversation(
    session: Session, staff: Staff, conversation_id: str, *, for_update: bool = False
) -> Conversation:
    """Return a conversation that somebody may take over, hold or hand back.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
    """
    if not may_claim(staff):
        raise ConversationNotFound
    statement = select(Conversation).where(
        Conversation.id == conversation_id,
        Conversation.organisation_id == staff.organisation_id,
        has_no_conflict(staff.id),
    )
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(statement)
    if found is None:
        raise ConversationNotFound
    return found
