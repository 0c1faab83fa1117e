"""Reads and writes down who lives with a person."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.household.models import Household, HouseholdMember, Relation
from backoffice.person.errors import AlreadyInHousehold, PersonChangedMeanwhile
from backoffice.person.models import Person


class IncomeSource(StrEnum):
    """What a household mainly lives on."""

    WORK = "work"
    BENEFITS = "benefits"
    PENSION = "pension"
    FAMILY = "family"
    NONE = "none"
    OTHER = "other"


class HouseholdFacts(BaseModel):
    """What a household lives on; sums in euros."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    isee_eur: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    isee_on: date | None = None
    income_source: IncomeSource | None = None


class Member(BaseModel):
    """A member: `person` of the system, or a `name` alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: str | None = Field(default=None, max_length=36)
    name: str | None = Field(default=None, min_length=1, max_length=200)
    relation: Relation
    minor: bool = False
    dependant: bool = False


def household_of(session: Session, person_id: str) -> Household | None:
    """Return the household that a person is in."""
    own = select(HouseholdMember.household_id).where(HouseholdMember.person_id == person_id)
    return session.scalars(select(Household).where(Household.id.in_(own))).one_or_none()


def write_household(
    session: Session,
    person: Person,
    facts: HouseholdFacts,
    members: list[Member],
    *,
    seen: int,
    by: str,
    now: datetime,
) -> Household:
    """Replace a person's household; the person is a member of it whether named or not.

    Raises:
        PersonChangedMeanwhile: it is another version by now.
        AlreadyInHousehold: one of the others is in another household.
    """
    session.refresh(person, with_for_update=True)
    household = household_of(session, person.id)
    version = household.version if household else 0
    if seen != version:
        raise PersonChangedMeanwhile(version, {})
    everybody = members
    if person.id not in {member.person for member in members}:
        everybody = [Member(person=person.id, relation=Relation.SELF), *members]
    _require_free(session, household, everybody)
    if household is None:
        household = Household(organisation_id=person.organisation_id, version=0)
        session.add(household)
    household.version = version + 1
    household.facts = facts.model_dump(mode="json", exclude_none=True)
    household.changed_by, household.changed_at = by, now
    household.members.clear()
    session.flush()  # the old rows go before the same people come in again
    household.members.extend(_row(member, place) for place, member in enumerate(everybody))
    audit.record(
        session, by=by, action="household.changed", subject_kind="person", subject_id=person.id, now=now
    )
    session.flush()
    return household


def _require_free(session: Session, household: Household | None, members: list[Member]) -> None:
    ids = [member.person for member in members if member.person]
    if len(ids) != len(set(ids)):
        raise AlreadyInHousehold
    taken = select(HouseholdMember.id).where(HouseholdMember.person_id.in_(ids))
    if household is not None:
        taken = taken.where(HouseholdMember.household_id != household.id)
    if session.scalars(taken).first() is not None:
        raise AlreadyInHousehold


def _row(member: Member, place: int) -> HouseholdMember:
    return HouseholdMember(
        person_id=member.person,
        name=member.name,
        relation=member.relation,
        place=place,
        traits={"minor": member.minor, "dependant": member.dependant},
    )
