"""Correct what a person's message became in Italian."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.conversation.models import Conversation, Message, Rendering, RenderingState
from backoffice.conversation.renderings import STAFF_LANGUAGE, renderings_of
from backoffice.conversation.words import clean
from backoffice.live.service import announce
from backoffice.staff.models import Staff
from backoffice.translation.errors import NothingChanged
from backoffice.translation.service import keep_pair


def correct_rendering(session: Session, message: Message, text: str, *, staff: Staff, now: datetime) -> None:
    """Put a rendering by a person over the machine's, and keep the pair. Both stay in the record.

    Raises:
        NothingChanged: it is empty, or what stands there already.
    """
    words = clean(text).strip()
    earlier = [each for each in renderings_of(session, [message]).get(message.id, []) if each.text]
    if not words or message.language == STAFF_LANGUAGE or (earlier and earlier[-1].text == words):
        raise NothingChanged
    conversation = session.get_one(Conversation, message.conversation_id)
    session.add(
        Rendering(
            message_id=message.id,
            language=STAFF_LANGUAGE,
            state=RenderingState.DONE,
            text=words,
            staff_id=staff.id,
            next_at=now,
            created_at=now,
        )
    )
    session.flush()
    machine = next((each.text for each in reversed(earlier) if each.staff_id is None), None)
    keep_pair(
        session,
        conversation.organisation_id,
        source=message.language,
        target=STAFF_LANGUAGE,
        source_text=message.text,
        target_text=words,
        machine_text=machine,
        staff_id=staff.id,
        now=now,
        conversation_id=conversation.id,
    )
    announce(session, message.conversation_id)
