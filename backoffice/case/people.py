"""Which people a member of staff may know of: those of their cases.

caseworker, coordinator: everybody who came to their organisation. The others: the people of the cases
that they may read and of which they see the part "person" (`case.permissions`).
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.permissions import can_assign, is_own_readable, sees
from backoffice.errors import NotFound
from backoffice.person.models import Person, PersonMerge
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
    return select(Person).where(or_(*grounds), ~_is_merged())


def people_of_own_body(staff: Staff) -> Select[Person]:
    """Return the statement of those whom a person knows through their own body, whose consents they read."""
    grounds: list[ColumnElement[bool]] = [Person.id.in_(select(Case.person_id).where(is_own_readable(staff)))]
    if staff.has_role(Role.CASEWORKER, Role.COORDINATOR):
        grounds.append(Person.organisation_id == staff.organisation_id)
    return select(Person).where(or_(*grounds), ~_is_merged())


def _is_merged() -> ColumnElement[bool]:
    return exists().where(PersonMerge.merged_id == Person.id, PersonMerge.undone_at.is_(None))


def get_readable_person(session: Session, staff: Staff, person_id: str) -> Person:
    """Return one person.

    Raises:
        NotFound: there is none, or this member of staff may not know of them.
    """
    person = session.scalars(readable_people(staff).where(Person.id == person_id)).one_or_none()
    if person is None:
        raise NotFound
    return person


def get_changeable_person(session: Session, staff: Staff, person_id: str) -> Person:
    """Return one person whose data this member of staff may change; a mediator reads only.

    Raises:
        NotFound: there is none, or this member of staff may not change what is known of them.
    """
    person = get_readable_person(session, staff, person_id)
    if not can_change_person(staff, person):
        raise NotFound
    return person


def can_change_person(staff: Staff, person: Person) -> bool:
    """Whether who may know of a person may change what is known of them."""
    return person.organisation_id == staff.organisation_id and can_assign(staff)


def can_merge_people(staff: Staff) -> bool:
    """Whether a member of staff sees everybody of the organisation, so as to tell who is who."""
    return can_assign(staff) and staff.has_role(Role.CASEWORKER, Role.COORDINATOR)


def get_person_to_merge(session: Session, staff: Staff, person_id: str) -> Person:
    """Return one person whom this member of staff may find to be another one.

    Raises:
        NotFound: there is none, or this member of staff does not see everybody of the organisation.
    """
    person = get_changeable_person(session, staff, person_id)
    if not can_merge_people(staff):
        raise NotFound
    return person
