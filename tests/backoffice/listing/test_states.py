"""How a home comes to be offered: with all that a household has to know of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.listing.errors import ListingChangedMeanwhile, ListingMoveRefused, ListingNotReady
from backoffice.listing.models import ListingEvent, ListingState
from backoffice.listing.room_standards import people_by_standard
from backoffice.listing.service import change_listing, move_listing, verify_listing
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_staff
from tests.backoffice.homes import create_listing

S = ListingState


def test_nothing_is_published_without_rent_and_check(session: Session) -> None:
    listing = create_listing(session, state=S.DRAFT, rent_eur_month=None)
    move_listing(session, listing, S.CHECKED, by="service", now=NOW)
    with pytest.raises(ListingNotReady) as refused:
        move_listing(session, listing, S.PUBLISHED, by="service", now=NOW)
    assert refused.value.missing == ("rent_eur_month", "verified_at")
    change_listing(session, listing, {"rent_eur_month": 500}, seen=listing.version, by="service", now=NOW)
    verify_listing(session, listing, "visit", by=create_staff(session).id, now=NOW)
    move_listing(session, listing, S.PUBLISHED, by="service", now=NOW)
    session.commit()
    assert session.scalars(select(ListingEvent.after)).all() == ["draft", "checked", "published"]


def test_a_draft_is_not_rented(session: Session) -> None:
    listing = create_listing(session, state=S.DRAFT)
    with pytest.raises(ListingMoveRefused):
        move_listing(session, listing, S.RENTED, by="service", now=NOW)


def test_a_published_home_keeps_what_it_needs(session: Session) -> None:
    listing = create_listing(session)
    with pytest.raises(ListingNotReady):
        change_listing(session, listing, {"rent_eur_month": None}, seen=None, by="service", now=NOW)


def test_who_comes_later_is_told(session: Session) -> None:
    listing = create_listing(session)
    seen = listing.version
    change_listing(session, listing, {"rooms": 4}, seen=seen, by="service", now=NOW)
    with pytest.raises(ListingChangedMeanwhile):
        change_listing(session, listing, {"rooms": 5}, seen=seen, by="service", now=NOW)


@pytest.mark.parametrize(
    ("size_m2", "rooms", "people"),
    [(27, 1, 0), (28, 1, 1), (38, 1, 2), (42, 2, 3), (56, 3, 4), (65, 3, 4), (66, 3, 5), (76, 4, 6)],
)
def test_the_room_standards_say_for_how_many(size_m2: int, rooms: int, people: int) -> None:
    assert people_by_standard(size_m2, rooms) == people
