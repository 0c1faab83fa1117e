"""Who may correct translations and read the phrasebook: those who take conversations over."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backoffice.conversation.models import Audience, Message
from backoffice.conversation.permissions import get_claimable_conversation, may_claim
from backoffice.staff.models import Staff
from backoffice.translation.errors import MessageNotFound, PairNotFound
from backoffice.translation.models import PhrasebookEntry


def may_use_phrasebook(staff: Staff) -> bool:
    """Tell whether somebody reads the phrasebook of their organisation at all."""
    return may_claim(staff) and staff.organisation.is_front_door


def readable_pairs(staff: Staff) -> Select[PhrasebookEntry]:
    """Return the statement of the pairs that somebody may read.

    Raises:
        PairNotFound: none at all.
    """
    if not may_use_phrasebook(staff):
        raise PairNotFound
    return select(PhrasebookEntry).where(PhrasebookEntry.organisation_id == staff.organisation_id)


def get_readable_pair(session: Session, staff: Staff, entry_id: str) -> PhrasebookEntry:
    """Return a pair.

    Raises:
        PairNotFound: it does not exist, or this person may not see it.
    """
    found = session.scalar(readable_pairs(staff).where(PhrasebookEntry.id == entry_id))
    if found is None:
        raise PairNotFound
    return found


def get_correctable_message(session: Session, staff: Staff, conversation_id: str, message_id: str) -> Message:
    """Return a message that everybody in the conversation can see, for somebody who may take it over.

    Raises:
        ConversationNotFound: the conversation does not exist, or this person may not.
        MessageNotFound: it has no such message.
    """
    conversation = get_claimable_conversation(session, staff, conversation_id)
    found = session.scalar(
        select(Message).where(
            Message.id == message_id,
            Message.conversation_id == conversation.id,
            Message.audience == Audience.EVERYBODY,
        )
    )
    if found is None:
        raise MessageNotFound
    return found
