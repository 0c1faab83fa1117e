"""The JSON API of matching itself: what fits whom, why or why not, and what the preferences count."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from backoffice.case.permissions import is_own_readable
from backoffice.case.service import record_reading
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.home_owner.permissions import require_coordinator, require_housing
from backoffice.housing_match.candidates import homes_for, households_for, pair_of
from backoffice.housing_match.fitting import page_of_homes, page_of_households
from backoffice.housing_match.permissions import get_seeker
from backoffice.housing_match.reading import record_households_read
from backoffice.housing_match.schemas import (
    FittingHomeList,
    FittingHouseholdList,
    WeightsIn,
    WeightsOut,
    WhyOut,
    fitting_home_out,
    fitting_household_out,
    why_out,
)
from backoffice.housing_match.weights import set_weights, version_of, weights_of
from backoffice.listing.permissions import get_listing
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff

router = APIRouter(prefix="/api/v1", tags=["matches"])

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str, Query(pattern=r"^[0-9]{1,6}$")]


@router.get("/cases/{case_id}/homes")
def list_homes(
    case_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    limit: Limit = 50,
    cursor: Cursor = "0",
) -> FittingHomeList:
    """List the homes that may be proposed to a household now, the best first."""
    case, now = get_seeker(session, staff, case_id), clock()
    record_reading(session, staff, case, now=now)
    fits = homes_for(session, case, now=now)
    page = page_of_homes(session, case, fits, start=int(cursor), limit=limit, now=now)
    return FittingHomeList(items=[fitting_home_out(pair) for pair in page.pairs], next=page.next)


@router.get("/cases/{case_id}/homes/{listing_id}")
def read_why(case_id: str, listing_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> WhyOut:
    """Say why a home fits a household, or why not, matched or not."""
    case, listing = get_seeker(session, staff, case_id), get_listing(session, staff, listing_id)
    record_reading(session, staff, case, now=clock())
    return why_out(pair_of(session, case, listing, now=clock()))


@router.get("/listings/{listing_id}/households")
def list_households(
    listing_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    limit: Limit = 50,
    cursor: Cursor = "0",
) -> FittingHouseholdList:
    """List the households that a home may be proposed to now, the best first."""
    listing, now = get_listing(session, staff, listing_id), clock()
    record_households_read(session, listing, by=staff.id, now=now)
    fits = households_for(session, listing, is_own_readable(staff), now=now)
    page = page_of_households(session, listing, fits, start=int(cursor), limit=limit, now=now)
    return FittingHouseholdList(items=[fitting_household_out(pair) for pair in page.pairs], next=page.next)


@router.get("/matching-weights")
def read_weights(session: ReadSession, staff: SignedInCaseStaff) -> WeightsOut:
    """Return what each preference counts in the caller's body."""
    require_housing(staff)
    body = staff.organisation_id
    return WeightsOut(weights=dict(weights_of(session, body)), version=version_of(session, body))


@router.put("/matching-weights")
def change_weights(wanted: WeightsIn, session: DbSession, staff: SignedIn, clock: ClockDep) -> WeightsOut:
    """Set what each preference counts in the caller's body: a coordinator's."""
    require_coordinator(staff)
    body = staff.organisation_id
    version = set_weights(session, body, wanted.weights, seen=wanted.version, by=staff.id, now=clock())
    return WeightsOut(weights=dict(weights_of(session, body)), version=version)
