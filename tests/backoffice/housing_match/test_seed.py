"""The matches of the demo."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.housing_match.models import Hold, HousingMatch
from backoffice.seed_matches import seed_matches
from tests.backoffice.factories import NOW, create_staff
from tests.backoffice.homes import create_household, create_listing


def test_the_demo_has_a_match_of_each_kind_where_homes_are_offered(session: Session) -> None:
    staff = create_staff(session)
    for _ in range(2):
        create_household(session)
    assert seed_matches(session, staff, now=NOW) == 0
    for _ in range(2):
        create_listing(session)
    assert seed_matches(session, staff, now=NOW) == 4
    states = sorted(session.scalars(select(HousingMatch.state)))
    assert states == ["interested", "interested", "proposed", "refused"]
    assert len(session.scalars(select(Hold)).all()) == 1
