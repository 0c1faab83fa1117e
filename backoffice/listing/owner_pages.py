"""The pages of owners: the list, one owner with their homes, and what is done with them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy import Select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.queries import names_of_staff
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.home_owner.models import HomeOwner, LostReason, OwnerKind, WishGround
from backoffice.home_owner.offer_case import find_offer_case
from backoffice.home_owner.permissions import get_owner, readable_owners
from backoffice.home_owner.queries import (
    OwnerPage,
    count_owners,
    filtered_owners,
    page_of_owners,
    wishes_of,
)
from backoffice.home_owner.refusing import refuse_and_report
from backoffice.home_owner.service import lose_owner
from backoffice.italy import day_in_italy
from backoffice.listing.forms import OwnersAsked, OwnerSearch
from backoffice.listing.models import Listing
from backoffice.listing.permissions import readable_listings
from backoffice.listing.queries import first_photos
from backoffice.paging import InvalidCursor
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, redirect, render

router = APIRouter(prefix="/owners", include_in_schema=False)

PAGE = 30
MOST_HOMES = 100


@router.get("")
def owners_page(request: Request, session: ReadSession, staff: SignedIn, search: OwnersAsked) -> Response:
    """Show the owners of the reader's body; those who are lost with why."""
    statement = filtered_owners(session, readable_owners(staff), search.filters)
    return render(
        request,
        "listing/owners.html",
        staff=staff,
        search=search,
        page=_page(session, statement, search),
        total=count_owners(session, statement),
        kinds=list(OwnerKind),
    )


@router.get("/{owner_id}")
def owner_page(
    request: Request, owner_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show one owner; who reads is noted in the audit trail."""
    owner = get_owner(session, staff, owner_id)
    audit.record(
        session, by=staff.id, action="owner.read", subject_kind="owner", subject_id=owner.id, now=clock()
    )
    theirs = readable_listings(staff).where(Listing.owner_id == owner.id)
    homes = session.scalars(theirs.order_by(Listing.updated_at.desc()).limit(MOST_HOMES)).all()
    wishes = wishes_of(session, owner.id)
    return render(
        request,
        "listing/owner.html",
        staff=staff,
        owner=owner,
        homes=homes,
        photos=first_photos(session, (home.id for home in homes)),
        case=find_offer_case(session, staff, owner),
        wishes=wishes,
        names=names_of_staff(session, {wish.refused_by for wish in wishes}),
        reasons=list(LostReason),
        grounds=list(WishGround),
    )


@router.post("/{owner_id}/lost")
def submit_loss(
    owner_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    reason: Annotated[LostReason, Form()] = LostReason.OTHER,
) -> Response:
    """Note that an owner lets no home through the desk any more, and why."""
    owner, now = get_owner(session, staff, owner_id), clock()
    lose_owner(session, owner, reason, on=day_in_italy(now), by=staff.id, now=now)
    return redirect(f"/owners/{owner.id}", notice="owner_lost")


@router.post("/{owner_id}/back")
def submit_return(owner_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Note that an owner is back."""
    owner, now = get_owner(session, staff, owner_id), clock()
    lose_owner(session, owner, None, on=day_in_italy(now), by=staff.id, now=now)
    return redirect(f"/owners/{owner.id}", notice="owner_back")


@router.post("/{owner_id}/wishes")
def submit_wish(
    request: Request,
    owner_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    ground: Annotated[WishGround, Form()] = WishGround.OTHER,
    words: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Refuse and count a wish that discriminates; note and task go into the owner's case."""
    owner = get_owner(session, staff, owner_id)
    refuse_and_report(
        session,
        owner,
        ground,
        words.strip() or None,
        staff=staff,
        language=interface_language(request),
        now=clock(),
    )
    return redirect(f"/owners/{owner.id}#wishes", notice="wish_refused")


def _page(session: Session, statement: Select[HomeOwner], search: OwnerSearch) -> OwnerPage:
    try:
        return page_of_owners(session, statement, limit=PAGE, cursor=search.cursor or None)
    except InvalidCursor:
        return page_of_owners(session, statement, limit=PAGE, cursor=None)
