"""What may be proposed to whom: parked households, a no of before, holds, several matches at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import true
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.database import Database
from backoffice.housing_match.candidates import homes_for, households_for, pair_of, propose_pair
from backoffice.housing_match.errors import HomeDoesNotFit, WeightsChangedMeanwhile, WeightsInvalid
from backoffice.housing_match.fitting import misfits
from backoffice.housing_match.holds import hold_home
from backoffice.housing_match.jobs import free_homes
from backoffice.housing_match.models import MatchSide, MatchState, RefusalReason
from backoffice.housing_match.preferences import DEFAULT_WEIGHTS
from backoffice.housing_match.service import refuse
from backoffice.housing_match.weights import set_weights, version_of, weights_of
from backoffice.housing_need.models import SearchState
from backoffice.housing_need.service import advance_search, change_needs, need_of, park_search
from backoffice.listing.models import Listing, ListingState
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_organisation, create_staff
from tests.backoffice.homes import create_household, create_listing, create_owner

TODAY = NOW.date()


def test_a_home_and_a_household_that_fit_find_each_other(session: Session) -> None:
    case, listing = create_household(session), create_listing(session)
    create_listing(session, municipality="Pandino")
    create_listing(session, state=ListingState.CHECKED)
    create_household(session, budget_eur_month=500)
    assert [fit.id for fit in homes_for(session, case, now=NOW)] == [listing.id]
    found = households_for(session, listing, true(), now=NOW)
    assert [fit.id for fit in found] == [case.id]
    assert found[0].score == homes_for(session, case, now=NOW)[0].score
    assert found[0].score == pair_of(session, case, listing, now=NOW).why.score


def test_a_parked_household_is_matched_with_nothing_until_its_day(session: Session) -> None:
    case, listing = create_household(session), create_listing(session)
    park_search(session, need_of(session, case, now=NOW), TODAY + timedelta(days=60), now=NOW)
    assert homes_for(session, case, now=NOW) == []
    assert households_for(session, listing, true(), now=NOW) == []
    with pytest.raises(HomeDoesNotFit):
        propose_pair(session, case, listing, by="service", now=NOW)
    later = NOW + timedelta(days=60)
    assert len(homes_for(session, case, now=later)) == 1
    assert len(households_for(session, listing, true(), now=later)) == 1


def test_a_home_that_was_refused_waits_for_its_day(session: Session) -> None:
    case, listing = create_household(session), create_listing(session)
    match = propose_pair(session, case, listing, by="service", now=NOW)
    refuse(session, match, MatchSide.OWNER, RefusalReason.GUARANTEES, words=None, by="owner", now=NOW)
    assert homes_for(session, case, now=NOW) == []
    assert households_for(session, listing, true(), now=NOW) == []
    with pytest.raises(HomeDoesNotFit):
        propose_pair(session, case, listing, by="service", now=NOW)
    later = NOW + timedelta(days=90)
    assert [fit.id for fit in homes_for(session, case, now=later)] == [listing.id]
    again = propose_pair(session, case, listing, by="service", now=later)
    assert (again.id, again.state) == (match.id, MatchState.PROPOSED)


def test_several_households_may_have_the_same_home_proposed_and_only_a_hold_keeps_it(
    session: Session,
) -> None:
    first, second, listing = create_household(session), create_household(session), create_listing(session)
    match = propose_pair(session, first, listing, by="service", now=NOW)
    assert len(households_for(session, listing, true(), now=NOW)) == 2
    hold_home(session, match, by="service", now=NOW)
    assert homes_for(session, second, now=NOW) == []
    held = pair_of(session, second, listing, now=NOW)
    assert [each.sentence for each in held.obstacles] == ["housing.obstacle.reserved"]
    assert propose_pair(session, second, listing, by="service", now=NOW).state is MatchState.PROPOSED


def test_a_home_that_does_not_fit_is_not_proposed_and_the_reason_is_told(session: Session) -> None:
    case, listing = create_household(session), create_listing(session, rent_eur_month=800)
    with pytest.raises(HomeDoesNotFit):
        propose_pair(session, case, listing, by="service", now=NOW)
    pair = pair_of(session, case, listing, now=NOW)
    assert [rule.code for rule in pair.why.against] == ["rent"]
    assert [fit.id for fit in misfits(session, case, now=NOW)] == [listing.id]
    change_needs(session, case, {"budget_eur_month": 900}, by="service", now=NOW)
    match = propose_pair(session, case, listing, by="service", now=NOW)
    assert match.reasons == ["town", "rent", "people"]


def test_a_search_that_is_over_is_matched_no_more(session: Session) -> None:
    case, listing = create_household(session), create_listing(session)
    advance_search(session, case, SearchState.OFFER, by="service", now=NOW)
    assert need_of(session, case, now=NOW).state is SearchState.OFFER
    assert homes_for(session, case, now=NOW) == []
    assert households_for(session, listing, true(), now=NOW) == []


def test_another_body_s_homes_are_for_its_own_households(session: Session) -> None:
    case = create_household(session)
    create_listing(session, owner=create_owner(session, organisation=create_organisation(session)))
    assert homes_for(session, case, now=NOW) == []


def test_a_wish_that_is_past_counts_from_today(session: Session) -> None:
    case = create_household(session, move_in_from=date(2026, 1, 1))
    listing = create_listing(session, available_from=TODAY + timedelta(days=50))
    assert [fit.id for fit in homes_for(session, case, now=NOW)] == [listing.id]


def test_the_job_frees_homes_whose_hold_is_over(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    match = propose_pair(session, create_household(session), create_listing(session), by="service", now=NOW)
    hold_home(session, match, by="service", now=NOW)
    session.commit()
    assert free_homes(database, clock) == 0
    clock.advance(hours=73)
    assert free_homes(database, clock) == 1
    session.expire_all()
    assert session.get_one(Listing, match.listing_id).state is ListingState.PUBLISHED


def test_weights_are_set_with_a_version_and_noted(session: Session) -> None:
    staff = create_staff(session)
    body = staff.organisation_id
    assert (weights_of(session, body), version_of(session, body)) == (DEFAULT_WEIGHTS, 0)
    assert set_weights(session, body, {"near": 10}, seen=0, by=staff.id, now=NOW) == 1
    assert weights_of(session, body) == {**DEFAULT_WEIGHTS, "near": 10}
    with pytest.raises(WeightsChangedMeanwhile):
        set_weights(session, body, {"near": 0}, seen=0, by=staff.id, now=NOW)
    for wrong in ({"near": 11}, {"near": -1}, {"nationality": 5}):
        with pytest.raises(WeightsInvalid):
            set_weights(session, body, wrong, seen=1, by=staff.id, now=NOW)
    session.commit()
    noted = session.query(AuditEntry).filter(AuditEntry.action == "matching_weights.set").all()
    assert [(entry.actor, entry.reason) for entry in noted] == [(staff.id, "version 1")]


def test_weights_of_the_body_order_its_homes(session: Session) -> None:
    case = create_household(session, near=["school"])
    near = create_listing(session, rent_eur_month=630, near=["school"])
    cheap = create_listing(session, rent_eur_month=350, near=["bus"])
    staff = create_staff(session)
    nothing = dict.fromkeys(DEFAULT_WEIGHTS, 0)
    for version, (code, first) in enumerate((("near", near), ("spare_rent", cheap))):
        wanted = {**nothing, code: 10}
        set_weights(session, staff.organisation_id, wanted, seen=version, by=staff.id, now=NOW)
        assert homes_for(session, case, now=NOW)[0].id == first.id
