"""The JSON API of the people served and of their consents; it stands here since rights come from cases."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import or_, select

from backoffice.case.people import people_of_own_body, readable_people
from backoffice.case.schemas import Document, PersonOut, person_out
from backoffice.consent.models import Consent, ConsentAnswer
from backoffice.database import ReadSession
from backoffice.encryption.together import load_all
from backoffice.person.models import Person, PersonMerge
from backoffice.person.standing import ids_of_person
from backoffice.staff.sign_in import SignedInCaseStaff

router = APIRouter(prefix="/api/v1", tags=["persons"])

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=36, description="the id of the last item of the page before")]


class PersonList(Document):
    """One page of people, newest first."""

    items: list[PersonOut]
    next: str | None


class ConsentOut(Document):
    """One row of the ledger: what was asked, in which words, and the answer."""

    id: str
    person: str
    purpose: str
    answer: ConsentAnswer
    text_version: str
    text: str
    language: str
    conversation: str | None
    recorded_at: datetime


class ConsentList(Document):
    """One page of the ledger, newest first."""

    items: list[ConsentOut]
    next: str | None


@router.get("/persons")
def list_persons(
    session: ReadSession, staff: SignedInCaseStaff, limit: Limit = 50, cursor: Cursor = None
) -> PersonList:
    """List the people whom the caller may know of, newest first."""
    statement = readable_people(staff)
    if cursor:
        statement = statement.where(Person.id < cursor)  # ids grow with time (`database.new_id`)
    found = load_all(session, statement.order_by(Person.id.desc()).limit(limit + 1))
    items = [person_out(person) for person in found[:limit]]
    return PersonList(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/consents")
def list_consents(
    session: ReadSession,
    staff: SignedInCaseStaff,
    person: Annotated[str | None, Query(max_length=36)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ConsentList:
    """List the ledger of the people whom the caller may know of, newest first."""
    known = people_of_own_body(staff).with_only_columns(Person.id)
    statement = select(Consent).where(Consent.person_id.in_(known))
    if person:
        ids = ids_of_person(session, person) if session.scalar(known.where(Person.id == person)) else []
        statement = select(Consent).where(Consent.person_id.in_(ids))
    else:
        merged = select(PersonMerge.merged_id).where(
            PersonMerge.person_id.in_(known), PersonMerge.undone_at.is_(None)
        )
        statement = select(Consent).where(or_(Consent.person_id.in_(known), Consent.person_id.in_(merged)))
    if cursor:
        statement = statement.where(Consent.id < cursor)
    found = session.scalars(statement.order_by(Consent.id.desc()).limit(limit + 1)).all()
    items = [_consent_out(row) for row in found[:limit]]
    return ConsentList(items=items, next=items[-1].id if len(found) > limit else None)


def _consent_out(row: Consent) -> ConsentOut:
    return ConsentOut(
        id=row.id,
        person=row.person_id,
        purpose=row.purpose,
        answer=row.answer,
        text_version=row.text_version,
        text=row.text,
        language=row.language,
        conversation=row.conversation_id,
        recorded_at=row.recorded_at,
    )
