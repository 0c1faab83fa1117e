"""The page of a household: who lives with a person, and on what."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.people import get_changeable_person, readable_people
from backoffice.clock import ClockDep
from backoffice.conversation.words import clean_name
from backoffice.database import DbSession
from backoffice.errors import NotFound
from backoffice.household.models import Household, Relation
from backoffice.household.service import HouseholdFacts, IncomeSource, Member, household_of, write_household
from backoffice.people.queries import people_found
from backoffice.person.errors import AlreadyInHousehold, PersonChangedMeanwhile
from backoffice.person.models import Person
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render

router = APIRouter(prefix="/persons", include_in_schema=False)

EMPTY_ROWS = 3
MOST_MEMBERS = 30
FOUND_AT_MOST = 8


class MemberRow(BaseModel):
    """One row of the form; a row with neither person nor name is no member."""

    person: str = ""
    name: str = ""
    relation: str = ""
    minor: bool = False
    dependant: bool = False


class HouseholdForm(BaseModel):
    """The form as it was typed: one value of each list a row, ticks by the number of their row."""

    version: int = Field(default=0, ge=0)
    isee_eur: str = Field(default="", max_length=20)
    isee_on: str = Field(default="", max_length=20)
    income_source: str = Field(default="", max_length=20)
    person: list[Annotated[str, Field(max_length=36)]] = Field(default=[], max_length=40)
    name: list[Annotated[str, Field(max_length=200)]] = Field(default=[], max_length=40)
    relation: list[Annotated[str, Field(max_length=30)]] = Field(default=[], max_length=40)
    minor: list[int] = Field(default=[], max_length=40)
    dependant: list[int] = Field(default=[], max_length=40)

    def rows(self) -> list[MemberRow]:
        """Return the rows that name somebody."""
        typed = zip(self.person, self.name, self.relation, strict=False)
        found = [
            MemberRow(
                person=person,
                name=name,
                relation=relation,
                minor=number in self.minor,
                dependant=number in self.dependant,
            )
            for number, (person, name, relation) in enumerate(typed)
        ]
        return [row for row in found if row.person or row.name.strip()]

    def facts(self) -> HouseholdFacts:
        """Return what the household lives on.

        Raises:
            ValidationError: no sum in whole euros, no day (of pydantic).
        """
        sum_ = self.isee_eur.replace(".", "").replace(" ", "").removesuffix("€")
        typed = {"isee_eur": sum_, "isee_on": self.isee_on, "income_source": self.income_source}
        return HouseholdFacts.model_validate({name: value or None for name, value in typed.items()})


@router.get("/{person_id}/household")
def household_page(
    request: Request,
    person_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    q: Annotated[str, Query(max_length=200)] = "",
    add: Annotated[str, Query(max_length=36)] = "",
) -> Response:
    """Show the household as a form; `q` looks for people with a record, `add` puts one into an empty row."""
    person = get_changeable_person(session, staff, person_id)
    audit.record(
        session,
        by=staff.id,
        action="household.read",
        subject_kind="person",
        subject_id=person.id,
        now=clock(),
    )
    household = household_of(session, person.id)
    rows = _rows(household) or [MemberRow(person=person.id, relation=Relation.SELF.value)]
    if add and add not in {row.person for row in rows}:
        rows.append(MemberRow(person=get_changeable_person(session, staff, add).id))
    found = session.scalars(people_found(session, staff, q).limit(FOUND_AT_MOST)).all() if q.strip() else []
    form = _filled(household)
    return _show(request, session, staff, person, form, rows, q=q, found=list(found))


@router.post("/{person_id}/household")
def submit_household(
    request: Request,
    person_id: str,
    form: Annotated[HouseholdForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Replace the household; what is wrong, or newer by now, is shown with what was typed."""
    person = get_changeable_person(session, staff, person_id)
    rows = form.rows()
    try:
        facts, members = form.facts(), [_member(row) for row in rows][:MOST_MEMBERS]
        for member in members:
            if member.person is not None:
                get_changeable_person(session, staff, member.person)
        write_household(session, person, facts, members, seen=form.version, by=staff.id, now=clock())
    except (ValidationError, ValueError, NotFound):
        return _show(request, session, staff, person, form, rows, fault="persons.household.fault", status=422)
    except AlreadyInHousehold:
        return _show(
            request, session, staff, person, form, rows, fault="persons.error.other_household", status=409
        )
    except PersonChangedMeanwhile as newer:
        form.version = newer.version
        now = household_of(session, person.id)
        return _show(request, session, staff, person, form, rows, newer=now, status=409)
    return redirect(f"/persons/{person.id}", notice="person_saved")


def _member(row: MemberRow) -> Member:
    return Member(
        person=row.person or None,
        name=None if row.person else clean_name(row.name),
        relation=Relation(row.relation),
        minor=row.minor,
        dependant=row.dependant,
    )


def _rows(household: Household | None) -> list[MemberRow]:
    return [
        MemberRow(
            person=each.person_id or "", name=each.name or "", relation=each.relation.value, **each.traits
        )
        for each in (household.members if household else [])
    ]


def _filled(household: Household | None) -> HouseholdForm:
    facts: dict[str, Any] = household.facts if household else {}
    return HouseholdForm(
        version=household.version if household else 0,
        isee_eur=str(facts.get("isee_eur", "")),
        isee_on=facts.get("isee_on", ""),
        income_source=facts.get("income_source", ""),
    )


def _show(
    request: Request,
    session: Session,
    staff: Staff,
    person: Person,
    form: HouseholdForm,
    rows: list[MemberRow],
    *,
    q: str = "",
    found: list[Person] | None = None,
    fault: str | None = None,
    newer: Household | None = None,
    status: int = 200,
) -> Response:
    ids = {row.person for row in rows if row.person}
    ids |= {each.person_id for each in newer.members if each.person_id} if newer else set()
    people = session.scalars(readable_people(staff).where(Person.id.in_(ids)))
    return render(
        request,
        "people/household.html",
        staff=staff,
        status=status,
        person=person,
        form=form,
        rows=[*rows, *[MemberRow() for _ in range(EMPTY_ROWS)]][:MOST_MEMBERS],
        names={each.id: each.name for each in people},
        relations=list(Relation),
        sources=list(IncomeSource),
        q=q,
        found=found or [],
        fault=fault,
        newer=newer,
        newer_facts=_filled(newer),
    )
