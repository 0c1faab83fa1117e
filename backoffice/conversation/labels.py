"""The words by which staff find a conversation again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.conversation.errors import LabelRefused
from backoffice.conversation.models import Conversation, ConversationLabel
from backoffice.conversation.words import clean_name
from backoffice.live.service import announce
from backoffice.staff.models import Staff

LONGEST = 40
MOST_ON_ONE = 10
MOST_KNOWN = 200
"""Labels of one organisation that a list offers at most."""


def add_label(
    session: Session, conversation: Conversation, name: str, *, staff: Staff, now: datetime
) -> None:
    """Put a label on a conversation whose row is locked; one that it has already changes nothing.

    A label that colleagues write in another case is the same label, in their spelling.

    Raises:
        LabelRefused: the name is empty or too long, or the conversation has ten labels.
    """
    word = clean_name(name)
    if word is None or len(word) > LONGEST:
        raise LabelRefused
    spelling = {known.casefold(): known for known in known_labels(session, conversation.organisation_id)}
    word = spelling.get(word.casefold(), word)
    present = labels_of(session, [conversation.id]).get(conversation.id, [])
    if word in present:
        return
    if len(present) >= MOST_ON_ONE:
        raise LabelRefused
    session.add(ConversationLabel(conversation_id=conversation.id, name=word))
    session.flush()
    _tell(session, conversation, staff, now)


def remove_label(
    session: Session, conversation: Conversation, name: str, *, staff: Staff, now: datetime
) -> None:
    """Take a label off a conversation; one that it has not changes nothing."""
    session.execute(
        delete(ConversationLabel).where(
            ConversationLabel.conversation_id == conversation.id,
            ConversationLabel.name == (clean_name(name) or ""),
        )
    )
    _tell(session, conversation, staff, now)


def labels_of(session: Session, ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the labels of conversations, by conversation, in the order of the alphabet."""
    found: dict[str, list[str]] = {}
    if ids:
        statement = select(ConversationLabel).where(ConversationLabel.conversation_id.in_(ids))
        for label in session.scalars(statement.order_by(ConversationLabel.name)):
            found.setdefault(label.conversation_id, []).append(label.name)
    return found


def known_labels(session: Session, organisation_id: str) -> Sequence[str]:
    """Return the labels that an organisation uses."""
    statement = (
        select(ConversationLabel.name)
        .join(Conversation, Conversation.id == ConversationLabel.conversation_id)
        .where(Conversation.organisation_id == organisation_id)
        .distinct()
        .order_by(ConversationLabel.name)
    )
    return session.scalars(statement.limit(MOST_KNOWN)).all()


def _tell(session: Session, conversation: Conversation, staff: Staff, now: datetime) -> None:
    audit.record(
        session,
        by=staff.id,
        action="conversation.labels",
        subject_kind="conversation",
        subject_id=conversation.id,
        now=now,
    )
    announce(session, conversation.id)
