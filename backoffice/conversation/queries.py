"""Statements about conversations that several services need."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.conversation.errors import ConversationNotFound
from backoffice.conversation.models import Conversation, InboxEntry


def lock_conversation(session: Session, conversation_id: str) -> Conversation:
    """Return a conversation, its row locked until the end of the transaction.

    Raises:
        ConversationNotFound: there is none.
    """
    found = session.get(Conversation, conversation_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise ConversationNotFound
    return found


def read_conversation(session: Session, conversation_id: str) -> Conversation:
    """Return a conversation.

    Raises:
        ConversationNotFound: there is none.
    """
    found = session.get(Conversation, conversation_id)
    if found is None:
        raise ConversationNotFound
    return found


def lock_turn(session: Session, turn_id: str) -> tuple[Conversation, InboxEntry]:
    """Return a turn and its conversation, whose row is locked.

    Raises:
        ConversationNotFound: there is no such turn.
    """
    found = session.execute(
        select(Conversation, InboxEntry)
        .join(InboxEntry, InboxEntry.conversation_id == Conversation.id)
        .where(InboxEntry.id == turn_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise ConversationNotFound
    conversation, entry = found
    return conversation, entry
