"""Whether a person can be written to in the chat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import Mode
from backoffice.conversation.models import Conversation
from backoffice.conversation.queries import lock_conversation, read_conversation
from backoffice.conversation.silence import is_silent, was_silent
from backoffice.person.models import Person


def reachable_chat(session: Session, case: Case, *, now: datetime) -> Conversation | None:
    """Return, locked, where the person of a case can be written to in the chat; None: the desk calls."""
    return reachable(session, case.person_id, case.conversation_id, now=now)


def reachable(
    session: Session, person_id: str, conversation_id: str | None, *, now: datetime
) -> Conversation | None:
    """Return the conversation in which somebody can be written to; None: the desk calls.

    It is locked before anything is asked of it, so that what was true is true still when something is said.
    """
    if conversation_id is None:
        return None
    conversation = lock_conversation(session, conversation_id)
    return conversation if is_reachable(session, person_id, conversation_id, now=now) else None


def is_reachable(session: Session, person_id: str, conversation_id: str | None, *, now: datetime) -> bool:
    """Tell whether somebody can be written to in a conversation, without locking it; else the desk calls.

    Nothing is said to somebody whom no message may reach (`SafeContact.no_messages`), in a chat that is
    closed, or in one that was silent for long: it may be somebody else's by now.
    """
    if conversation_id is None or session.get_one(Person, person_id).contact.no_messages:
        return False
    conversation = read_conversation(session, conversation_id)
    is_lost = conversation.mode is Mode.CLOSED or was_silent(session, conversation.id)
    return not is_lost and not is_silent(session, conversation.id, now=now)
