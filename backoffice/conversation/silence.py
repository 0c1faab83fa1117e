"""A chat that was silent for long: whoever writes then may be somebody else (attack 4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.client.schemas import Author
from backoffice.conversation.models import Audience, Message

SILENT_FOR = timedelta(days=90)
"""After so long a telephone number may belong to somebody else."""


def was_silent(session: Session, conversation_id: str) -> bool:
    """Tell whether the person was silent for 90 days and no mediator has written to them since.

    Telephone numbers are given to other people: who writes then may be somebody else (attack 4).
    """
    spoken = (
        select(Message.author, Message.created_at)
        .where(
            Message.conversation_id == conversation_id,
            Message.author.in_((Author.CITIZEN, Author.MEDIATOR)),
            Message.audience == Audience.EVERYBODY,
        )
        .order_by(Message.seq)
    )
    silent, last = False, None
    for author, at in session.execute(spoken):
        if author is Author.MEDIATOR:
            silent = False
        elif last is not None and at - last > SILENT_FOR:
            silent = True
        last = at
    return silent


def is_silent(session: Session, conversation_id: str, *, now: datetime) -> bool:
    """Tell whether the person has written nothing for 90 days: nothing of theirs is told unasked."""
    last = session.scalar(
        select(func.max(Message.created_at)).where(
            Message.conversation_id == conversation_id, Message.author == Author.CITIZEN
        )
    )
    return last is None or now - last > SILENT_FOR
