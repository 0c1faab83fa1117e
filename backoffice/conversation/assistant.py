"""The assistant is back: give it the conversations that wait only for that."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backoffice.client.schemas import AssistantReturned, AssistantStatus, Mode, WaitingReason
from backoffice.conversation.floor import give_to_assistant
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation

AT_ONCE = 200
"""How many conversations one call gives back: the bot calls again as long as there are any."""


def needs_return(session: Session) -> bool:
    """Tell whether any conversation waits only because the assistant was unavailable."""
    return session.execute(_waiting().limit(1)).first() is not None


def return_to_assistant(session: Session, status: AssistantStatus, *, now: datetime) -> AssistantReturned:
    """Give back what nobody has claimed; what was written meanwhile becomes due, in its order."""
    if not status.available:
        return AssistantReturned(conversations=0)
    statement = _waiting().order_by(Conversation.waiting_since).limit(AT_ONCE)
    conversations = session.scalars(statement.with_for_update(skip_locked=True)).all()
    for conversation in conversations:
        give_to_assistant(session, conversation, reason="assistant_back", now=now)
        say(session, conversation, "assistant_back", now=now)
    return AssistantReturned(conversations=len(conversations))


def _waiting() -> Select[Conversation]:
    return select(Conversation).where(
        Conversation.mode == Mode.WAITING,
        Conversation.waiting_reason == WaitingReason.ASSISTANT_UNAVAILABLE,
    )
