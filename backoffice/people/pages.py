"""The pages of people: whom one may know, and what is known of one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from backoffice.audit import service as audit
from backoffice.case.models import Case
from backoffice.case.people import can_change_person, can_merge_people, get_readable_person, readable_people
from backoffice.case.permissions import readable_cases
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.encryption.together import load_all
from backoffice.household.service import household_of
from backoffice.people.labels import detail_rows
from backoffice.people.queries import people_found
from backoffice.person.models import Person
from backoffice.person.service import read_details
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff
from backoffice.templating import interface_language, render

router = APIRouter(prefix="/persons", include_in_schema=False)

PAGE = 30


@router.get("")
def list_page(
    request: Request,
    session: ReadSession,
    staff: SignedInCaseStaff,
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str, Query(max_length=36)] = "",
) -> Response:
    """Show the people whom the reader may know of, newest first; words are looked for in their cases."""
    statement = people_found(session, staff, q)
    if cursor:
        statement = statement.where(Person.id < cursor)
    people = load_all(session, statement.limit(PAGE + 1))
    following = people[PAGE - 1].id if len(people) > PAGE else None
    return render(
        request,
        "people/list.html",
        staff=staff,
        people=people[:PAGE],
        q=q,
        cursor=cursor,
        following=following,
        can_merge=can_merge_people(staff),
    )


@router.get("/{person_id}")
def person_page(
    request: Request, person_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show one person; who reads is noted in the audit trail. What is restricted is not on it."""
    person = get_readable_person(session, staff, person_id)
    audit.record(
        session,
        by=staff.id,
        action="person.read",
        subject_kind="person",
        subject_id=person.id,
        now=clock(),
    )
    details, _ = read_details(session, person.id)
    household = household_of(session, person.id)
    ids = [member.person_id for member in household.members if member.person_id] if household else []
    known = {each.id: each.name for each in session.scalars(readable_people(staff).where(Person.id.in_(ids)))}
    cases = session.scalars(readable_cases(staff).where(Case.person_id == person.id)).all()
    return render(
        request,
        "people/person.html",
        staff=staff,
        person=person,
        rows=detail_rows(details, interface_language(request)),
        household=household,
        known=known,
        cases=cases,
        safe_word=details.contact.safe_word,
        can_change=can_change_person(staff, person),
    )
