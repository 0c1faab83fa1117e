"""Who may see and change homes: the housing desk of the body that offers them."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backoffice.errors import NotFound
from backoffice.home_owner.models import HomeOwner
from backoffice.home_owner.permissions import require_housing
from backoffice.listing.models import Listing
from backoffice.staff.models import Staff

WITH_OWNER = (joinedload(Listing.owner).joinedload(HomeOwner.person),)


def readable_listings(staff: Staff) -> Select[Listing]:
    """Return the statement of every home that a person of the housing desk may read.

    Raises:
        NotFound: the person does not work there.
    """
    require_housing(staff)
    return select(Listing).where(Listing.organisation_id == staff.organisation_id)


def get_listing(session: Session, staff: Staff, listing_id: str) -> Listing:
    """Return one home with its owner.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    statement = readable_listings(staff).where(Listing.id == listing_id).options(*WITH_OWNER)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found
