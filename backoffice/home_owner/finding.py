"""Who a new owner may be already: people that the desk knows, found by telephone first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.people import readable_people
from backoffice.home_owner.models import HomeOwner
from backoffice.person.models import Person
from backoffice.search.models import Indexed
from backoffice.search.service import Place, finds
from backoffice.staff.models import Staff

MOST_ALIKE = 10
_LAST_DIGITS = 9


def people_of_phone(session: Session, staff: Staff, phone: str) -> Sequence[Person]:
    """Return people of a telephone number: whom somebody may know of, and owners of the body."""
    wanted = _digits(phone)
    if len(wanted) < 6:
        return []
    owners = select(HomeOwner.person_id).where(HomeOwner.organisation_id == staff.organisation_id)
    found: dict[str, Person] = {}
    # A number that was kept with its spaces is found by the longest of its parts.
    longest = max(re.findall(r"\d+", phone), key=len, default=wanted)
    for words in sorted({wanted, longest}):
        named = finds(session, words, Place(Indexed.PERSON, Person.id))
        for statement in (readable_people(staff), select(Person).where(Person.id.in_(owners))):
            some = statement.where(named).order_by(Person.id.desc()).limit(50)
            found.update({person.id: person for person in session.scalars(some)})
    same = [person for person in found.values() if _digits(person.phone or "") == wanted]
    return sorted(same, key=lambda person: person.id, reverse=True)[:MOST_ALIKE]


def owners_of(session: Session, people: Sequence[Person]) -> dict[str, HomeOwner]:
    """Return those of some people who are owners, by the person's id."""
    ids = [person.id for person in people]
    found = session.scalars(select(HomeOwner).where(HomeOwner.person_id.in_(ids)))
    return {owner.person_id: owner for owner in found}


def _digits(phone: str) -> str:
    return "".join(letter for letter in phone if letter.isdigit())[-_LAST_DIGITS:]
