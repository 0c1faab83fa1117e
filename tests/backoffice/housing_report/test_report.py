"""The figures of the housing desk: counted from what happened, each with its definition."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.home_owner.models import LostReason, WishGround
from backoffice.home_owner.service import lose_owner, refuse_wish
from backoffice.housing_match.models import MatchSide, RefusalReason
from backoffice.housing_match.service import refuse
from backoffice.housing_need.models import SearchState
from backoffice.housing_need.service import move_search
from backoffice.housing_report.queries import Period, band, funnel, homes, refusals, unmet
from backoffice.listing.models import ListingState
from backoffice.staff.roles import Role
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_front_door, create_staff, sign_in
from tests.backoffice.homes import create_household, create_listing, create_match, create_owner

YEAR = Period(NOW - timedelta(days=365), NOW + timedelta(days=30))


def body(session: Session) -> str:
    return create_front_door(session).id


def test_the_funnel_counts_who_came_how_far_and_how_long_it_took(session: Session) -> None:
    first, second, _third = (create_household(session) for _ in range(3))
    move_search(session, first, SearchState.INTERVIEWED, by="x", now=NOW + timedelta(days=2))
    move_search(session, second, SearchState.INTERVIEWED, by="x", now=NOW + timedelta(days=4))
    move_search(session, first, SearchState.READY_TO_SEARCH, by="x", now=NOW + timedelta(days=5))
    stages = {stage.state: stage for stage in funnel(session, body(session), YEAR)}
    new, interviewed = stages[SearchState.NEW], stages[SearchState.INTERVIEWED]
    assert (new.reached, new.there, new.days) == (3, 1, 3.0)
    assert (interviewed.reached, interviewed.there, interviewed.days) == (2, 1, 3.0)
    assert stages[SearchState.SIGNED].reached == 0
    assert stages[SearchState.SIGNED].days is None


def test_what_began_outside_of_the_period_is_not_counted(session: Session) -> None:
    create_household(session)
    later = Period(NOW + timedelta(days=1), NOW + timedelta(days=30))
    assert all(stage.reached == 0 for stage in funnel(session, body(session), later))


def test_reasons_are_counted_by_side(session: Session) -> None:
    listing = create_listing(session)
    for side, reason in ((MatchSide.SEEKER, RefusalReason.TOO_DEAR), (MatchSide.OWNER, RefusalReason.OTHER)):
        match = create_match(session, case=create_household(session), listing=listing)
        refuse(session, match, side, reason, words=None, by="x", now=NOW)
    found = {each.reason: each.by for each in refusals(session, body(session), YEAR)}
    assert found == {
        RefusalReason.TOO_DEAR: {MatchSide.SEEKER: 1},
        RefusalReason.OTHER: {MatchSide.OWNER: 1},
    }


def test_who_has_nothing_under_way_is_an_unmet_need(session: Session) -> None:
    create_household(session, municipalities=["Crema", "Offanengo"], people=5, budget_eur_month=450)
    served = create_household(session, municipalities=["Crema"], people=2, budget_eur_month=900)
    create_match(session, case=served)
    found = unmet(session, body(session), YEAR)
    assert found.households == 1
    assert found.towns == [("Crema", 1), ("Offanengo", 1)]
    assert (found.sizes, found.budgets) == ([(5, 1)], [(500, 1)])


def test_owners_lost_and_wishes_refused_are_counted_with_their_reason(session: Session) -> None:
    owner = create_owner(session)
    create_listing(session, owner=owner)
    refuse_wish(session, owner, WishGround.NATIONALITY, "solo italiani", by="x", now=NOW)
    lose_owner(session, owner, LostReason.SOLD, on=NOW.date(), by="x", now=NOW)
    found = homes(session, body(session), YEAR)
    assert (found.owners, found.lost, found.wishes) == (
        0,
        [(LostReason.SOLD, 1)],
        [(WishGround.NATIONALITY, 1)],
    )
    assert dict(found.states)[ListingState.PUBLISHED] == 1


@pytest.mark.parametrize(("budget", "end"), [(1, 400), (400, 400), (401, 500), (800, 800), (801, None)])
def test_a_budget_falls_into_one_band(budget: int, end: int | None) -> None:
    assert band(budget) == end


async def test_a_coordinator_sees_the_page_and_takes_the_table_away(
    session: Session, http: httpx.AsyncClient
) -> None:
    create_household(session, municipalities=["Offanengo"])
    headers = sign_in(session, create_staff(session, roles=frozenset({Role.COORDINATOR})))
    session.commit()
    page = await http.get("/housing/report", headers=headers)
    assert page.status_code == 200
    assert "Offanengo" in page.text
    table = await http.get("/housing/report.csv?since=2026-01-01&until=2027-01-01", headers=headers)
    assert "Offanengo" in table.text
    assert table.headers["content-disposition"].endswith('housing-2026-01-01-2026-12-02.csv"')


async def test_strange_days_are_the_usual_period(session: Session, http: httpx.AsyncClient) -> None:
    headers = sign_in(session, create_staff(session, roles=frozenset({Role.COORDINATOR})))
    session.commit()
    first = await http.get("/housing/report?since=0001-01-01&until=0001-01-01", headers=headers)
    assert first.status_code == 200
    page = await http.get("/housing/report?since=ieri&until=9999-12-31", headers=headers)
    assert page.status_code == 200
    assert 'value="2025-12-03"' in page.text


async def test_nobody_else_sees_it(session: Session, http: httpx.AsyncClient) -> None:
    headers = sign_in(session, create_staff(session, roles=frozenset({Role.HOUSING_DESK})))
    session.commit()
    answer = await http.get("/housing/report", headers=headers)
    assert answer.status_code in (403, 404)
