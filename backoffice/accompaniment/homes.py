"""What a contract does to the home: let when it is signed, free again when it came to nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.housing_match.errors import HomeIsHeld
from backoffice.housing_match.holds import end_hold, open_hold
from backoffice.housing_match.models import HoldEnd, HousingMatch, MatchSide, RefusalReason
from backoffice.housing_match.service import refuse
from backoffice.housing_match.states import OPEN
from backoffice.listing.models import Listing, ListingState
from backoffice.listing.service import move_listing


def give_home(session: Session, match: HousingMatch, *, by: str, now: datetime) -> None:
    """Let a home to the household of a match; other households that looked at it are told no.

    Raises:
        HomeIsHeld: another household holds it.
    """
    listing = session.scalars(select(Listing).where(Listing.id == match.listing_id).with_for_update()).one()
    held = open_hold(session, listing.id, now=now)
    if held is not None and held.match_id != match.id:
        raise HomeIsHeld
    end_hold(session, match, HoldEnd.RENTED, by=by, now=now)
    if listing.state in (ListingState.PUBLISHED, ListingState.RESERVED):
        move_listing(session, listing, ListingState.RENTED, by=by, now=now)
    others = select(HousingMatch).where(
        HousingMatch.listing_id == listing.id, HousingMatch.id != match.id, HousingMatch.state.in_(OPEN)
    )
    for other in session.scalars(others).all():
        refuse(
            session,
            other,
            MatchSide.DESK,
            RefusalReason.GIVEN_TO_ANOTHER,
            words=None,
            by=by,
            now=now,
        )


def take_home_back(session: Session, match: HousingMatch, *, by: str, now: datetime) -> None:
    """Look at a home anew whose contract came to nothing: it is checked before it is offered again."""
    listing = session.get_one(Listing, match.listing_id)
    if listing.state is ListingState.RENTED:
        move_listing(session, listing, ListingState.CHECKED, by=by, now=now)
