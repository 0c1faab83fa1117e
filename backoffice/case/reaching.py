"""Whether the person of a case can be written to in the chat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import Mode
from backoffice.conversation.models import Conversation
from backoffice.conversation.queries import lock_conversation
from backoffice.conversation.silence import is_silent, was_silent
from backoffice.person.models import Person


def reachable_chat(session: Session, case: Case, *, now: datetime) -> Conversation | None:
    """Return the locked conversation in which the person of a case can be written to; None: the desk calls.

    Nothing is said to somebody whom no message may reach (`SafeContact.no_messages`), in a chat that is
    closed, or in one that was silent for long: it may be somebody else's by now.
    """
    person = session.get_one(Person, case.person_id)
    if case.conversation_id is None or person.contact.no_messages:
        return None
    conversation = lock_conversation(session, case.conversation_id)
    is_lost = conversation.mode is Mode.CLOSED or was_silent(session, conversation.id)
    return None if is_lost or is_silent(session, conversation.id, now=now) else conversation
