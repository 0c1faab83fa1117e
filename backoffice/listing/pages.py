"""The pages of homes: the list, one home, and what is done with it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy import Select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.models import Case
from backoffice.case.municipalities import municipality_names
from backoffice.case.permissions import readable_cases
from backoffice.case.queries import names_of_staff
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import NotFound
from backoffice.home_owner.models import HomeOwner, LostReason
from backoffice.home_owner.permissions import get_owner
from backoffice.listing.clearing import clearances_of
from backoffice.listing.facts import proposed_people
from backoffice.listing.forms import HomesAsked, HomeSearch
from backoffice.listing.models import Listing, ListingState, VerifiedHow
from backoffice.listing.permissions import get_listing, readable_listings
from backoffice.listing.photos import MOST_PHOTOS
from backoffice.listing.queries import (
    ListingPage,
    count_listings,
    filtered_listings,
    first_photos,
    history_of,
    page_of_listings,
    photos_of,
)
from backoffice.listing.service import move_listing, verify_listing
from backoffice.listing.states import MOVES, missing_for
from backoffice.paging import InvalidCursor
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render

router = APIRouter(prefix="/listings", include_in_schema=False)

PAGE = 24


@router.get("")
def list_page(request: Request, session: ReadSession, staff: SignedIn, search: HomesAsked) -> Response:
    """Show the homes of the reader's body, with filters in the address."""
    statement = filtered_listings(session, readable_listings(staff), search.filters)
    page = _page(session, statement, search)
    return render(
        request,
        "listing/list.html",
        staff=staff,
        search=search,
        page=page,
        total=count_listings(session, statement),
        photos=first_photos(session, (each.id for each in page.listings)),
        owner=_owner_asked_for(session, staff, search.owner),
        states=list(ListingState),
        municipalities=municipality_names(),
    )


@router.get("/{listing_id}")
def listing_page(
    request: Request, listing_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show one home, address and owner with it; who reads is noted in the audit trail."""
    listing = get_listing(session, staff, listing_id)
    audit.record(
        session,
        by=staff.id,
        action="listing.read",
        subject_kind="listing",
        subject_id=listing.id,
        now=clock(),
    )
    history = history_of(session, listing.id)
    clearances = clearances_of(session, listing.id)
    actors = {event.actor for event in history} | {each.cleared_by for each in clearances}
    case = session.scalars(readable_cases(staff).where(Case.id == listing.case_id)).one_or_none()
    return render(
        request,
        "listing/listing.html",
        staff=staff,
        listing=listing,
        photos=photos_of(session, listing.id),
        most_photos=MOST_PHOTOS,
        history=history,
        clearances=clearances,
        names=names_of_staff(session, actors | {listing.verified_by or ""}),
        steps=[(to, missing_for(listing, to)) for to in MOVES[listing.state]],
        reasons=list(LostReason),
        ways=list(VerifiedHow),
        proposed=proposed_people({"size_m2": listing.size_m2, "rooms": listing.rooms}),
        case=case,
    )


@router.post("/{listing_id}/move")
def submit_move(
    listing_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    to: Annotated[ListingState, Form()],
    reason: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Move a home to another state; what is missing for it is said."""
    listing = get_listing(session, staff, listing_id)
    why = reason if reason in {each.value for each in LostReason} else None
    move_listing(session, listing, to, by=staff.id, now=clock(), reason=why)
    return redirect(f"/listings/{listing.id}", notice="listing_moved")


@router.post("/{listing_id}/verify")
def submit_verification(
    listing_id: str, session: DbSession, staff: SignedIn, clock: ClockDep, how: Annotated[VerifiedHow, Form()]
) -> Response:
    """Note how the home was checked."""
    listing = get_listing(session, staff, listing_id)
    verify_listing(session, listing, how.value, by=staff.id, now=clock())
    return redirect(f"/listings/{listing.id}", notice="listing_verified")


def _owner_asked_for(session: Session, staff: Staff, owner_id: str) -> HomeOwner | None:
    try:
        return get_owner(session, staff, owner_id) if owner_id else None
    except NotFound:
        return None


def _page(session: Session, statement: Select[Listing], search: HomeSearch) -> ListingPage:
    try:
        return page_of_listings(session, statement, limit=PAGE, cursor=search.cursor or None)
    except InvalidCursor:
        return page_of_listings(session, statement, limit=PAGE, cursor=None)
