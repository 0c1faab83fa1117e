"""What staff put onto a conversation from its page: notes, labels, a day to look again, how far they read."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from backoffice.clock import ClockDep
from backoffice.conversation.errors import NotADay
from backoffice.conversation.follow_ups import set_follow_up
from backoffice.conversation.labels import add_label, remove_label
from backoffice.conversation.models import Conversation, NoteKind
from backoffice.conversation.notes import write_note
from backoffice.conversation.permissions import get_readable_conversation
from backoffice.conversation.queries import lock_conversation
from backoffice.conversation.read_marks import mark_read
from backoffice.database import DbSession
from backoffice.idempotency.service import once
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedInReader
from backoffice.templating import interface_language, redirect

router = APIRouter(prefix="/conversations/{conversation_id}", include_in_schema=False)

Name = Annotated[str, Form(max_length=200)]


class NoteWritten(BaseModel):
    """The number of the note in its thread."""

    seq: int


@router.post("/notes")
def submit_note(
    request: Request,
    conversation_id: str,
    session: DbSession,
    staff: SignedInReader,
    clock: ClockDep,
    text: Annotated[str, Form(max_length=4000)],
    kind: Annotated[NoteKind, Form()] = NoteKind.INTERNAL,
    key: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Write a note into the thread; the page's own key makes a second try of the same words harmless."""
    get_readable_conversation(session, staff, conversation_id)

    def act() -> NoteWritten:
        written = write_note(
            session,
            lock_conversation(session, conversation_id),
            staff=staff,
            kind=kind,
            text=text,
            language=interface_language(request),
            now=clock(),
        )
        return NoteWritten(seq=written.seq)

    note = once(
        session,
        act,
        result_type=NoteWritten,
        principal=f"staff:{staff.id}",
        operation="conversation_note",
        key=key or None,
        request=[conversation_id, kind, text],
        now=clock(),
    )
    return redirect(f"/conversations/{conversation_id}#m{note.seq}")


@router.post("/labels")
def submit_label(
    conversation_id: str, session: DbSession, staff: SignedInReader, clock: ClockDep, name: Name
) -> Response:
    """Put a label on the conversation."""
    add_label(session, _locked(session, staff, conversation_id), name, staff=staff, now=clock())
    return redirect(f"/conversations/{conversation_id}#about-title")


@router.post("/labels/remove")
def submit_label_removal(
    conversation_id: str, session: DbSession, staff: SignedInReader, clock: ClockDep, name: Name
) -> Response:
    """Take a label off the conversation."""
    remove_label(session, _locked(session, staff, conversation_id), name, staff=staff, now=clock())
    return redirect(f"/conversations/{conversation_id}#about-title")


@router.post("/follow-up")
def submit_follow_up(
    conversation_id: str,
    session: DbSession,
    staff: SignedInReader,
    clock: ClockDep,
    day: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Note the day on which to look again; an empty field takes it away."""
    conversation = _locked(session, staff, conversation_id)
    set_follow_up(session, conversation, _read_day(day), staff=staff, now=clock())
    return redirect(f"/conversations/{conversation_id}#about-title")


@router.post("/read", status_code=204)
def submit_read(
    conversation_id: str, session: DbSession, staff: SignedInReader, seq: Annotated[int, Form(ge=0)]
) -> None:
    """Note how far somebody has read, from a page that is open and seen."""
    conversation = get_readable_conversation(session, staff, conversation_id)
    mark_read(session, conversation.id, staff.id, seq=min(seq, conversation.last_seq))


def _locked(session: Session, staff: Staff, conversation_id: str) -> Conversation:
    get_readable_conversation(session, staff, conversation_id)
    return lock_conversation(session, conversation_id)


def _read_day(written: str) -> date | None:
    if not written.strip():
        return None
    try:
        return date.fromisoformat(written.strip())
    except ValueError as wrong:
        raise NotADay from wrong
