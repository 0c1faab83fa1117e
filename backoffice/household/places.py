"""What becomes of the places of two people in households when the two turn out to be one, and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.household.models import Household, HouseholdMember, Relation
from backoffice.person.models import Person


def hand_over(session: Session, goes: Person, stays: Person) -> dict[str, Any] | None:
    """Give the place of who goes to who stays; return what undoing needs, None where there was no place.

    Where both have one, that of who stays counts: in another household the place keeps the name alone, in
    the same one it is taken away.
    """
    place, other = _place(session, goes.id), _place(session, stays.id)
    if place is None:
        return None
    kept = {
        "member": place.id,
        "household": place.household_id,
        "relation": place.relation.value,
        "traits": place.traits,
        "name": place.name,
        "place": place.place,
    }
    household = session.get_one(Household, place.household_id)
    household.version += 1  # who has it open is told
    if other is None:
        place.person_id = stays.id
    elif other.household_id == place.household_id:
        household.members.remove(place)
    else:
        place.person_id, place.name = None, goes.name
    session.flush()
    return kept


def give_back(session: Session, kept: dict[str, Any] | None, *, stays: Person, goes: Person) -> None:
    """Give a place back as `hand_over` kept it; one that was changed since stays as it is."""
    if kept is None or _place(session, goes.id) is not None:
        return
    household = session.get(Household, kept["household"])
    if household is None:
        return
    place = session.get(HouseholdMember, kept["member"])
    if place is not None and place.person_id in (None, stays.id):
        place.person_id, place.name = goes.id, kept["name"]
    elif place is None and _place(session, stays.id) in household.members:
        household.members.append(
            HouseholdMember(
                person_id=goes.id,
                relation=Relation(kept["relation"]),
                traits=kept["traits"],
                place=kept["place"],
            )
        )
    household.version += 1
    session.flush()


def _place(session: Session, person_id: str) -> HouseholdMember | None:
    return session.scalars(
        select(HouseholdMember).where(HouseholdMember.person_id == person_id)
    ).one_or_none()
