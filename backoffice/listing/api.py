"""The JSON API of homes."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.errors import CursorInvalid
from backoffice.case.models import Case
from backoffice.case.permissions import get_changeable_case
from backoffice.client.schemas import CaseType
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import NotFound
from backoffice.home_owner.permissions import get_owner, require_housing
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.italy import day_in_italy
from backoffice.listing.adding import HomeOffered, change_home, offer_home
from backoffice.listing.clearing import uncleared_wishes
from backoffice.listing.errors import HomeRefused
from backoffice.listing.facts import read_home
from backoffice.listing.models import Listing, ListingState
from backoffice.listing.permissions import get_listing, readable_listings
from backoffice.listing.queries import ListingFilters, filtered_listings, page_of_listings, photo_ids
from backoffice.listing.schemas import (
    HomeChange,
    HomeFacts,
    HomeIn,
    HomeList,
    HomeMove,
    HomeOut,
    HomeVerification,
    home_out,
    raw_facts,
)
from backoffice.listing.service import move_listing, verify_listing
from backoffice.paging import InvalidCursor
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from translations.catalog import text

router = APIRouter(prefix="/api/v1/listings", tags=["listings"])

SENTENCES = "en"


@router.get("")
def list_listings(
    session: ReadSession,
    staff: SignedIn,
    state: ListingState | None = None,
    municipality: Annotated[str | None, Query(max_length=80)] = None,
    rent_most: Annotated[int | None, Query(ge=0, le=1_000_000)] = None,
    people: Annotated[int | None, Query(ge=0, le=1000)] = None,
    free_by: date | None = None,
    owner: Annotated[str | None, Query(max_length=36)] = None,
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> HomeList:
    """List the homes of the caller's body. `q` looks in code, reference, place, words, the owner's name."""
    filters = ListingFilters(state, municipality, rent_most, people, free_by, owner, q)
    statement = filtered_listings(session, readable_listings(staff), filters)
    try:
        page = page_of_listings(session, statement, limit=limit, cursor=cursor)
    except InvalidCursor as wrong:
        raise CursorInvalid from wrong
    photos = photo_ids(session, (each.id for each in page.listings))
    items = [home_out(each, photos.get(each.id, []), whole=False) for each in page.listings]
    return HomeList(items=items, next=page.next)


@router.post("", status_code=201)
def create_listing(
    new: HomeIn, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> HomeOut:
    """Write a home down as a draft, with the case of the offer."""
    require_housing(staff)
    owner = get_owner(session, staff, new.owner)
    case = _offer(session, staff, new.case) if new.case else None

    def act() -> HomeOut:
        offered = _read(session, new, None, new.not_discriminating, day_in_italy(clock()))
        listing = offer_home(session, owner, offered, case=case, staff=staff, now=clock())
        return home_out(listing, [], whole=True)

    return once(
        session,
        act,
        result_type=HomeOut,
        principal=f"staff:{staff.id}",
        operation="listing.create",
        key=key,
        request=new,
        now=clock(),
    )


@router.get("/{listing_id}")
def read_listing(listing_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> HomeOut:
    """Return one home with its address; who reads is noted in the audit trail."""
    listing = get_listing(session, staff, listing_id)
    audit.record(
        session,
        by=staff.id,
        action="listing.read",
        subject_kind="listing",
        subject_id=listing.id,
        now=clock(),
    )
    return _whole(session, listing)


@router.patch("/{listing_id}")
def patch_listing(
    listing_id: str, change: HomeChange, session: DbSession, staff: SignedIn, clock: ClockDep
) -> HomeOut:
    """Change a home; 409 where somebody was faster."""
    listing = get_listing(session, staff, listing_id)
    offered = _read(session, change, listing, change.not_discriminating, day_in_italy(clock()))
    change_home(session, listing, offered, seen=change.version, by=staff.id, now=clock())
    return _whole(session, listing)


@router.post("/{listing_id}/moves")
def create_move(
    listing_id: str, move: HomeMove, session: DbSession, staff: SignedIn, clock: ClockDep
) -> HomeOut:
    """Move a home to another state; `errors` names what is missing for it."""
    listing = get_listing(session, staff, listing_id)
    why = move.reason.value if move.reason else None
    move_listing(session, listing, move.to, by=staff.id, now=clock(), reason=why)
    return _whole(session, listing)


@router.post("/{listing_id}/verifications")
def create_verification(
    listing_id: str, given: HomeVerification, session: DbSession, staff: SignedIn, clock: ClockDep
) -> HomeOut:
    """Note how the home was checked."""
    listing = get_listing(session, staff, listing_id)
    verify_listing(session, listing, given.how.value, by=staff.id, now=clock())
    return _whole(session, listing)


def _read(
    session: Session, facts: HomeFacts, listing: Listing | None, why_no_wish: str | None, today: date
) -> HomeOffered:
    raw = raw_facts(facts, only_sent=listing is not None)
    read = read_home(raw, today=today, known=listing, rent_wanted=False)
    faults = [(fault.field, fault.sentence(SENTENCES)) for fault in read.faults]
    wishes, why = uncleared_wishes(session, listing, read.home), (why_no_wish or "").strip()
    if wishes and not why:
        faults.append(("description", text("backoffice.homes.wish.caught", SENTENCES)))
    if faults:
        raise HomeRefused(faults)
    return HomeOffered(read.home, wishes, why)


def _offer(session: Session, staff: Staff, case_id: str) -> Case:
    case = get_changeable_case(session, staff, case_id)
    if case.type is not CaseType.HOUSING_OFFER:
        raise NotFound
    return case


def _whole(session: Session, listing: Listing) -> HomeOut:
    return home_out(listing, photo_ids(session, [listing.id]).get(listing.id, []), whole=True)
