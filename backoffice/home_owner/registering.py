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
        phone=phone,
        languages=[language],
        created_at=now,
    )
    session.add(person)
    session.flush()
    return person
