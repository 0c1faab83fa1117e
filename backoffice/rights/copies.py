"""A person asks in the chat for the copy of what is held about them; the chat itself gives nothing out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.audit.service import SERVICE
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.own_copy.queries import open_copy_of
from backoffice.own_copy.service import ask_for_copy, due_at
from backoffice.person.models import Person
from backoffice.rights.wording import day_of


def ask_in_chat(session: Session, conversation: Conversation, *, now: datetime) -> None:
    """Put the request on the desk's page and say what happens next: it is handed over in person."""
    if conversation.person_id is None:
        say(session, conversation, "copy_no_record", now=now)
        return
    asked, key = open_copy_of(session, conversation.person_id), "copy_already"
    if asked is None:
        person = session.get_one(Person, conversation.person_id)
        asked = ask_for_copy(session, person, by=SERVICE, now=now, conversation_id=conversation.id)
        key = "copy_asked"
    say(session, conversation, key, now=now, day=day_of(due_at(asked), conversation.language))
