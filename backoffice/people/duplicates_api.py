"""Who may be the same as a person, and what staff decide about it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field
from sqlalchemy import select

from backoffice.audit import service as audit
from backoffice.case.people import get_person_to_merge
from backoffice.case.schemas import Document
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.errors import NotFound
from backoffice.people.merging import merge, mergeable_fields, proposals, say_not_the_same, undo
from backoffice.person.blind_index import index_key
from backoffice.person.errors import NotMergeable
from backoffice.person.models import KeyKind, PersonMerge
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/persons", tags=["persons"])


class Proposal(Document):
    """Somebody who may be the same, and by what."""

    person: str
    alike: list[KeyKind]


class ProposalList(Document):
    """Never more than one page."""

    items: list[Proposal]
    next: None = None


class OtherPerson(Document):
    """The other one of a pair."""

    other: Annotated[str, Field(max_length=36)]


class MergeIn(OtherPerson):
    """`other` goes, the person of the address stays; `take` names the fields whose value is the other's."""

    take: list[str] = Field(default=[], max_length=60)


class MergeOut(Document):
    """A merge; with its id it can be undone."""

    id: str
    person: str
    other: str
    undone: bool


@router.get("/{person_id}/duplicates")
def list_duplicates(person_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> ProposalList:
    """List who may be the same person; who asks is noted in the audit trail."""
    person = get_person_to_merge(session, staff, person_id)
    audit.record(
        session,
        by=staff.id,
        action="person.duplicates_read",
        subject_kind="person",
        subject_id=person.id,
        now=clock(),
    )
    found = proposals(session, person)
    return ProposalList(items=[Proposal(person=other, alike=sorted(found[other])) for other in sorted(found)])


@router.post("/{person_id}/not-same")
def not_the_same(
    person_id: str, pair: OtherPerson, session: DbSession, staff: SignedIn, clock: ClockDep
) -> ProposalList:
    """Remember that two people are two; return who may still be the same."""
    person = get_person_to_merge(session, staff, person_id)
    other = get_person_to_merge(session, staff, pair.other)
    say_not_the_same(session, person, other, by=staff.id, now=clock())
    return list_duplicates(person_id, session, staff, clock)


@router.post("/{person_id}/merge")
def merge_people(
    person_id: str, wanted: MergeIn, http: Request, session: DbSession, staff: SignedIn, clock: ClockDep
) -> MergeOut:
    """Make one person of two."""
    stays = get_person_to_merge(session, staff, person_id)
    goes = get_person_to_merge(session, staff, wanted.other)
    take = frozenset(wanted.take)
    if not take <= mergeable_fields():
        raise NotMergeable
    key = index_key(session)
    return _out(merge(session, stays, goes, take, key=key, by=staff.id, now=clock()))


@router.post("/{person_id}/merges/{merge_id}/undo")
def undo_merge(
    person_id: str, merge_id: str, http: Request, session: DbSession, staff: SignedIn, clock: ClockDep
) -> MergeOut:
    """Take two people apart again."""
    person = get_person_to_merge(session, staff, person_id)
    statement = select(PersonMerge).where(PersonMerge.id == merge_id, PersonMerge.person_id == person.id)
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise NotFound
    undo(session, row, key=index_key(session), by=staff.id, now=clock())
    return _out(row)


def _out(row: PersonMerge) -> MergeOut:
    return MergeOut(id=row.id, person=row.person_id, other=row.merged_id, undone=row.undone_at is not None)
