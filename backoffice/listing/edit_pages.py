"""The form of a home: a new one, from a case or for an owner, and one that changes. Nothing typed is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.models import Case
from backoffice.case.municipalities import municipality_names
from backoffice.case.permissions import get_changeable_case
from backoffice.client.schemas import CaseType, ContractType, Furnishing, Near
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.errors import NotFound
from backoffice.home_owner.faults import Fault
from backoffice.home_owner.permissions import get_owner, require_housing
from backoffice.home_owner.wish_words import FoundWish
from backoffice.italy import day_in_italy
from backoffice.listing.adding import (
    HomeOffered,
    change_home,
    offer_home,
    offered_in,
    owner_of_case,
)
from backoffice.listing.clearing import uncleared_wishes
from backoffice.listing.errors import ListingChangedMeanwhile
from backoffice.listing.facts import ENERGY_CLASSES, HomeRead, raw_of, read_home
from backoffice.listing.forms import HomeForm, by_field
from backoffice.listing.models import Heating, Included, IncomeAsked, Listing
from backoffice.listing.permissions import get_listing
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render

router = APIRouter(prefix="/listings", include_in_schema=False)

Id = Annotated[str, Query(max_length=36)]


@dataclass(frozen=True)
class Differing:
    """A field that two people changed: what stands now, and what the other typed."""

    field: str
    now: object
    yours: object


@router.get("/new")
def new_page(
    request: Request, session: DbSession, staff: SignedIn, clock: ClockDep, owner: Id = "", case: Id = ""
) -> Response:
    """Show the empty form, or what a case of an offer says already; without either, whose home it is."""
    require_housing(staff)
    if case:
        found = _offer(session, staff, case)
        form = HomeForm(case=case, **offered_in(found.intake))
        return _show(request, staff, form, name=found.person.name)
    if not owner:
        return render(request, "listing/whose.html", staff=staff)
    of = get_owner(session, staff, owner)
    return _show(request, staff, HomeForm(owner=of.id), name=of.person.name)


@router.post("/new")
def submit_new(
    request: Request,
    form: Annotated[HomeForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Write a home down as a draft; what is wrong comes back beside its field."""
    require_housing(staff)
    now = clock()
    offer = _offer(session, staff, form.case) if form.case else None
    of = get_owner(session, staff, form.owner) if form.owner else None
    if offer is None and of is None:
        raise NotFound
    name = offer.person.name if offer else (of.person.name if of else None)
    read, wishes = _read(session, form, None, day_in_italy(now))
    if read.faults or (wishes and not form.wish_reason.strip()):
        return _show(request, staff, form, name=name, faults=read.faults, wishes=wishes, status=422)
    if of is None:
        assert offer is not None
        of = owner_of_case(session, offer, by=staff.id, now=now)
    offered = HomeOffered(read.home, wishes, form.wish_reason.strip())
    listing = offer_home(session, of, offered, case=offer, staff=staff, now=now)
    return redirect(f"/listings/{listing.id}", notice="listing_added")


@router.get("/{listing_id}/edit")
def edit_page(
    request: Request, listing_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show the form with what is known; who reads is noted in the audit trail."""
    listing = get_listing(session, staff, listing_id)
    audit.record(
        session,
        by=staff.id,
        action="listing.read",
        subject_kind="listing",
        subject_id=listing.id,
        now=clock(),
    )
    return _show(request, staff, _form_of(listing), listing=listing)


@router.post("/{listing_id}/edit")
def submit_edit(
    request: Request,
    listing_id: str,
    form: Annotated[HomeForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Change a home; what is wrong, or newer by now, is shown on the form, with all that was typed."""
    listing, now = get_listing(session, staff, listing_id), clock()
    read, wishes = _read(session, form, listing, day_in_italy(now))
    if read.faults or (wishes and not form.wish_reason.strip()):
        return _show(request, staff, form, listing=listing, faults=read.faults, wishes=wishes, status=422)
    offered = HomeOffered(read.home, wishes, form.wish_reason.strip())
    try:
        change_home(session, listing, offered, seen=form.version, by=staff.id, now=now)
    except ListingChangedMeanwhile:
        return _show_both(request, staff, listing, form)
    return redirect(f"/listings/{listing.id}", notice="listing_saved")


def _show_both(request: Request, staff: Staff, listing: Listing, form: HomeForm) -> Response:
    """Show the form as it was typed, and beside it what stands now; saving again writes what was typed."""
    now, yours = _form_of(listing).raw, form.raw
    both = [Differing(name, now[name], yours[name]) for name in now if now[name] != yours[name]]
    form = form.model_copy(update={"version": listing.version})
    return _show(request, staff, form, listing=listing, both=both, status=409)


def _read(
    session: Session, form: HomeForm, listing: Listing | None, today: date
) -> tuple[HomeRead, list[FoundWish]]:
    read = read_home(form.raw, today=today, known=listing, rent_wanted=not form.rent_open)
    return read, uncleared_wishes(session, listing, read.home)


def _form_of(listing: Listing) -> HomeForm:
    return HomeForm(version=listing.version, rent_open=listing.rent_eur_month is None, **raw_of(listing))


def _offer(session: Session, staff: Staff, case_id: str) -> Case:
    case = get_changeable_case(session, staff, case_id)
    if case.type is not CaseType.HOUSING_OFFER:
        raise NotFound
    return case


def _show(
    request: Request,
    staff: Staff,
    form: HomeForm,
    *,
    listing: Listing | None = None,
    name: str | None = None,
    faults: list[Fault] | None = None,
    wishes: list[FoundWish] | None = None,
    both: list[Differing] | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        "listing/edit.html",
        staff=staff,
        status=status,
        form=form,
        listing=listing,
        name=name,
        faults=by_field(faults or []),
        wishes=wishes or [],
        both=both or [],
        municipalities=municipality_names(),
        heatings=list(Heating),
        furnishings=list(Furnishing),
        incomes=list(IncomeAsked),
        energy_classes=ENERGY_CLASSES,
        all_included=list(Included),
        contracts=list(ContractType),
        all_near=list(Near),
    )
