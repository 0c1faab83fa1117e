"""A person's household as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from backoffice.audit import service as audit
from backoffice.case.people import get_changeable_person, get_readable_person
from backoffice.case.schemas import Document
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.household.models import Household
from backoffice.household.service import HouseholdFacts, Member, household_of, write_household
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/persons", tags=["persons"])


class HouseholdBody(Document):
    """A household; version 0 and no members where none was written down."""

    version: Annotated[int, Field(ge=0)]
    facts: HouseholdFacts = HouseholdFacts()
    members: list[Member] = Field(default=[], max_length=30)


@router.get("/{person_id}/household")
def read_household(person_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> HouseholdBody:
    """Return the household of a person; who reads is noted in the audit trail."""
    person = get_readable_person(session, staff, person_id)
    audit.record(
        session,
        by=staff.id,
        action="household.read",
        subject_kind="person",
        subject_id=person.id,
        now=clock(),
    )
    household = household_of(session, person.id)
    return _out(household) if household else HouseholdBody(version=0)


@router.put("/{person_id}/household")
def put_household(
    person_id: str, body: HouseholdBody, session: DbSession, staff: SignedIn, clock: ClockDep
) -> HouseholdBody:
    """Replace the household; 409 where somebody was faster or a member lives in another one."""
    person = get_changeable_person(session, staff, person_id)
    for member in body.members:
        if member.person is not None:
            get_changeable_person(session, staff, member.person)
    household = write_household(
        session, person, body.facts, body.members, seen=body.version, by=staff.id, now=clock()
    )
    return _out(household)


def _out(household: Household) -> HouseholdBody:
    members = [
        Member(person=row.person_id, name=row.name, relation=row.relation, **row.traits)
        for row in household.members
    ]
    facts = HouseholdFacts.model_validate(household.facts)
    return HouseholdBody(version=household.version, facts=facts, members=members)
