"""Open conversations: a web session with its secret, a Telegram chat at its first message."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import (
    Channel,
    OfficeContact,
    SessionCreated,
    SessionFound,
    SessionRequest,
    TelegramSender,
)
from backoffice.conversation.errors import ConversationNotFound
from backoffice.conversation.models import ChatSession, Conversation
from backoffice.conversation.words import clean_name
from backoffice.database import new_id
from backoffice.idempotency.service import insert_unless_there
from backoffice.office.queries import front_door_id
from backoffice.person.models import ChannelAddress, Person
from translations.languages import supported_or_source


def open_session(
    session: Session, request: SessionRequest, *, office: OfficeContact | None, now: datetime
) -> SessionCreated:
    """Open a web conversation. The answer holds the secret, which nobody can read again."""
    token = secrets.token_urlsafe(32)
    conversation = Conversation(
        organisation_id=front_door_id(session),
        channel=Channel.WEB,
        language=supported_or_source(request.language),
        language_chosen=request.language is not None,
        created_at=now,
        last_message_at=now,
    )
    session.add(conversation)
    session.flush()
    opened = ChatSession(
        token_sha256=hashlib.sha256(token.encode()).hexdigest(),
        conversation_id=conversation.id,
        created_at=now,
    )
    session.add(opened)
    session.flush()
    return SessionCreated(
        session=opened.id,
        token=token,
        conversation_id=conversation.id,
        language=conversation.language,
        office=office,
    )


def find_session(session: Session, token_sha256: str) -> SessionFound:
    """Return the conversation that a token opens.

    Raises:
        ConversationNotFound: it opens none.
    """
    found = session.execute(
        select(ChatSession.id, Conversation.id, Conversation.language)
        .join(Conversation, Conversation.id == ChatSession.conversation_id)
        .where(ChatSession.token_sha256 == token_sha256)
    ).one_or_none()
    if found is None:
        raise ConversationNotFound
    opened, conversation_id, language = found
    return SessionFound(session=opened, conversation_id=conversation_id, language=language)


def conversation_of_chat(
    session: Session, sender: TelegramSender, *, language: str | None, now: datetime
) -> Conversation:
    """Return the conversation of a Telegram chat, its row locked; its first message makes it."""
    found = _locked(session, sender.chat_id)
    return found if found is not None else _begin(session, sender, language, now)


def _begin(session: Session, sender: TelegramSender, language: str | None, now: datetime) -> Conversation:
    organisation_id = front_door_id(session)
    spoken = supported_or_source(language or sender.language_hint)
    person = Person(
        id=new_id(),
        organisation_id=organisation_id,
        name=clean_name(sender.name or ""),
        languages=[spoken],
        created_at=now,
    )
    row = {
        "id": new_id(),
        "organisation_id": organisation_id,
        "channel": Channel.TELEGRAM,
        "chat_id": sender.chat_id,
        "language": spoken,
        "created_at": now,
        "last_message_at": now,
    }
    written = session.execute(
        insert_unless_there(session, Conversation).values(row).returning(Conversation.id)
    ).first()
    conversation = _locked(session, sender.chat_id)
    assert conversation is not None  # either we wrote it, or a twin at the same moment did
    if written is not None:
        session.add(person)
        session.flush()
        conversation.person_id = person.id
        session.add(
            ChannelAddress(person_id=person.id, channel=Channel.TELEGRAM, address=str(sender.chat_id))
        )
    return conversation


def _locked(session: Session, chat_id: int) -> Conversation | None:
    return session.scalar(
        select(Conversation)
        .where(Conversation.chat_id == chat_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
