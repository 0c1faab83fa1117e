"""Homes as a list, and what belongs to one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from backoffice.home_owner.models import HomeOwner
from backoffice.listing.models import Listing, ListingEvent, ListingPhoto, ListingState
from backoffice.paging import newest_first
from backoffice.search.models import Indexed
from backoffice.search.service import Place, finds

_WITH_OWNER = joinedload(Listing.owner).joinedload(HomeOwner.person)


@dataclass(frozen=True)
class ListingFilters:
    """What narrows a list of homes. Rent is a month's, without expenses; `people` must find room."""

    state: ListingState | None = None
    municipality: str | None = None
    rent_most: int | None = None
    people: int | None = None
    free_by: date | None = None
    owner_id: str | None = None
    q: str = ""


@dataclass(frozen=True)
class ListingPage:
    """One page of a list, and the cursor of the next."""

    listings: Sequence[Listing]
    next: str | None


def filtered_listings(
    session: Session, statement: Select[Listing], filters: ListingFilters
) -> Select[Listing]:
    """Narrow a statement; words are looked for in code, reference, place, description, the owner's name."""
    exact = {
        Listing.state: filters.state,
        Listing.municipality: filters.municipality,
        Listing.owner_id: filters.owner_id,
    }
    for column, value in exact.items():
        if value:
            statement = statement.where(column == value)
    if filters.rent_most is not None:
        statement = statement.where(Listing.rent_eur_month <= filters.rent_most)
    if filters.people is not None:
        statement = statement.where(Listing.max_people >= filters.people)
    if filters.free_by is not None:
        statement = statement.where(Listing.available_from <= filters.free_by)
    if filters.q.strip():
        named = Place(Indexed.PERSON, HomeOwner.person_id)
        of_person = select(HomeOwner.id).where(finds(session, filters.q, named))
        of_home = finds(session, filters.q, Place(Indexed.LISTING, Listing.id))
        statement = statement.where(or_(of_home, Listing.owner_id.in_(of_person)))
    return statement


def page_of_listings(
    session: Session, statement: Select[Listing], *, limit: int, cursor: str | None
) -> ListingPage:
    """Return one page, the home that was changed last first.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    order = (Listing.updated_at, Listing.id)
    statement = statement.options(_WITH_OWNER)
    return ListingPage(*newest_first(session, statement, *order, limit=limit, cursor=cursor))


def count_listings(session: Session, statement: Select[Listing]) -> int:
    """Return how many homes a statement finds."""
    found = statement.with_only_columns(Listing.id).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def photos_of(session: Session, listing_id: str) -> Sequence[ListingPhoto]:
    """Return the photos of a home in their order."""
    statement = select(ListingPhoto).where(ListingPhoto.listing_id == listing_id)
    statement = statement.options(joinedload(ListingPhoto.attachment))
    return session.scalars(statement.order_by(ListingPhoto.place, ListingPhoto.id)).all()


def photo_ids(session: Session, listing_ids: Iterable[str]) -> dict[str, list[str]]:
    """Return the ids of the photos of each home that has some, in their order."""
    statement = select(ListingPhoto.listing_id, ListingPhoto.id).where(
        ListingPhoto.listing_id.in_(list(listing_ids))
    )
    found: dict[str, list[str]] = {}
    for row in session.execute(statement.order_by(ListingPhoto.place, ListingPhoto.id)):
        found.setdefault(row.listing_id, []).append(row.id)
    return found


def first_photos(session: Session, listing_ids: Iterable[str]) -> dict[str, str]:
    """Return the id of the first photo of each home that has one."""
    return {listing: photos[0] for listing, photos in photo_ids(session, listing_ids).items()}


def history_of(session: Session, listing_id: str) -> Sequence[ListingEvent]:
    """Return the changes of state of a home, newest first."""
    statement = select(ListingEvent).where(ListingEvent.listing_id == listing_id)
    return session.scalars(statement.order_by(ListingEvent.id.desc())).all()
