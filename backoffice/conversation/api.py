"""Conversations for staff's programs: list, one, its messages and its files (contract, "Backoffice API")."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from backoffice.attachment.responses import attachment_response
from backoffice.attachment.service import read_attachment
from backoffice.client.schemas import Channel, LanguageCode, Mode
from backoffice.clock import ClockDep
from backoffice.conversation.permissions import get_readable_conversation, readable_conversations
from backoffice.conversation.renderings import ask_where_lacking
from backoffice.conversation.schemas import ConversationList, ConversationOut, MessageList, conversation_out
from backoffice.conversation.threads import Filters, list_conversations, read_thread
from backoffice.database import DatabaseDep, ReadSession
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"])

Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("")
def list_all(
    session: ReadSession,
    staff: SignedIn,
    mode: Mode | None = None,
    language: LanguageCode | None = None,
    channel: Channel | None = None,
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(max_length=36)] = None,
) -> ConversationList:
    """Return the conversations that the caller may read, the youngest first."""
    filters = Filters(mode=mode, language=language, channel=channel)
    readable = readable_conversations(staff)
    page, after = list_conversations(session, readable, filters, limit=limit, before=cursor)
    return ConversationList(items=[conversation_out(each) for each in page], next=after)


@router.get("/{conversation_id}")
def get_one(conversation_id: str, session: ReadSession, staff: SignedIn) -> ConversationOut:
    """Return one conversation."""
    return conversation_out(get_readable_conversation(session, staff, conversation_id))


@router.get("/{conversation_id}/messages")
def list_messages(
    conversation_id: str,
    session: ReadSession,
    database: DatabaseDep,
    staff: SignedIn,
    clock: ClockDep,
    limit: Limit = 200,
    cursor: Annotated[int, Query(ge=0)] = 0,
) -> MessageList:
    """Return the messages of a conversation, oldest first; the cursor is the `seq` to go on after.

    What the caller does not read is translated while a person waits or talks with a mediator: it then
    stands in `renderings`, at first as `pending`.
    """
    conversation = get_readable_conversation(session, staff, conversation_id)
    ask_where_lacking(session, database, conversation, staff=staff, now=clock())
    items, after = read_thread(session, conversation_id, after=cursor, limit=limit)
    return MessageList(items=items, next=str(after) if after is not None else None)


@router.get(
    "/{conversation_id}/attachments/{attachment_id}",
    response_class=Response,
    responses={200: {"content": {"*/*": {}}}},
)
def download(
    request: Request, conversation_id: str, attachment_id: str, session: ReadSession, staff: SignedIn
) -> Response:
    """Return a file of a conversation."""
    get_readable_conversation(session, staff, conversation_id)
    row = read_attachment(session, attachment_id, conversation_id=conversation_id)
    return attachment_response(request, row)
