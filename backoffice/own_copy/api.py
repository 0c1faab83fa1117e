"""The JSON API of copies of a person's own data."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from backoffice.attachment.responses import A_FILE
from backoffice.clock import ClockDep
from backoffice.database import DatabaseDep, DbSession, ReadSession
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.own_copy.making import make_copy
from backoffice.own_copy.models import IdentityCheck, OwnCopy, RefusedBecause
from backoffice.own_copy.pdf import copy_pdf
from backoffice.own_copy.permissions import (
    ANSWERS_COPIES,
    answerable_copies,
    get_answerable_copy,
    get_person_who_asks,
)
from backoffice.own_copy.queries import answered_copies, waiting_copies
from backoffice.own_copy.readable import make_readable
from backoffice.own_copy.service import ask_for_copy, due_at, read_writings, refuse_copy, release_copy
from backoffice.own_copy.shape import OwnCopyFile
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn, require_role

router = APIRouter(prefix="/api/v1", tags=["copies"])

Answerer = Annotated[Staff, Depends(require_role(*ANSWERS_COPIES))]

MOST = 200


class CopyOut(BaseModel):
    """A request; `answered_at` null: it waits, by `due_at` the person has a right to the answer."""

    id: str
    person: str
    asked_at: datetime
    due_at: datetime
    in_chat: bool
    answered_at: datetime | None
    identity: IdentityCheck | None
    refused_because: RefusedBecause | None
    until: datetime | None


class CopyList(BaseModel):
    """The requests that wait, the oldest first, then those answered, the latest first; one page."""

    items: list[CopyOut]
    next: None = None


class WritingOut(BaseModel):
    """What staff wrote for themselves; whoever releases a copy says whether it goes along."""

    id: str
    kind: str
    at: datetime
    words: str
    case: str | None


class WritingList(BaseModel):
    """All of them, the oldest first."""

    items: list[WritingOut]
    next: None = None


class ReleaseIn(BaseModel):
    """How it is known who asks, and the ids of the writings that go along."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    identity: IdentityCheck
    writings: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=5000)] = []


class RefusalIn(BaseModel):
    """Why there is no copy."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    because: RefusedBecause


@router.get("/copies")
def list_copies(session: ReadSession, staff: Answerer) -> CopyList:
    """Return who has asked the caller's body for a copy of their data."""
    answerable = answerable_copies(staff)
    waiting = waiting_copies(session, answerable, limit=MOST)
    answered = answered_copies(session, answerable, limit=MOST - len(waiting))
    return CopyList(items=[_out(each) for each in (*waiting, *answered)])


@router.post("/persons/{person_id}/copies", status_code=201)
def create_copy(
    person_id: str, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> CopyOut:
    """Write down that a person wants a copy."""
    person = get_person_who_asks(session, staff, person_id)

    def act() -> CopyOut:
        return _out(ask_for_copy(session, person, by=staff.id, now=clock()))

    return once(
        session,
        act,
        result_type=CopyOut,
        principal=f"staff:{staff.id}",
        operation="own_copy.ask",
        key=key,
        request=[person_id],
        now=clock(),
    )


@router.get("/copies/{copy_id}/writings")
def list_writings(copy_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> WritingList:
    """Return what staff wrote for themselves about the person."""
    asked = get_answerable_copy(session, staff, copy_id)
    found = read_writings(session, asked, by=staff.id, now=clock())
    return WritingList(
        items=[
            WritingOut(id=each.id, kind=each.kind, at=each.at, words=each.words, case=each.of)
            for each in found
        ]
    )


@router.post("/copies/{copy_id}/release")
def release(copy_id: str, form: ReleaseIn, session: DbSession, staff: SignedIn, clock: ClockDep) -> CopyOut:
    """Release a copy: for two hours the caller can fetch it."""
    asked = get_answerable_copy(session, staff, copy_id)
    return _out(
        release_copy(session, asked, identity=form.identity, writings=form.writings, by=staff.id, now=clock())
    )


@router.post("/copies/{copy_id}/refusal")
def refuse(copy_id: str, form: RefusalIn, session: DbSession, staff: SignedIn, clock: ClockDep) -> CopyOut:
    """End a request without a copy."""
    asked = get_answerable_copy(session, staff, copy_id)
    return _out(refuse_copy(session, asked, form.because, by=staff.id, now=clock()))


@router.get("/copies/{copy_id}/file")
def read_copy(copy_id: str, database: DatabaseDep, staff: SignedIn, clock: ClockDep) -> OwnCopyFile:
    """Return the copy as the documented JSON."""
    return make_copy(database, staff, copy_id, form="json", now=clock())


@router.get("/copies/{copy_id}/file.pdf", **A_FILE)
def read_copy_as_pdf(copy_id: str, database: DatabaseDep, staff: SignedIn, clock: ClockDep) -> Response:
    """Return the copy as a PDF in the person's language and Italian."""
    made = make_copy(database, staff, copy_id, form="pdf", now=clock())
    return Response(copy_pdf(make_readable(made)), media_type="application/pdf")


def _out(asked: OwnCopy) -> CopyOut:
    return CopyOut(
        id=asked.id,
        person=asked.person_id,
        asked_at=asked.asked_at,
        due_at=due_at(asked),
        in_chat=asked.conversation_id is not None,
        answered_at=asked.answered_at,
        identity=asked.identity,
        refused_because=asked.refused_because,
        until=asked.until,
    )
