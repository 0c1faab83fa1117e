"""One person as JSON: what is known, what is restricted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field, ValidationError, create_model
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.people import get_changeable_person, get_readable_person
from backoffice.case.schemas import Document, PersonOut
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.errors import BackofficeError
from backoffice.person.blind_index import index_key
from backoffice.person.details import Details, Restricted
from backoffice.person.models import OpeningReason, Person
from backoffice.person.service import (
    change_person,
    change_restricted,
    open_restricted,
    read_details,
    read_restricted,
)
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/persons", tags=["persons"])


class DetailsRefused(BackofficeError):
    """The details do not fit each other or their form."""

    status = 422

    def __init__(self) -> None:
        super().__init__("persons.error.details", way_out="persons.error.details.way_out")


class PersonFull(PersonOut):
    """One person with what is known; `version` goes back with a change."""

    version: int
    details: Details


_CHANGEABLE: dict[str, Any] = {
    name: (field.rebuild_annotation() | None, None) for name, field in Details.model_fields.items()
}
DetailsChange: Any = create_model("DetailsChange", __base__=Document, **_CHANGEABLE)
"""Each field of `Details`; what is left out stays, null empties it."""


class PersonChange(Document):
    """What shall be different, and the version that the caller read."""

    version: Annotated[int, Field(ge=0)]
    name: str | None = Field(default=None, max_length=200)
    phone: str | None = Field(default=None, max_length=20)
    details: DetailsChange | None = None


class OpeningIn(Document):
    """Why what is restricted shall be opened."""

    reason: OpeningReason
    words: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]


class OpeningOut(Document):
    """Until when it is open for the caller."""

    until: datetime


class RestrictedOut(Document):
    """What is restricted, and its version."""

    version: int
    restricted: Restricted


@router.get("/{person_id}")
def read_person(person_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> PersonFull:
    """Return one person; who reads is noted in the audit trail."""
    person = get_readable_person(session, staff, person_id)
    audit.record(
        session,
        by=staff.id,
        action="person.read",
        subject_kind="person",
        subject_id=person.id,
        now=clock(),
    )
    return _full(session, person)


@router.patch("/{person_id}")
def patch_person(
    person_id: str, change: PersonChange, http: Request, session: DbSession, staff: SignedIn, clock: ClockDep
) -> PersonFull:
    """Change a person; 409 with both values (`differences`) where somebody was faster."""
    person = get_changeable_person(session, staff, person_id)
    try:
        change_person(
            session,
            person,
            _changes(change),
            seen=change.version,
            key=index_key(session),
            by=staff.id,
            now=clock(),
        )
    except ValidationError as wrong:
        raise DetailsRefused from wrong
    return _full(session, person)


@router.post("/{person_id}/restricted/open", status_code=201)
def open_hidden(
    person_id: str, opening: OpeningIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> OpeningOut:
    """Open what is restricted for the caller alone, for 30 minutes."""
    person = get_changeable_person(session, staff, person_id)
    opened = open_restricted(
        session, person, reason=opening.reason, words=opening.words, staff_id=staff.id, now=clock()
    )
    return OpeningOut(until=opened.until)


@router.get("/{person_id}/restricted")
def read_hidden(person_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> RestrictedOut:
    """Return what is restricted; 403 unless the caller has opened it."""
    person = get_changeable_person(session, staff, person_id)
    restricted, version = read_restricted(session, person, staff_id=staff.id, now=clock())
    return RestrictedOut(version=version, restricted=restricted)


@router.put("/{person_id}/restricted")
def write_hidden(
    person_id: str, wanted: RestrictedOut, session: DbSession, staff: SignedIn, clock: ClockDep
) -> RestrictedOut:
    """Replace what is restricted; 403 unless the caller has opened it."""
    person = get_changeable_person(session, staff, person_id)
    version = change_restricted(
        session, person, wanted.restricted, seen=wanted.version, staff_id=staff.id, now=clock()
    )
    return RestrictedOut(version=version, restricted=wanted.restricted)


def _changes(change: PersonChange) -> dict[str, Any]:
    sent = change.model_dump(mode="json", exclude_unset=True)
    sent.pop("version")
    details = sent.pop("details", None) or {}
    empty = Details().model_dump(mode="json")
    return sent | {field: empty[field] if value is None else value for field, value in details.items()}


def _full(session: Session, person: Person) -> PersonFull:
    details, version = read_details(session, person.id)
    return PersonFull(
        id=person.id,
        name=person.name,
        phone=person.phone,
        languages=list(person.languages),
        version=version,
        details=details,
    )
