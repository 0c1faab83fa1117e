"""Statements about people whom a member of staff may know of."""

from __future__ import annotations

from sqlalchemy import Select

from backoffice.case.models import Case
from backoffice.case.people import readable_people
from backoffice.case.permissions import readable_cases
from backoffice.case.search import fold, like_pattern
from backoffice.person.models import Person
from backoffice.staff.models import Staff


def people_found(staff: Staff, words: str) -> Select[Person]:
    """Return the statement of people, newest first; words are looked for in their cases."""
    statement = readable_people(staff)
    for word in fold(words).split():
        found = readable_cases(staff).where(Case.search_text.like(like_pattern(word), escape="\\"))
        statement = statement.where(Person.id.in_(found.with_only_columns(Case.person_id)))
    return statement.order_by(Person.id.desc())
