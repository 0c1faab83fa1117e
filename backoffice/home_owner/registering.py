"""Somebody whom the desk did not know becomes a person of the staff's body."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.person.models import Person
from backoffice.staff.models import Staff


def new_person(
    session: Session, staff: Staff, name: str | None, phone: str | None, *, language: str, now: datetime
) -> Person:
    """Make a person of the body of the one who writes them down."""
    person = Person(
        organisation_id=staff.organisation_id,
        name=name,
        phone=_compact(phone),
        languages=[language],
        created_at=now,
    )
    session.add(person)
    session.flush()
    return person


def _compact(phone: str | None) -> str | None:
    """Return a number without the spaces and signs that people write in it: so it is found again."""
    kept = "".join(letter for letter in phone or "" if letter.isdigit() or letter == "+")
    return kept or None
