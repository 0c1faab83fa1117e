"""The form of an owner: a new one, who may be known already, and one that changes. Nothing typed is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.people import get_readable_person
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.errors import NotFound
from backoffice.home_owner.facts import OwnerRead, raw_of_owner, read_owner
from backoffice.home_owner.faults import Fault
from backoffice.home_owner.finding import owners_of, people_of_phone
from backoffice.home_owner.models import (
    Guarantee,
    HomeOwner,
    OwnerContact,
    OwnerKind,
    TaxRegime,
    Worry,
)
from backoffice.home_owner.permissions import get_owner, require_housing
from backoffice.home_owner.registering import new_person
from backoffice.home_owner.service import change_owner, register_owner
from backoffice.italy import day_in_italy
from backoffice.listing.forms import OwnerForm, by_field
from backoffice.person.models import Person
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render
from translations.languages import LANGUAGES

router = APIRouter(prefix="/owners", include_in_schema=False)


@router.get("/new")
def new_owner_page(request: Request, staff: SignedIn) -> Response:
    """Show the empty form."""
    require_housing(staff)
    return _show(request, staff, OwnerForm())


@router.post("/new")
def submit_owner(
    request: Request,
    form: Annotated[OwnerForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Make somebody an owner; who has that telephone already is shown first."""
    require_housing(staff)
    now = clock()
    read = read_owner(form.model_dump(), today=day_in_italy(now), person_wanted=not form.person)
    if read.faults:
        return _show(request, staff, form, faults=read.faults, status=422)
    if form.person:
        person = _known(session, staff, form)
        if known := owners_of(session, [person]).get(person.id):
            return redirect(f"/owners/{known.id}", notice="owner_known")
    else:
        alike = [] if form.is_new else people_of_phone(session, staff, read.phone or "")
        if alike:
            owners = owners_of(session, alike)
            return _show(request, staff, form, alike=alike, owners=owners, status=409)
        person = new_person(session, staff, read.name, read.phone, language=_language(form.language), now=now)
    owner = register_owner(session, person, read.facts, by=staff.id, now=now)
    return redirect(f"/owners/{owner.id}", notice="owner_added")


@router.get("/{owner_id}/edit")
def edit_owner_page(
    request: Request, owner_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show the form with what is known; who reads is noted in the audit trail."""
    owner = get_owner(session, staff, owner_id)
    audit.record(
        session, by=staff.id, action="owner.read", subject_kind="owner", subject_id=owner.id, now=clock()
    )
    return _show(request, staff, OwnerForm(version=owner.version, **raw_of_owner(owner)), owner=owner)


@router.post("/{owner_id}/edit")
def submit_owner_edit(
    request: Request,
    owner_id: str,
    form: Annotated[OwnerForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Change an owner; what is wrong, or newer by now, is shown on the form, with all that was typed."""
    owner, now = get_owner(session, staff, owner_id), clock()
    read: OwnerRead = read_owner(form.model_dump(), today=day_in_italy(now), person_wanted=False)
    if read.faults:
        return _show(request, staff, form, owner=owner, faults=read.faults, status=422)
    session.refresh(owner, ["version"], with_for_update=True)  # who saves at the same moment waits
    if form.version is not None and form.version != owner.version:
        form = form.model_copy(update={"version": owner.version})
        return _show(request, staff, form, owner=owner, is_newer=True, status=409)
    change_owner(session, owner, read.facts, by=staff.id, now=now)
    return redirect(f"/owners/{owner.id}", notice="owner_saved")


def _known(session: Session, staff: Staff, form: OwnerForm) -> Person:
    """Return the person who was chosen: one whom the reader may know of, or who has that telephone."""
    alike = {person.id: person for person in people_of_phone(session, staff, form.phone)}
    person = alike.get(form.person) or get_readable_person(session, staff, form.person)
    if person.organisation_id != staff.organisation_id:
        raise NotFound
    return person


def _language(code: str) -> str:
    return code if code in LANGUAGES else "it"


def _show(
    request: Request,
    staff: Staff,
    form: OwnerForm,
    *,
    owner: HomeOwner | None = None,
    faults: Sequence[Fault] = (),
    alike: Sequence[Person] = (),
    owners: dict[str, HomeOwner] | None = None,
    is_newer: bool = False,
    status: int = 200,
) -> Response:
    return render(
        request,
        "listing/owner_edit.html",
        staff=staff,
        status=status,
        form=form,
        owner=owner,
        faults=by_field(faults),
        alike=alike,
        owners=owners or {},
        is_newer=is_newer,
        kinds=list(OwnerKind),
        contacts=list(OwnerContact),
        worries=list(Worry),
        guarantees=list(Guarantee),
        regimes=list(TaxRegime),
        languages=list(LANGUAGES),
    )
