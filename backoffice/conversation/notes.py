"""Notes of staff inside a thread: internal ones, and what a mediator explains of a custom. Never sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.client.schemas import Author
from backoffice.conversation.errors import EmptyNote
from backoffice.conversation.messages import Draft, write
from backoffice.conversation.models import Audience, Conversation, Message, NoteKind
from backoffice.conversation.words import clean
from backoffice.staff.models import Staff


def write_note(
    session: Session,
    conversation: Conversation,
    *,
    staff: Staff,
    kind: NoteKind,
    text: str,
    language: str,
    now: datetime,
) -> Message:
    """Write a note at the end of a thread whose row is locked; whoever holds the floor keeps it.

    Raises:
        EmptyNote: there are no words.
    """
    words = clean(text).strip()
    if not words:
        raise EmptyNote
    draft = Draft(
        Author.MEDIATOR,
        words,
        language=language,
        staff_id=staff.id,
        audience=Audience.STAFF,
        note_kind=kind,
    )
    audit.record(
        session,
        by=staff.id,
        action="conversation.note",
        subject_kind="conversation",
        subject_id=conversation.id,
        now=now,
    )
    return write(session, conversation, draft, now=now)[0]
