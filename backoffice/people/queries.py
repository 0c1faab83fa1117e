"""Statements about people whom a member of staff may know of."""

from __future__ import annotations

from sqlalchemy import Select
from sqlalchemy.orm import Session

from backoffice.case.people import readable_people
from backoffice.person.models import Person
from backoffice.search.models import Indexed
from backoffice.search.service import Place, finds
from backoffice.staff.models import Staff


def people_found(session: Session, staff: Staff, words: str) -> Select[Person]:
    """Return the statement of people, newest first; words are looked for in their names and phone numbers."""
    statement = readable_people(staff)
    if words.strip():
        statement = statement.where(finds(session, words, Place(Indexed.PERSON, Person.id)))
    return statement.order_by(Person.id.desc())
