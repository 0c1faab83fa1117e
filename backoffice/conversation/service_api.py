"""Sessions, messages and language, for the bot (and the state of a conversation, for the actions)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from backoffice.attachment.service import bind_key
from backoffice.attachment.vault import Vault
from backoffice.client.schemas import (
    ChatMessages,
    ConversationState,
    IncomingAccepted,
    IncomingRequest,
    LanguageChange,
    SessionCreated,
    SessionFound,
    SessionLookup,
    SessionRequest,
)
from backoffice.clock import ClockDep
from backoffice.conversation.incoming import Budget, record_message
from backoffice.conversation.models import Conversation
from backoffice.conversation.openings import find_session, open_session
from backoffice.conversation.queries import lock_conversation
from backoffice.conversation.reading import read_chat, read_state
from backoffice.database import DbSession, ReadSession, name_operation
from backoffice.live.service import announce
from backoffice.metrics.counters import MESSAGES
from backoffice.office.queries import front_door_id
from backoffice.office.service import describe_contact, find_office
from backoffice.service_access import ServiceOnly
from translations.languages import supported_or_source

router = APIRouter(prefix="/api/v1/service", tags=["service"], dependencies=[ServiceOnly])


@router.post("/sessions", status_code=201)
def create_session(request: SessionRequest, session: DbSession, clock: ClockDep) -> SessionCreated:
    """Open a web conversation."""
    office = find_office(session, front_door_id(session))
    language = supported_or_source(request.language)
    contact = describe_contact(office, language) if office else None
    return open_session(session, request, office=contact, now=clock())


@router.post("/sessions/lookup")
def look_up_session(request: SessionLookup, session: ReadSession) -> SessionFound:
    """Return the conversation that a session token opens; 404 where it opens none."""
    return find_session(session, request.token_sha256)


@router.post("/messages", status_code=201, responses={200: {"model": IncomingAccepted}})
def accept_message(
    request: IncomingRequest, http: Request, response: Response, session: DbSession, clock: ClockDep
) -> IncomingAccepted:
    """Store what a person sent: 201 the first time, 200 when it is stored already."""
    name_operation(session, "accept")
    budget = Budget(per_minute=http.app.state.settings.messages_per_minute)
    accepted = record_message(
        session,
        request,
        allowance=budget,
        on_file=http.app.state.on_file,
        while_waiting=http.app.state.while_waiting,
        on_choice=http.app.state.on_choice,
        on_words=http.app.state.on_words,
        now=clock(),
    )
    if request.attachment_id is not None:
        bind_key(session, Vault.of(http.app.state.settings), request.attachment_id)
    if accepted.repeated:
        response.status_code = 200
    else:
        conversation = session.get_one(
            Conversation, accepted.conversation_id
        )  # at hand: no question to the database
        MESSAGES.labels(conversation.channel.value, conversation.language).inc()
    return accepted


@router.get("/conversations/{conversation_id}")
def get_conversation(conversation_id: str, session: ReadSession) -> ConversationState:
    """Return a conversation as the actions need it."""
    return read_state(session, conversation_id)


@router.get("/conversations/{conversation_id}/messages")
def get_messages(
    conversation_id: str, session: ReadSession, after: Annotated[int, Query(ge=0)] = 0
) -> ChatMessages:
    """Return what the person may see of the conversation after a number."""
    return read_chat(session, conversation_id, after=after)


@router.put("/conversations/{conversation_id}/language")
def set_language(conversation_id: str, change: LanguageChange, session: DbSession) -> ConversationState:
    """Set the language that the person chose; no message changes it any more."""
    conversation = lock_conversation(session, conversation_id)
    conversation.language = supported_or_source(change.language)
    conversation.language_chosen = True
    session.flush()
    announce(session, conversation.id)
    return read_state(session, conversation_id)
