"""What becomes of homes, searches and holds when their person is erased: nobody is led to them any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from backoffice.attachment.models import Attachment
from backoffice.attachment.service import erase as erase_file
from backoffice.home_owner.models import HomeOwner
from backoffice.housing_match.holds import end_hold
from backoffice.housing_match.models import Hold, HoldEnd, HousingMatch
from backoffice.housing_need.models import HousingNeed, SearchState
from backoffice.listing.models import Listing, ListingPhoto, ListingState
from backoffice.owner_link.models import OwnerLink
from backoffice.search.models import SearchToken

_SYSTEM = "system"


def end_housing(session: Session, people: Iterable[str], cases: Iterable[str], *, now: datetime) -> int:
    """End searches, holds and links of who is erased, and withdraw their homes; return the erased pictures.

    States, towns, rents and reasons stay: statistics still count.
    """
    people, cases = list(people), list(cases)
    owners = select(HomeOwner.id).where(HomeOwner.person_id.in_(people))
    homes = select(Listing.id).where(Listing.owner_id.in_(owners))
    touched = or_(HousingMatch.case_id.in_(cases), HousingMatch.listing_id.in_(homes))
    held = select(HousingMatch).join(Hold, Hold.match_id == HousingMatch.id)
    for match in session.scalars(held.where(touched, Hold.ended_at.is_(None))).all():
        end_hold(session, match, HoldEnd.GIVEN_BACK, by=_SYSTEM, now=now)
    matches = select(HousingMatch.id).where(touched)
    session.execute(
        delete(OwnerLink).where(or_(OwnerLink.owner_id.in_(owners), OwnerLink.match_id.in_(matches)))
    )
    session.execute(
        update(HousingNeed)
        .where(HousingNeed.case_id.in_(cases))
        .values(tells_of_homes=False, state=SearchState.CLOSED)
    )
    gone = {"state": ListingState.WITHDRAWN, "area": None, "reference": None}
    session.execute(update(Listing).where(Listing.id.in_(homes)).values(gone))
    session.execute(delete(SearchToken).where(SearchToken.subject_id.in_(homes)))
    photos = select(ListingPhoto.attachment_id).where(ListingPhoto.listing_id.in_(homes))
    files = session.scalars(select(Attachment).where(Attachment.id.in_(photos))).all()
    for file in files:
        erase_file(file)
    session.flush()
    return len(files)
