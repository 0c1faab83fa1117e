"""Which people a member of staff may know of: those of their cases.

caseworker, coordinator: everybody who came to their organisation. The others: the people of the cases
that they may read and of which they see the part "person" (`case.permissions`).
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.permissions import is_own_readable, sees
from backoffice.errors import NotFound
from backoffice.person.models import Person
from backoffice.sharing.parts import CasePart
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role


def readable_people(staff: Staff) -> Select[Person]:
    """Return the statement of everybody whom a person may know of."""
    grounds: list[ColumnElement[bool]] = [
        Person.id.in_(select(Case.person_id).where(sees(staff, CasePart.PERSON)))
    ]
    if staff.has_role(Role.CASEWORKER, Role.COORDINATOR):
        grounds.append(Person.organisation_id == staff.organisation_id)
    return select(Person).where(or_(*grounds))


def people_of_own_body(staff: Staff) -> Select[Person]:
    """Return the statement of those whom a person knows through their own body, whose consents they read."""
    grounds: list[ColumnElement[bool]] = [Person.id.in_(select(Case.person_id).where(is_own_readable(staff)))]
    if staff.has_role(Role.CASEWORKER, Role.COORDINATOR):
        grounds.append(Person.organisation_id == staff.organisation_id)
    return select(Person).where(or_(*grounds))


def get_readable_person(session: Session, staff: Staff, person_id: str) -> Person:
    """Return one person.

    Raises:
        NotFound: there is none, or this member of staff may not know of them.
    """
    person = session.scalars(readable_people(staff).where(Person.id == person_id)).one_or_none()
    if person is None:
        raise NotFound
    return person
