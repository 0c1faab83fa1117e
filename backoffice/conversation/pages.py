"""The pages of conversations: the list, a thread, and the fragments that keep open pages up to date."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from backoffice.attachment.responses import attachment_response
from backoffice.attachment.service import read_attachment
from backoffice.audit import service as audit
from backoffice.client.schemas import Channel, Mode
from backoffice.clock import ClockDep
from backoffice.conversation.bubbles import read_bubbles
from backoffice.conversation.facts import read_facts
from backoffice.conversation.floor_view import view_floor
from backoffice.conversation.inbox import MOST_COUNTED, Reader, count_queues, other_rows, waiting_rows
from backoffice.conversation.labels import known_labels, labels_of
from backoffice.conversation.models import Conversation, NoteKind
from backoffice.conversation.permissions import get_readable_conversation, readable_conversations
from backoffice.conversation.read_marks import mark_read, read_up_to
from backoffice.conversation.renderings import FLAGS, ask_for_history, ask_where_lacking, install_command
from backoffice.conversation.search import ConversationSearch
from backoffice.database import DatabaseDep, DbSession, ReadSession
from backoffice.italy import day_in_italy
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


class ListAddress(ConversationSearch):
    """The list's address; `at` is the thread that stands open beside the list."""

    at: str = ""


class ThreadAddress(ConversationSearch):
    """A thread's address: the list that it was opened from, and the message to begin after."""

    after: int | None = Field(default=None, ge=0)


@router.get("/conversations")
def list_page(
    request: Request,
    session: ReadSession,
    staff: SignedInReader,
    clock: ClockDep,
    search: Annotated[ListAddress, Query()],
) -> Response:
    """Show the conversations, who waits first, with filters in the address."""
    return _render_list(request, session, staff, clock, search, "conversation/list.html")


@router.get("/conversations/list")
def list_fragment(
    request: Request,
    session: ReadSession,
    staff: SignedInReader,
    clock: ClockDep,
    search: Annotated[ListAddress, Query()],
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
    search: Annotated[ThreadAddress, Query()],
) -> Response:
    """Show a thread; who reads it is noted in the audit trail, and what they have read in their mark."""
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
    start = max(conversation.last_seq - SHOWN_AT_FIRST, 0) if search.after is None else search.after
    path = f"/conversations/{conversation.id}"
    earlier = search.address(path, after=str(max(start - SHOWN_AT_FIRST, 0))) if start else None
    already_read = read_up_to(session, conversation.id, staff.id)
    mark_read(session, conversation.id, staff.id, seq=conversation.last_seq)
    return _render_thread(
        request,
        session,
        staff,
        conversation,
        "conversation/thread.html",
        after=start,
        earlier=earlier,
        search=search,
        already_read=already_read,
        known_labels=known_labels(session, staff.organisation_id),
        note_kinds=list(NoteKind),
        today=day_in_italy(clock()),
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
    return _render_thread(
        request,
        session,
        staff,
        conversation,
        "conversation/_news.html",
        after=after,
        believes_to_write=bool(mine),
        already_read=0,
        today=day_in_italy(clock()),
    )


@router.get("/conversations/{conversation_id}/attachments/{attachment_id}")
def download(
    request: Request, conversation_id: str, attachment_id: str, session: ReadSession, staff: SignedInReader
) -> Response:
    """Return a file that the person sent: pictures and sounds to be shown, the rest as a download."""
    get_readable_conversation(session, staff, conversation_id)
    row = read_attachment(session, attachment_id, conversation_id=conversation_id)
    return attachment_response(request, row)


@router.get("/conversations/{conversation_id}/attachments/{attachment_id}/preview")
def preview(
    request: Request, conversation_id: str, attachment_id: str, session: ReadSession, staff: SignedInReader
) -> Response:
    """Return the small picture that stands in the thread."""
    get_readable_conversation(session, staff, conversation_id)
    row = read_attachment(session, attachment_id, conversation_id=conversation_id)
    return attachment_response(request, row, preview=True)


def _render_list(
    request: Request,
    session: Session,
    staff: Staff,
    clock: ClockDep,
    search: ListAddress,
    template: str,
) -> Response:
    now, mode = clock(), search.known_mode
    reader = Reader(staff, now, search.words)
    readable = readable_conversations(staff)
    statement = search.narrow(session, readable, staff, now=now)
    waiting = others = after = None
    if mode in (None, Mode.WAITING) and search.queue != "mine" and not search.cursor:
        waiting = waiting_rows(session, statement, reader)
    if mode is not Mode.WAITING:
        try:
            others, after = other_rows(session, statement, reader, limit=PAGE, cursor=search.cursor or None)
        except InvalidCursor:
            others, after = other_rows(session, statement, reader, limit=PAGE, cursor=None)
    return render(
        request,
        template,
        staff=staff,
        search=search,
        waiting=waiting,
        others=others,
        next=after,
        counts=count_queues(session, readable, staff.id),
        most_counted=MOST_COUNTED,
        known_labels=known_labels(session, staff.organisation_id),
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
    believes_to_write: bool = False,
    **values: Any,
) -> Response:
    bubbles = read_bubbles(session, conversation.id, after=after)
    floor = view_floor(session, conversation, staff)
    return render(
        request,
        template,
        staff=staff,
        conversation=conversation,
        messages=bubbles,
        last_seq=bubbles[-1].seq if bubbles else after,
        floor=floor,
        can_claim=floor.may_claim,
        reply_languages=list(dict.fromkeys([conversation.language, "it", *staff.languages])),
        write_in=conversation.language if conversation.language in staff.languages else "it",
        install_command=install_command,
        translation_flags=FLAGS,
        earlier=earlier,
        lost=_lost_words(request, conversation) if believes_to_write and not floor.may_write else None,
        facts=read_facts(conversation.summary),
        labels=labels_of(session, [conversation.id]).get(conversation.id, []),
        **values,
    )


def _lost_words(request: Request, conversation: Conversation) -> str:
    ui = interface_language(request)
    if conversation.holder is None:
        return text("backoffice.thread.lost", ui)
    return text("backoffice.thread.lost_to", ui, name=conversation.holder.name)
