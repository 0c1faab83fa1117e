"""From the database to the engine and back: the homes for a household, the households for a home, one pair.

Only published homes and searches that are going on are matched; who is parked, and what was refused, waits
for its day. Several households may have the same home proposed: only a hold keeps it for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import CaseType, Phase
from backoffice.housing_match.engine import Why, why
from backoffice.housing_match.errors import HomeDoesNotFit
from backoffice.housing_match.models import HousingMatch, MatchState
from backoffice.housing_match.queries import holds_on
from backoffice.housing_match.service import propose, propose_again
from backoffice.housing_match.sides import HOME_COLUMNS, Home, Household, home_of, household_of
from backoffice.housing_match.standing import Obstacle, obstacles, of_search, rests
from backoffice.housing_match.tables import HomeTable, HouseholdTable
from backoffice.housing_match.weights import weights_of
from backoffice.housing_need.models import HousingNeed
from backoffice.housing_need.queries import read_need
from backoffice.housing_need.states import IS_MATCHED
from backoffice.italy import day_in_italy
from backoffice.listing.models import Listing, ListingState
from backoffice.matching.scores import Fit, Weights


@dataclass(frozen=True)
class Pair:
    """One household and one home: what matching says, what stands in the way, and their match if any."""

    case: Case
    listing: Listing
    why: Why
    obstacles: list[Obstacle]
    match: HousingMatch | None

    @property
    def can_be_proposed(self) -> bool:
        """Whether the home fits and nothing stands in the way."""
        return self.why.fits and all(each.is_note for each in self.obstacles)


def household_of_case(case: Case, need: HousingNeed, *, now: datetime) -> Household:
    """Return what matching may know of the household of a case."""
    return household_of(case.intake, waiting_since=need.created_at.date(), today=day_in_italy(now))


def homes_for(session: Session, case: Case, *, now: datetime, weights: Weights | None = None) -> list[Fit]:
    """Return the ids of the homes that may be proposed to a household now, the best first."""
    need = read_need(session, case)
    if of_search(case, need, today=day_in_italy(now)):
        return []
    household = household_of_case(case, need, now=now)
    offered = _offered(session, household, case)
    for refused in _resting(session, HousingMatch.case_id == case.id, day_in_italy(now)):
        offered.pop(refused.listing_id, None)
    weights = weights or weights_of(session, case.organisation_id)
    return HomeTable(offered).homes_for(household, weights)


def households_for(
    session: Session,
    listing: Listing,
    readable: ColumnElement[bool],
    *,
    now: datetime,
    weights: Weights | None = None,
) -> list[Fit]:
    """Return the ids of the cases that a home may be proposed to now, the best first.

    `readable` is the condition on `Case` of who asks; a home that is not published is for nobody.
    """
    if listing.state is not ListingState.PUBLISHED:
        return []
    looking = households_looking(session, listing.organisation_id, readable, now=now)
    for refused in _resting(session, HousingMatch.listing_id == listing.id, day_in_italy(now)):
        looking.pop(refused.case_id, None)
    weights = weights or weights_of(session, listing.organisation_id)
    return HouseholdTable(looking).households_for(home_of(listing), weights)


def households_looking(
    session: Session, organisation_id: str, readable: ColumnElement[bool], *, now: datetime
) -> dict[str, Household]:
    """Return every household of a body that is matched now, by its case."""
    today = day_in_italy(now)
    statement = (
        select(Case.id, Case.intake, HousingNeed.created_at)
        .join(HousingNeed, HousingNeed.case_id == Case.id)
        .where(
            HousingNeed.organisation_id == organisation_id,
            HousingNeed.state.in_(IS_MATCHED),
            or_(HousingNeed.parked_until.is_(None), HousingNeed.parked_until <= today),
            Case.type == CaseType.HOUSING,
            Case.phase != Phase.CLOSED,
            readable,
        )
    )
    return {
        row.id: household_of(row.intake, waiting_since=row.created_at.date(), today=today)
        for row in session.execute(statement)
    }


def pair_of(session: Session, case: Case, listing: Listing, *, now: datetime) -> Pair:
    """Return what is to be said of a household and a home, matched or not."""
    return pairs_of(session, [(case, listing)], now=now)[0]


def pairs_of(session: Session, both: Sequence[tuple[Case, Listing]], *, now: datetime) -> list[Pair]:
    """Return what is to be said of some pairs of one body."""
    matches = _matches(session, both)
    holds = holds_on(session, {listing.id for _, listing in both}, now=now)
    needs = _needs(session, [case for case, _ in both])
    weights = {each: weights_of(session, each) for each in {case.organisation_id for case, _ in both}}
    found = []
    for case, listing in both:
        need, match = needs[case.id], matches.get((case.id, listing.id))
        household = household_of_case(case, need, now=now)
        said = why(household, home_of(listing), weights[case.organisation_id])
        hold = holds.get(listing.id)
        stands = obstacles(case, need, listing, match, hold, today=day_in_italy(now))
        found.append(Pair(case, listing, said, stands, match))
    return found


def propose_pair(session: Session, case: Case, listing: Listing, *, by: str, now: datetime) -> HousingMatch:
    """Propose a home to a household, with its score and reasons; a match that is open stays as it is.

    A home that was refused is proposed again once its time is over; before, `propose_again` takes the no
    back.

    Raises:
        HomeDoesNotFit: a rule says no, or nothing may be proposed to this household now.
        HomeNotFree: the home is not offered any more.
        CaseIsClosed: the case has to be reopened first.
    """
    session.execute(select(Case.id).where(Case.id == case.id).with_for_update())
    pair = pair_of(session, case, listing, now=now)
    if pair.match is not None and pair.match.state is not MatchState.REFUSED:
        return pair.match
    if not pair.can_be_proposed:
        raise HomeDoesNotFit
    if pair.match is None:
        return propose(session, case, listing, score=pair.why.score, reasons=pair.why.reasons, by=by, now=now)
    pair.match.score, pair.match.reasons = pair.why.score, pair.why.reasons
    propose_again(session, pair.match, by=by, now=now)
    return pair.match


def _offered(session: Session, household: Household, case: Case) -> dict[str, Home]:
    statement = select(Listing.id, *HOME_COLUMNS).where(
        Listing.organisation_id == case.organisation_id, Listing.state == ListingState.PUBLISHED
    )
    if household.towns:
        statement = statement.where(Listing.municipality.in_(household.towns))
    if household.budget is not None:
        statement = statement.where(Listing.rent_eur_month <= household.budget)
    return {row.id: home_of(row) for row in session.execute(statement)}


def _resting(session: Session, of_side: ColumnElement[bool], today: date) -> list[HousingMatch]:
    statement = select(HousingMatch).where(of_side, HousingMatch.state == MatchState.REFUSED)
    return [match for match in session.scalars(statement) if rests(match, today=today)]


def _matches(session: Session, both: Sequence[tuple[Case, Listing]]) -> dict[tuple[str, str], HousingMatch]:
    statement = select(HousingMatch).where(
        HousingMatch.case_id.in_({case.id for case, _ in both}),
        HousingMatch.listing_id.in_({listing.id for _, listing in both}),
    )
    return {(match.case_id, match.listing_id): match for match in session.scalars(statement)}


def _needs(session: Session, cases: Sequence[Case]) -> dict[str, HousingNeed]:
    statement = select(HousingNeed).where(HousingNeed.case_id.in_({case.id for case in cases}))
    begun = {need.case_id: need for need in session.scalars(statement)}
    return {case.id: begun.get(case.id) or read_need(session, case) for case in cases}
