"""Many people keep, give back and put away holds at the same moment: a home has one holder at a time."""

from __future__ import annotations

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backoffice.database import Database
from backoffice.housing_match.errors import HomeIsHeld
from backoffice.housing_match.holds import end_hold, expire_holds, hold_home
from backoffice.housing_match.models import Hold, HoldEnd, HousingMatch
from backoffice.listing.models import Listing, ListingState
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW
from tests.backoffice.homes import create_household, create_listing, create_match

ACTS = 200
PEOPLE = 8


def act(database: Database, number: int, matches: list[str], minutes: itertools.count[int]) -> str:
    """Do one of the three acts in a transaction of its own, at a moment that is later than those before."""
    now = NOW + timedelta(minutes=next(minutes))
    with database.transaction() as session:
        if number % 4 == 3:
            return f"expired {expire_holds(session, now=now) > 0}"
        match = session.get_one(HousingMatch, matches[number % len(matches)])
        if number % 10 == 0:
            return f"given back {end_hold(session, match, HoldEnd.GIVEN_BACK, by='service', now=now)}"
        try:
            hold = hold_home(session, match, by="service", now=now, until=now + timedelta(minutes=9))
        except HomeIsHeld:
            return "held by another"
        open_ones = select(Hold.match_id).where(Hold.listing_id == hold.listing_id, Hold.ended_at.is_(None))
        assert session.scalars(open_ones).all() == [match.id]
        return "held"


@pytest.mark.timeout(120)
def test_two_hundred_at_once_leave_one_holder_at_a_time(session: Session, database: Database) -> None:
    listing = create_listing(session)
    matches = [
        create_match(session, case=create_household(session), listing=listing).id for _ in range(PEOPLE)
    ]
    session.commit()
    minutes = itertools.count(1)
    with ThreadPoolExecutor(PEOPLE) as people:
        said = Counter(people.map(lambda number: act(database, number, matches, minutes), range(ACTS)))
    assert sum(said.values()) == ACTS
    assert said["held"] > 0
    # Which acts put a hold away by its time depends on how the threads come in; the last lines see to it.

    with database.read() as reading:
        number = reading.scalar(unended(listing.id))
        state = reading.get_one(Listing, listing.id).state
    assert number in (0, 1)
    assert state is (ListingState.RESERVED if number else ListingState.PUBLISHED)
    with database.transaction() as later:
        assert expire_holds(later, now=NOW + timedelta(days=30)) == number
        assert later.scalar(unended(listing.id)) == 0


def unended(listing_id: str) -> Select[int]:
    return select(func.count()).where(Hold.listing_id == listing_id, Hold.ended_at.is_(None))
