"""Who answers requests for copies: who sees everybody of the person's body, and has no conflict with them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, joinedload

from backoffice.case.people import get_person_to_merge
from backoffice.conversation.models import Conflict, Conversation
from backoffice.errors import NotFound
from backoffice.own_copy.models import OwnCopy
from backoffice.person.models import Person
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role

ANSWERS_COPIES = (Role.CASEWORKER, Role.COORDINATOR)


def answerable_copies(staff: Staff) -> Select[OwnCopy]:
    """Return the statement of the requests that a member of staff may answer."""
    return (
        select(OwnCopy)
        .where(OwnCopy.organisation_id == staff.organisation_id, ~_conflict(staff, OwnCopy.person_id))
        .options(joinedload(OwnCopy.person))
    )


def get_answerable_copy(session: Session, staff: Staff, copy_id: str) -> OwnCopy:
    """Return one request.

    Raises:
        NotFound: there is none, or this member of staff may not know of it.
    """
    found = session.scalars(answerable_copies(staff).where(OwnCopy.id == copy_id)).one_or_none()
    if found is None or not staff.has_role(*ANSWERS_COPIES):
        raise NotFound
    return found


def get_person_who_asks(session: Session, staff: Staff, person_id: str) -> Person:
    """Return one person for whom this member of staff may write a request down.

    Raises:
        NotFound: there is none, of another body, or this member of staff has a conflict with them.
    """
    person = get_person_to_merge(session, staff, person_id)
    if session.scalar(select(_conflict(staff, Person.id)).where(Person.id == person.id)):
        raise NotFound
    return person


def _conflict(staff: Staff, person_id: object) -> ColumnElement[bool]:
    of_person = Conversation.person_id == person_id
    stated = (Conflict.conversation_id == Conversation.id, Conflict.staff_id == staff.id)
    return exists().where(of_person, *stated)
