"""The pages of what fits: the homes of a household, the households of a home, and one pair with its why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.municipalities import municipality_names
from backoffice.case.permissions import is_own_readable
from backoffice.case.service import record_reading
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.housing_match.candidates import homes_for, households_for, pair_of, propose_pair
from backoffice.housing_match.fitting import misfits, page_of_homes, page_of_households
from backoffice.housing_match.forms import HomeSearch, HomesSearched
from backoffice.housing_match.match_view import MatchView
from backoffice.housing_match.models import HousingMatch
from backoffice.housing_match.permissions import get_seeker
from backoffice.housing_match.queries import count_by_state
from backoffice.housing_match.reading import record_households_read
from backoffice.housing_match.standing import of_search
from backoffice.housing_need.queries import read_need
from backoffice.housing_need.service import need_of, park_search
from backoffice.italy import day_in_italy
from backoffice.listing.models import Listing
from backoffice.listing.permissions import get_listing
from backoffice.matching.scores import Fit
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, redirect, render

router = APIRouter(include_in_schema=False)

PAGE = 20

Start = Annotated[int, Query(ge=0, le=100_000)]


@router.get("/cases/{case_id}/homes")
def homes_page(
    request: Request,
    case_id: str,
    search: HomesSearched,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Show the homes that fit a household, or those that do not, each with its why."""
    case, now = get_seeker(session, staff, case_id), clock()
    record_reading(session, staff, case, now=now)
    need = read_need(session, case)
    found = homes_for(session, case, now=now) if search.view == "fit" else misfits(session, case, now=now)
    fits = _narrowed(session, case, found, search)
    return render(
        request,
        "housing_match/homes.html",
        staff=staff,
        case=case,
        search=search,
        page=page_of_homes(session, case, fits, start=search.start, limit=PAGE, now=now),
        stands=of_search(case, need, today=day_in_italy(now)),
        is_parked=need.parked_until is not None and need.parked_until > day_in_italy(now),
        towns=municipality_names(),
        sees=MatchView(interface_language(request)),
        can_show=_can_show(request, case),
    )


@router.post("/cases/{case_id}/homes/resume")
def submit_resume(case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Look for homes again for a household that was parked."""
    case, now = get_seeker(session, staff, case_id), clock()
    park_search(session, need_of(session, case, now=now), None, now=now)
    record_reading(session, staff, case, now=now)
    return redirect(f"/cases/{case.id}/homes", notice="search_resumed")


@router.get("/cases/{case_id}/homes/{listing_id}")
def why_page(
    request: Request, case_id: str, listing_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show why a home fits a household, or why not, matched or not."""
    case, listing = get_seeker(session, staff, case_id), get_listing(session, staff, listing_id)
    record_reading(session, staff, case, now=clock())
    return render(
        request,
        "housing_match/why.html",
        staff=staff,
        pair=pair_of(session, case, listing, now=clock()),
        sees=MatchView(interface_language(request)),
        can_show=_can_show(request, case),
    )


@router.post("/cases/{case_id}/homes/{listing_id}/propose")
def submit_proposal(
    case_id: str, listing_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Propose a home to a household, and go to their match."""
    case, listing = get_seeker(session, staff, case_id), get_listing(session, staff, listing_id)
    match = propose_pair(session, case, listing, by=staff.id, now=clock())
    return redirect(f"/matches/{match.id}", notice="match_proposed")


@router.get("/listings/{listing_id}/households")
def households_page(
    request: Request, listing_id: str, session: DbSession, staff: SignedIn, clock: ClockDep, start: Start = 0
) -> Response:
    """Show the households that a home fits, each with its why."""
    listing, now = get_listing(session, staff, listing_id), clock()
    record_households_read(session, listing, by=staff.id, now=now)
    fits = households_for(session, listing, is_own_readable(staff), now=now)
    return render(
        request,
        "housing_match/households.html",
        staff=staff,
        listing=listing,
        start=start,
        page=page_of_households(session, listing, fits, start=start, limit=PAGE, now=now),
        sees=MatchView(interface_language(request)),
    )


@router.get("/listings/{listing_id}/matches-count")
def count_fragment(
    request: Request, listing_id: str, session: ReadSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show how many households a home fits and how far its matches are, for the page of the home."""
    listing = get_listing(session, staff, listing_id)
    fits = households_for(session, listing, is_own_readable(staff), now=clock())
    return render(
        request,
        "housing_match/_count.html",
        staff=staff,
        listing=listing,
        fitting=len(fits),
        states=count_by_state(session, listing.id),
    )


def _narrowed(session: Session, case: Case, fits: Sequence[Fit], search: HomeSearch) -> Sequence[Fit]:
    if search.town:
        there = select(Listing.id).where(
            Listing.organisation_id == case.organisation_id, Listing.municipality == search.town
        )
        wanted = set(session.scalars(there))
        fits = [fit for fit in fits if fit.id in wanted]
    if search.fresh:
        known = set(session.scalars(select(HousingMatch.listing_id).where(HousingMatch.case_id == case.id)))
        fits = [fit for fit in fits if fit.id not in known]
    return fits


def _can_show(request: Request, case: Case) -> bool:
    return request.app.state.show_home is not None and case.conversation_id is not None
