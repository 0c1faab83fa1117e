"""What an owner's offer becomes: an owner, and a home as a draft that staff check. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.service import SERVICE
from backoffice.case.models import Case
from backoffice.client.schemas import HousingOfferIntake, UnlawfulWish
from backoffice.home_owner.models import HomeOwner, OwnerContact, OwnerKind, WishGround
from backoffice.home_owner.service import OwnerFacts, refuse_wish, register_owner
from backoffice.home_owner.wish_words import wishes_in
from backoffice.listing.models import Listing
from backoffice.listing.service import add_listing
from backoffice.person.models import Person


def take_offer(
    session: Session,
    case: Case,
    person: Person,
    offer: HousingOfferIntake,
    wishes: Sequence[UnlawfulWish],
    *,
    now: datetime,
) -> Listing:
    """Make the person an owner, if they are none, and write their home down as a draft of the case.

    What the law forbids is refused and counted; the words of the offer then stand in the case alone, and
    not in what households may read.
    """
    owner = _owner_of(session, person, offer, now=now)
    for wish in wishes:
        ground = WishGround(wish.ground) if wish.ground in set(WishGround) else WishGround.OTHER
        refuse_wish(session, owner, ground, wish.words, by=SERVICE, now=now)
    home = _home(offer, described=not wishes and not wishes_in(offer.note))
    return add_listing(session, owner, home, case_id=case.id, by=SERVICE, now=now)


def _owner_of(session: Session, person: Person, offer: HousingOfferIntake, *, now: datetime) -> HomeOwner:
    owner = session.scalars(select(HomeOwner).where(HomeOwner.person_id == person.id)).one_or_none()
    if owner is None:
        agreed_on = now.date() if offer.contact_agreed else None
        contact = OwnerContact.PHONE if offer.contact_agreed and person.phone else OwnerContact.CHAT
        facts = OwnerFacts(kind=OwnerKind.PERSON, contact=contact, contact_agreed_on=agreed_on)
        return register_owner(session, person, facts, by=SERVICE, now=now)
    if offer.contact_agreed and owner.contact_agreed_on is None:
        owner.contact_agreed_on = now.date()
    return owner


def _home(offer: HousingOfferIntake, *, described: bool) -> dict[str, Any]:
    return {
        "municipality": offer.municipality,
        "rooms": offer.rooms,
        "rent_eur_month": offer.rent_eur_month,
        "expenses_eur_month": offer.expenses_eur_month,
        "max_people": offer.max_people,
        "available_from": offer.available_from,
        "furnishing": offer.furnishing,
        "contract_types": [each.value for each in offer.contract_types],
        "size_m2": offer.size_m2,
        "floor": offer.floor,
        "lift": offer.lift,
        "description": offer.note if described else None,
    }
