"""Pages of copies: who has asked, the release after a look at who asks, and the files for the person."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from backoffice.clock import ClockDep
from backoffice.database import DatabaseDep, DbSession, ReadSession
from backoffice.own_copy.making import make_copy
from backoffice.own_copy.models import IdentityCheck, RefusedBecause
from backoffice.own_copy.pdf import copy_pdf
from backoffice.own_copy.permissions import (
    ANSWERS_COPIES,
    answerable_copies,
    get_answerable_copy,
    get_person_who_asks,
)
from backoffice.own_copy.queries import answered_copies, open_copy_of, waiting_copies
from backoffice.own_copy.readable import make_readable
from backoffice.own_copy.service import ask_for_copy, due_at, read_writings, refuse_copy, release_copy
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn, require_role
from backoffice.templating import redirect, render

router = APIRouter(include_in_schema=False)

Answerer = Annotated[Staff, Depends(require_role(*ANSWERS_COPIES))]

MOST = 100
"""Lines of each list on the page; the API has them all."""


class ReleaseForm(BaseModel):
    """How it is known who asks, and which internal writings go along."""

    identity: IdentityCheck
    writings: list[Annotated[str, Field(max_length=60)]] = []


class RefusalForm(BaseModel):
    """Why there is no copy."""

    because: RefusedBecause


@router.get("/copies")
def copies_page(request: Request, session: ReadSession, staff: Answerer, clock: ClockDep) -> Response:
    """Show who has asked for a copy of their data, and what became of earlier requests."""
    answerable = answerable_copies(staff)
    return render(
        request,
        "own_copy/copies.html",
        staff=staff,
        waiting=waiting_copies(session, answerable, limit=MOST),
        answered=answered_copies(session, answerable, limit=MOST),
        due_at=due_at,
        now=clock(),
    )


@router.post("/persons/{person_id}/copies")
def submit_copy(person_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Write down that a person at the desk wants a copy; a request that waits already is shown."""
    person = get_person_who_asks(session, staff, person_id)
    asked = open_copy_of(session, person.id) or ask_for_copy(session, person, by=staff.id, now=clock())
    return redirect(f"/copies/{asked.id}")


@router.get("/copies/{copy_id}")
def copy_page(
    request: Request, copy_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show one request: what is to be checked before it is released, then its files."""
    asked, now = get_answerable_copy(session, staff, copy_id), clock()
    return render(
        request,
        "own_copy/copy.html",
        staff=staff,
        asked=asked,
        due=due_at(asked),
        now=now,
        is_mine=asked.answered_by == staff.id and asked.is_ready(now),
        writings=read_writings(session, asked, by=staff.id, now=now) if asked.is_open else [],
        identities=list(IdentityCheck),
        reasons=list(RefusedBecause),
    )


@router.post("/copies/{copy_id}/release")
def submit_release(
    copy_id: str,
    form: Annotated[ReleaseForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Release a copy."""
    asked = get_answerable_copy(session, staff, copy_id)
    release_copy(session, asked, identity=form.identity, writings=form.writings, by=staff.id, now=clock())
    return redirect(f"/copies/{asked.id}", notice="copy_released")


@router.post("/copies/{copy_id}/refusal")
def submit_refusal(
    copy_id: str,
    form: Annotated[RefusalForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """End a request without a copy."""
    asked = get_answerable_copy(session, staff, copy_id)
    refuse_copy(session, asked, form.because, by=staff.id, now=clock())
    return redirect("/copies", notice="copy_refused")


@router.get("/copies/{copy_id}/file.json")
def json_file(copy_id: str, database: DatabaseDep, staff: SignedIn, clock: ClockDep) -> Response:
    """Send the copy as JSON, to be kept or taken elsewhere."""
    made = make_copy(database, staff, copy_id, form="json", now=clock())
    return _download(made.model_dump_json(indent=2).encode(), "application/json", "json")


@router.get("/copies/{copy_id}/file.pdf")
def pdf_file(copy_id: str, database: DatabaseDep, staff: SignedIn, clock: ClockDep) -> Response:
    """Send the copy as a PDF, to be read and printed."""
    made = make_copy(database, staff, copy_id, form="pdf", now=clock())
    return _download(copy_pdf(make_readable(made)), "application/pdf", "pdf")


def _download(content: bytes, media_type: str, ending: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="sportello-data.{ending}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=media_type, headers=headers)
