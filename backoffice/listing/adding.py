"""A home comes to the desk: with its owner, with the case of the offer, with the people that it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.case.models import Case
from backoffice.client.schemas import HousingOfferIntake
from backoffice.home_owner.models import HomeOwner
from backoffice.home_owner.offer_case import offer_case_of
from backoffice.home_owner.service import OwnerFacts, register_owner
from backoffice.home_owner.wish_words import FoundWish
from backoffice.listing.clearing import clear_wishes
from backoffice.listing.facts import proposed_people
from backoffice.listing.models import Listing
from backoffice.listing.service import add_listing, change_listing
from backoffice.staff.models import Staff


@dataclass(frozen=True)
class HomeOffered:
    """What is written of a home; of words that look like a wish that discriminates, why they are none."""

    home: Mapping[str, Any]
    wishes: Sequence[FoundWish] = ()
    why_no_wish: str = ""


def offer_home(
    session: Session,
    owner: HomeOwner,
    offered: HomeOffered,
    *,
    case: Case | None,
    staff: Staff,
    now: datetime,
) -> Listing:
    """Write a home down as a draft. Its case is the given one, the owner's open one, or a new one."""
    home = with_people({"max_people": None, **offered.home})
    case = case or offer_case_of(session, staff, owner, home, now=now)
    listing = add_listing(session, owner, home, case_id=case.id, by=staff.id, now=now)
    clear_wishes(session, listing, offered.wishes, offered.why_no_wish, by=staff.id, now=now)
    return listing


def change_home(
    session: Session, listing: Listing, offered: HomeOffered, *, seen: int | None, by: str, now: datetime
) -> None:
    """Write down what a home is like now.

    Raises:
        ListingChangedMeanwhile: it is not the version that was seen.
        ListingNotReady: it is published, and would lack what that needs.
    """
    session.refresh(listing, ["version"], with_for_update=True)  # who saves at the same moment waits
    change_listing(session, listing, with_people(offered.home), seen=seen, by=by, now=now)
    clear_wishes(session, listing, offered.wishes, offered.why_no_wish, by=by, now=now)


def with_people(home: Mapping[str, Any]) -> dict[str, Any]:
    """Return the home; where nobody said for how many people, the room standards propose it."""
    found = dict(home)
    if "max_people" in found and found["max_people"] is None:
        found["max_people"] = proposed_people(found) or None
    return found


def owner_of_case(session: Session, case: Case, *, by: str, now: datetime) -> HomeOwner:
    """Return the owner whom a case of an offer is about; make its person one where they are none yet."""
    statement = select(HomeOwner).where(HomeOwner.person_id == case.person_id)
    known = session.scalars(statement.options(joinedload(HomeOwner.person))).one_or_none()
    return known or register_owner(session, case.person, OwnerFacts(), by=by, now=now)


def offered_in(intake: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the intake of an offer says, as a form shows it."""
    shown: dict[str, Any] = {}
    for name in HousingOfferIntake.model_fields:
        value = intake.get(name)
        if value is None:
            continue
        if isinstance(value, bool):
            shown[name] = "yes" if value else "no"
        else:
            shown[name] = value if isinstance(value, list) else str(value)
    if "note" in shown:
        shown["description"] = shown.pop("note")
    return shown
