"""Pages of what fits: the rows of a ranking with what is said of each, and of what does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.case.models import Case
from backoffice.housing_match.candidates import Pair, household_of_case, pairs_of
from backoffice.housing_match.engine import cheapness, why
from backoffice.housing_match.sides import HOME_COLUMNS, home_of
from backoffice.housing_match.weights import weights_of
from backoffice.housing_need.queries import read_need
from backoffice.listing.models import Listing, ListingState
from backoffice.matching.scores import Fit


@dataclass(frozen=True)
class FittingPage:
    """Some pairs of a ranking, the cursor of the following ones, and how many there are in all."""

    pairs: list[Pair]
    next: str | None
    total: int


def page_of_homes(
    session: Session, case: Case, fits: Sequence[Fit], *, start: int, limit: int, now: datetime
) -> FittingPage:
    """Return some of the homes that fit a household, in their order."""
    ids = [fit.id for fit in fits[start : start + limit]]
    homes = {each.id: each for each in session.scalars(select(Listing).where(Listing.id.in_(ids)))}
    pairs = pairs_of(session, [(case, homes[key]) for key in ids if key in homes], now=now)
    return FittingPage(pairs, _next(start + limit, len(fits)), len(fits))


def page_of_households(
    session: Session, listing: Listing, fits: Sequence[Fit], *, start: int, limit: int, now: datetime
) -> FittingPage:
    """Return some of the households that a home fits, in their order."""
    ids = [fit.id for fit in fits[start : start + limit]]
    statement = select(Case).where(Case.id.in_(ids)).options(joinedload(Case.person))
    cases = {each.id: each for each in session.scalars(statement)}
    pairs = pairs_of(session, [(cases[key], listing) for key in ids if key in cases], now=now)
    return FittingPage(pairs, _next(start + limit, len(fits)), len(fits))


def misfits(session: Session, case: Case, *, now: datetime) -> list[Fit]:
    """Return the published homes that a rule speaks against: those that fail least first."""
    household = household_of_case(case, read_need(session, case), now=now)
    weights = weights_of(session, case.organisation_id)
    statement = select(Listing.id, *HOME_COLUMNS).where(
        Listing.organisation_id == case.organisation_id, Listing.state == ListingState.PUBLISHED
    )
    found = []
    for row in session.execute(statement):
        home = home_of(row)
        said = why(household, home, weights)
        if not said.fits:
            found.append((len(said.against), -said.score, cheapness(home), row.id))
    return [Fit(key, -score) for _against, score, _cost, key in sorted(found)]


def _next(end: int, total: int) -> str | None:
    return str(end) if end < total else None
