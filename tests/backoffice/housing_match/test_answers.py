"""What each side says to a match, and what follows from it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import CaseEvent, CaseEventKind
from backoffice.home_owner.models import RefusedWish
from backoffice.housing_match.errors import HomeIsHeld, HomeNotFree, MatchMoveRefused, RefusalReasonMissing
from backoffice.housing_match.holds import expire_holds, hold_home, open_hold
from backoffice.housing_match.models import HousingMatch, MatchSide, MatchState, RefusalReason
from backoffice.housing_match.service import accept, move_match, propose_again, refuse
from backoffice.housing_need.models import HousingNeed, SearchState
from backoffice.listing.models import Listing, ListingState
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW
from tests.backoffice.homes import create_household, create_listing, create_match

S, R = MatchState, RefusalReason


def test_a_yes_of_both_sides_after_a_viewing_becomes_a_contract(session: Session) -> None:
    match = create_match(session)
    for to in (S.SHOWN_TO_SEEKER, S.INTERESTED, S.VISIT_FIXED, S.VISITED):
        move_match(session, match, to, by="service", now=NOW)
    accept(session, match, MatchSide.SEEKER, by="service", now=NOW)
    assert match.state.value == "accepted_by_seeker"
    accept(session, match, MatchSide.OWNER, by="owner", now=NOW)
    session.commit()
    assert match.state.value == "contract"
    assert session.get_one(HousingNeed, match.case_id).state is SearchState.OFFER
    told = session.scalars(select(CaseEvent.after).where(CaseEvent.kind == CaseEventKind.MATCH_CHANGED)).all()
    assert told[-2:] == ["accepted_by_owner", "contract"]


def test_a_match_does_not_jump_over_its_viewing(session: Session) -> None:
    match = create_match(session)
    with pytest.raises(MatchMoveRefused):
        move_match(session, match, S.VISITED, by="service", now=NOW)


def test_not_now_parks_the_household_for_sixty_days(session: Session) -> None:
    match = create_match(session)
    refuse(session, match, MatchSide.SEEKER, R.NOT_NOW, words=None, by="service", now=NOW)
    need = session.get_one(HousingNeed, match.case_id)
    assert need.parked_until == (NOW + timedelta(days=60)).date()
    assert match.not_again_before == need.parked_until


def test_too_dear_is_never_proposed_again_until_somebody_takes_it_back(session: Session) -> None:
    match = create_match(session)
    refuse(session, match, MatchSide.SEEKER, R.TOO_DEAR, words="troppo", by="service", now=NOW)
    assert match.not_again_before is not None
    assert match.not_again_before.year > NOW.year + 40
    propose_again(session, match, by="service", now=NOW)
    assert (match.state, match.refusal_reason, match.seeker_said) == (S.PROPOSED, None, None)


def test_an_owner_who_refuses_foreigners_is_counted_and_the_home_is_withdrawn(session: Session) -> None:
    match = create_match(session)
    words = "non voglio stranieri"
    refuse(session, match, MatchSide.OWNER, R.OWNER_REFUSES_FOREIGNERS, words=words, by="owner", now=NOW)
    session.commit()
    assert session.scalars(select(RefusedWish.words)).all() == [words]
    assert session.get_one(Listing, match.listing_id).state is ListingState.WITHDRAWN


def test_a_side_gives_only_reasons_of_its_own(session: Session) -> None:
    match = create_match(session)
    with pytest.raises(RefusalReasonMissing):
        refuse(session, match, MatchSide.SEEKER, R.INCOME, words=None, by="service", now=NOW)


def test_a_household_that_found_another_home_looks_no_more(session: Session) -> None:
    match = create_match(session)
    refuse(session, match, MatchSide.SEEKER, R.FOUND_ANOTHER, words=None, by="service", now=NOW)
    assert session.get_one(HousingNeed, match.case_id).state is SearchState.CLOSED


def two_matches(session: Session) -> tuple[HousingMatch, HousingMatch]:
    listing = create_listing(session)
    return create_match(session, listing=listing), create_match(
        session, case=create_household(session), listing=listing
    )


def test_a_home_is_held_for_one_household_at_a_time(session: Session) -> None:
    first, second = two_matches(session)
    hold_home(session, first, by="service", now=NOW)
    assert session.get_one(Listing, first.listing_id).state is ListingState.RESERVED
    with pytest.raises(HomeIsHeld):
        hold_home(session, second, by="service", now=NOW)
    later = NOW + timedelta(days=4)
    assert open_hold(session, first.listing_id, now=later) is None
    assert hold_home(session, second, by="service", now=later).match_id == second.id


def test_a_hold_ends_by_itself_and_the_home_is_offered_again(session: Session) -> None:
    first, _second = two_matches(session)
    hold_home(session, first, by="service", now=NOW)
    assert expire_holds(session, now=NOW + timedelta(hours=71)) == 0
    assert expire_holds(session, now=NOW + timedelta(hours=72)) == 1
    assert session.get_one(Listing, first.listing_id).state is ListingState.PUBLISHED


def test_a_no_frees_the_home_at_once(session: Session) -> None:
    first, second = two_matches(session)
    hold_home(session, first, by="service", now=NOW)
    refuse(session, first, MatchSide.SEEKER, R.TOO_FAR, words=None, by="service", now=NOW)
    assert hold_home(session, second, by="service", now=NOW).ended_at is None


def test_a_home_that_is_withdrawn_is_not_held(session: Session) -> None:
    first, second = two_matches(session)
    refuse(session, first, MatchSide.OWNER, R.NOT_TO_LET_ANY_MORE, words=None, by="owner", now=NOW)
    with pytest.raises(HomeNotFree):
        hold_home(session, second, by="service", now=NOW)
