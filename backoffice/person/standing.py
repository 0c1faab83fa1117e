"""Who a person has become by merges, and whose records one person has by them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.person.models import Person, PersonMerge


def standing_person(session: Session, person: Person) -> Person:
    """Return who a person has become by merges."""
    into = session.scalars(
        select(PersonMerge.person_id).where(
            PersonMerge.merged_id == person.id, PersonMerge.undone_at.is_(None)
        )
    ).first()
    return person if into is None else standing_person(session, session.get_one(Person, into))


def ids_of_person(session: Session, person_id: str) -> list[str]:
    """Return the ids under which something of a person may be written: the own one and those merged into it.

    What is never rewritten, such as the ledger of consents, is read by all of them.
    """
    found, new = [person_id], [person_id]
    while new:
        new = list(
            session.scalars(
                select(PersonMerge.merged_id).where(
                    PersonMerge.person_id.in_(new),
                    PersonMerge.undone_at.is_(None),
                    PersonMerge.merged_id.not_in(found),
                )
            )
        )
        found += new
    return found
