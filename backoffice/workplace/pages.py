"""Ready answers, kept filters, and what calls an open page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from backoffice.client.schemas import LanguageCode
from backoffice.clock import ClockDep
from backoffice.conversation.permissions import get_readable_conversation, readable_conversations
from backoffice.conversation.words import clean
from backoffice.database import DbSession, ReadSession
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedInMediator, SignedInReader
from backoffice.templating import interface_language, redirect, render
from backoffice.workplace.calls import CallKind, read_calls
from backoffice.workplace.errors import ReplyRefused
from backoffice.workplace.permissions import get_editable_reply, get_own_filter, may_edit, readable_replies
from backoffice.workplace.queries import canned_replies, saved_filters
from backoffice.workplace.service import keep_filter, keep_reply, read_query, values_for
from backoffice.workplace.variables import NAMES, fill
from translations.catalog import text as sentence
from translations.languages import LANGUAGES, direction

router = APIRouter(include_in_schema=False)

Code = Annotated[str, Form(max_length=60)]
Words = Annotated[str, Form(max_length=4000)]
Language = Annotated[LanguageCode, Form()]


class ReadyAnswer(BaseModel):
    """A ready answer as the composer offers it: its variables are put in."""

    code: str
    language: str
    direction: str
    text: str


class ReadyAnswers(BaseModel):
    """All ready answers, for one conversation."""

    items: list[ReadyAnswer]


class CallOut(BaseModel):
    """One reason to look; who and what is not said."""

    conversation: str
    kind: CallKind
    mark: str


class CallsOut(BaseModel):
    """All that calls the reader now."""

    unread: int
    calls: list[CallOut]


@router.get("/canned-replies")
def canned_page(
    request: Request,
    session: ReadSession,
    staff: SignedInReader,
    language: Annotated[str, Query(max_length=10)] = "",
    q: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Show the ready answers, with their variables put in."""
    readable = readable_replies(staff)
    chosen = language if language in LANGUAGES else ""
    found = canned_replies(session, readable, language=chosen, words=clean(q).strip())
    values = values_for(session, staff, None)
    return render(
        request,
        "workplace/canned_replies.html",
        staff=staff,
        replies=[(reply, fill(reply.text, values, reply.language)) for reply in found],
        languages=list(LANGUAGES),
        chosen=chosen,
        q=q,
        can_edit=may_edit(staff),
        variables=NAMES,
    )


@router.post("/canned-replies")
def submit_canned_reply(
    request: Request,
    session: DbSession,
    staff: SignedInMediator,
    clock: ClockDep,
    code: Code,
    language: Language,
    text: Words,
) -> Response:
    """Keep a new ready answer; one that cannot be kept comes back with the reason."""
    readable_replies(staff)
    try:
        keep_reply(session, None, code=code, language=language, text=text, staff=staff, now=clock())
    except ReplyRefused as refused:
        return _form(request, staff, None, code=code, language=language, text=text, refused=refused)
    return redirect("/canned-replies", notice="canned_kept")


@router.get("/canned-replies/for/{conversation_id}")
def canned_for_conversation(
    conversation_id: str, session: ReadSession, staff: SignedInReader
) -> ReadyAnswers:
    """Return the ready answers with what is known of this conversation."""
    conversation = get_readable_conversation(session, staff, conversation_id)
    values = values_for(session, staff, conversation)
    return ReadyAnswers(
        items=[
            ReadyAnswer(
                code=reply.code,
                language=reply.language,
                direction=direction(reply.language),
                text=fill(reply.text, values, reply.language),
            )
            for reply in canned_replies(session, readable_replies(staff))
        ]
    )


@router.get("/canned-replies/{reply_id}")
def edit_page(request: Request, reply_id: str, session: ReadSession, staff: SignedInMediator) -> Response:
    """Show one ready answer to change it."""
    reply = get_editable_reply(session, staff, reply_id)
    return _form(request, staff, reply.id, code=reply.code, language=reply.language, text=reply.text)


@router.post("/canned-replies/{reply_id}")
def submit_change(
    request: Request,
    reply_id: str,
    session: DbSession,
    staff: SignedInMediator,
    clock: ClockDep,
    code: Code,
    language: Language,
    text: Words,
) -> Response:
    """Change a ready answer; one that cannot be kept comes back with the reason."""
    reply = get_editable_reply(session, staff, reply_id)
    try:
        keep_reply(session, reply, code=code, language=language, text=text, staff=staff, now=clock())
    except ReplyRefused as refused:
        return _form(request, staff, reply_id, code=code, language=language, text=text, refused=refused)
    return redirect("/canned-replies", notice="canned_kept")


@router.post("/canned-replies/{reply_id}/delete")
def submit_deletion(reply_id: str, session: DbSession, staff: SignedInMediator) -> Response:
    """Delete a ready answer."""
    session.delete(get_editable_reply(session, staff, reply_id))
    return redirect("/canned-replies", notice="canned_deleted")


@router.get("/saved-filters")
def filters_page(request: Request, session: ReadSession, staff: SignedInReader) -> Response:
    """Show the lists that the reader has kept."""
    readable_conversations(staff)
    kept = saved_filters(session, staff.id)
    return render(request, "workplace/saved_filters.html", staff=staff, filters=kept)


@router.get("/saved-filters/list")
def filters_fragment(request: Request, session: ReadSession, staff: SignedInReader) -> Response:
    """Show them alone, above the list of conversations."""
    readable_conversations(staff)
    kept = saved_filters(session, staff.id)
    return render(request, "workplace/_saved_filters.html", staff=staff, filters=kept)


@router.post("/saved-filters")
def submit_filter(
    session: DbSession,
    staff: SignedInReader,
    clock: ClockDep,
    name: Annotated[str, Form(max_length=200)],
    query: Annotated[str, Form(max_length=2000)],
) -> Response:
    """Keep the list that is open under a name."""
    readable_conversations(staff)
    kept = keep_filter(session, staff=staff, name=name, query=query, now=clock())
    return redirect(read_query(kept.query).address(), notice="filter_kept")


@router.post("/saved-filters/{filter_id}/delete")
def submit_filter_deletion(filter_id: str, session: DbSession, staff: SignedInReader) -> Response:
    """Forget a kept list."""
    session.delete(get_own_filter(session, staff, filter_id))
    return redirect("/saved-filters", notice="filter_deleted")


@router.get("/workplace/calls")
def calls(session: ReadSession, staff: SignedInReader) -> CallsOut:
    """Return what calls the reader now: ids and kinds, no word of anybody."""
    found = read_calls(session, readable_conversations(staff), staff)
    return CallsOut(
        unread=found.unread,
        calls=[
            CallOut(conversation=each.conversation_id, kind=each.kind, mark=each.mark) for each in found.calls
        ],
    )


def _form(
    request: Request,
    staff: Staff,
    reply_id: str | None,
    *,
    code: str,
    language: str,
    text: str,
    refused: ReplyRefused | None = None,
) -> Response:
    ui = interface_language(request)
    return render(
        request,
        "workplace/canned_reply.html",
        staff=staff,
        status=refused.status if refused else 200,
        reply_id=reply_id,
        code=code,
        language=language,
        text=text,
        why=sentence(f"backoffice.{refused.message}", ui, **refused.values) if refused else None,
        languages=list(LANGUAGES),
        variables=NAMES,
    )
