"""The pages of conversations: the list, a thread, and the fragments that keep open pages up to date."""

from __future__ import annotations

from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, Response
from pydantic import BaseModel
from sqlalchemy import Select
from sqlalchemy.orm import Session

from backoffice.attachment.responses import attachment_response
from backoffice.attachment.service import read_attachment
from backoffice.audit import service as audit
from backoffice.client.schemas import Channel, Mode
from backoffice.clock import ClockDep
from backoffice.conversation.bubbles import read_bubbles
from backoffice.conversation.inbox import other_rows, waiting_rows
from backoffice.conversation.models import Conversation
from backoffice.conversation.permissions import (
    get_readable_conversation,
    may_claim,
    readable_conversations,
)
from backoffice.conversation.renderings import FLAGS, ask_for_history, ask_where_lacking, install_command
from backoffice.database import DatabaseDep, DbSession, ReadSession
from backoffice.paging import InvalidCursor
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedInReader
from backoffice.templating import interface_language, render
from translations.catalog import text
from translations.languages import LANGUAGES

router = APIRouter(include_in_schema=False)

PAGE = 30
SHOWN_AT_FIRST = 100
"""Messages of a thread before somebody asks for earlier ones."""

Code = TypeVar("Code", Mode, Channel)


class ConversationSearch(BaseModel):
    """The filters as they stand in the address. What no list knows narrows nothing."""

    mode: str = ""
    language: str = ""
    channel: str = ""
    holder: str = ""
    cursor: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(self.model_dump(exclude={"cursor"}).values())

    def address(self, path: str = "/conversations", **changed: str) -> str:
        """Return the address of the list with some parts changed; empty ones are left out."""
        parts = {name: value for name, value in {**self.model_dump(), **changed}.items() if value}
        return f"{path}?{urlencode(parts)}" if parts else path

    def narrow(self, statement: Select[Conversation], staff: Staff) -> Select[Conversation]:
        """Return the statement with these filters."""
        mode, channel = _known(Mode, self.mode), _known(Channel, self.channel)
        if mode is not None:
            statement = statement.where(Conversation.mode == mode)
        if channel is not None:
            statement = statement.where(Conversation.channel == channel)
        if self.language == "mine":
            statement = statement.where(Conversation.language.in_(staff.languages))
        elif self.language:
            statement = statement.where(Conversation.language == self.language)
        if self.holder == "me":
            statement = statement.where(Conversation.holder_id == staff.id)
        return statement


Search = Annotated[ConversationSearch, Query()]


@router.get("/conversations")
def list_page(
    request: Request, session: ReadSession, staff: SignedInReader, clock: ClockDep, search: Search
) -> Response:
    """Show the conversations, who waits first, with filters in the address."""
    return _render_list(request, session, staff, clock, search, "conversation/list.html")


@router.get("/conversations/list")
def list_fragment(
    request: Request, session: ReadSession, staff: SignedInReader, clock: ClockDep, search: Search
) -> Response:
    """Show the list alone, for a page that is open."""
    return _render_list(request, session, staff, clock, search, "conversation/_list.html")


@router.get("/conversations/{conversation_id}")
def thread_page(
    request: Request,
    conversation_id: str,
    session: DbSession,
    staff: SignedInReader,
    clock: ClockDep,
    after: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """Show a thread; who reads it is noted in the audit trail."""
    conversation = get_readable_conversation(session, staff, conversation_id)
    audit.record(
        session,
        by=staff.id,
        action="conversation.read",
        subject_kind="conversation",
        subject_id=conversation.id,
        now=clock(),
    )
    ask_for_history(session, conversation, staff=staff, now=clock())
    start = max(conversation.last_seq - SHOWN_AT_FIRST, 0) if after is None else after
    earlier = f"/conversations/{conversation.id}?after={max(start - SHOWN_AT_FIRST, 0)}" if start else None
    return _render_thread(
        request, session, staff, conversation, "conversation/thread.html", after=start, earlier=earlier
    )


@router.get("/conversations/{conversation_id}/news")
def thread_fragment(
    request: Request,
    conversation_id: str,
    session: ReadSession,
    database: DatabaseDep,
    staff: SignedInReader,
    clock: ClockDep,
    after: Annotated[int, Query(ge=0)],
    mine: str = "",
) -> Response:
    """Show what an open thread lacks; `mine` says that the page believes it holds the floor."""
    conversation = get_readable_conversation(session, staff, conversation_id)
    ask_where_lacking(session, database, conversation, staff=staff, now=clock())
    lost = _lost_words(request, conversation, staff) if mine else None
    return _render_thread(
        request, session, staff, conversation, "conversation/_news.html", after=after, lost=lost
    )


@router.get("/conversations/{conversation_id}/attachments/{attachment_id}")
def download(
    request: Request, conversation_id: str, attachment_id: str, session: ReadSession, staff: SignedInReader
) -> FileResponse:
    """Return a file that the person sent, as a download."""
    get_readable_conversation(session, staff, conversation_id)
    row = read_attachment(session, attachment_id, conversation_id=conversation_id)
    return attachment_response(request.app.state.settings.data_dir, row)


def _render_list(
    request: Request,
    session: Session,
    staff: Staff,
    clock: ClockDep,
    search: ConversationSearch,
    template: str,
) -> Response:
    now, mode = clock(), _known(Mode, search.mode)
    statement = search.narrow(readable_conversations(staff), staff)
    waiting = others = after = None
    if mode in (None, Mode.WAITING) and not search.cursor:
        waiting = waiting_rows(session, statement, now=now)
    if mode is not Mode.WAITING:
        try:
            others, after = other_rows(session, statement, limit=PAGE, cursor=search.cursor or None, now=now)
        except InvalidCursor:
            others, after = other_rows(session, statement, limit=PAGE, cursor=None, now=now)
    return render(
        request,
        template,
        staff=staff,
        search=search,
        waiting=waiting,
        others=others,
        next=after,
        modes=list(Mode),
        channels=list(Channel),
        languages=list(LANGUAGES),
    )


def _render_thread(
    request: Request,
    session: Session,
    staff: Staff,
    conversation: Conversation,
    template: str,
    *,
    after: int,
    earlier: str | None = None,
    lost: str | None = None,
) -> Response:
    bubbles = read_bubbles(session, conversation.id, after=after)
    return render(
        request,
        template,
        staff=staff,
        conversation=conversation,
        messages=bubbles,
        last_seq=bubbles[-1].seq if bubbles else after,
        can_claim=may_claim(staff),
        reply_languages=list(dict.fromkeys([conversation.language, "it", *staff.languages])),
        write_in=conversation.language if conversation.language in staff.languages else "it",
        install_command=install_command,
        translation_flags=FLAGS,
        earlier=earlier,
        lost=lost,
    )


def _lost_words(request: Request, conversation: Conversation, staff: Staff) -> str | None:
    if conversation.holder_id == staff.id:
        return None
    ui = interface_language(request)
    if conversation.holder is None:
        return text("backoffice.thread.lost", ui)
    return text("backoffice.thread.lost_to", ui, name=conversation.holder.name)


def _known(kind: type[Code], value: str) -> Code | None:
    try:
        return kind(value)
    except ValueError:
        return None
