"""What a mediator wrote in another language, and the words in which the person gets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.client.schemas import Original
from backoffice.conversation.models import Conversation, Message, Rendering, RenderingState, TranslatedBy
from backoffice.conversation.renderings import renderings_of
from backoffice.staff.models import Staff
from backoffice.translation.service import count_use, find_pair, keep_pair


@dataclass(frozen=True)
class Proposal:
    """What the machine made of the words."""

    text: str
    engine: str
    version: str | None = None
    in_parts: bool = False


@dataclass(frozen=True)
class Translation:
    """The words for the person, in `language`, and what the machine had proposed for them, if it had."""

    text: str
    language: str
    proposal: Proposal | None = None


def translated_by(
    session: Session, conversation: Conversation, written: Original, translation: Translation
) -> TranslatedBy:
    """Tell where the words for the person come from. A pair of the phrasebook is counted as used."""
    pair = find_pair(
        session,
        conversation.organisation_id,
        written.text,
        source=written.language,
        target=translation.language,
    )
    if pair is not None and pair.target_text == translation.text:
        count_use(session, pair.id)
        return TranslatedBy.PHRASEBOOK
    if translation.proposal is not None and translation.proposal.text == translation.text:
        return TranslatedBy.MACHINE
    return TranslatedBy.STAFF


def keep_translation(
    session: Session,
    conversation: Conversation,
    message: Message,
    proposal: Proposal | None,
    *,
    staff: Staff,
    now: datetime,
) -> None:
    """Keep what the machine proposed beside the message, and a person's own words in the phrasebook."""
    if proposal is not None:
        session.add(_as_rendering(message, proposal, now))
        session.flush()
    if message.translated_by is not TranslatedBy.STAFF or message.original_text is None:
        return
    keep_pair(
        session,
        conversation.organisation_id,
        source=message.original_language or conversation.language,
        target=message.language,
        source_text=message.original_text,
        target_text=message.text,
        machine_text=proposal.text if proposal else None,
        staff_id=staff.id,
        now=now,
        conversation_id=conversation.id,
    )


def proposal_of(session: Session, message: Message) -> Proposal | None:
    """Return what the machine had proposed for a message, if it had."""
    made = [each for each in renderings_of(session, [message]).get(message.id, ()) if each.staff_id is None]
    for each in reversed(made):
        if each.language == message.language and each.text and each.engine:
            return Proposal(each.text, each.engine, each.version, each.in_parts)
    return None


def _as_rendering(message: Message, proposal: Proposal, now: datetime) -> Rendering:
    return Rendering(
        message_id=message.id,
        language=message.language,
        state=RenderingState.DONE,
        text=proposal.text,
        engine=proposal.engine[:40],
        version=proposal.version[:120] if proposal.version else None,
        in_parts=proposal.in_parts,
        next_at=now,
        created_at=now,
    )
