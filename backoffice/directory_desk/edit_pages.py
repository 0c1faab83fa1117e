"""Forms for a body, a service and a place; "checked again today"; where a service is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.acting import Acting, ActingDep
from backoffice.attempt import Refused, attempt
from backoffice.case.municipalities import municipality_names
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.directory.errors import EntryRefused
from backoffice.directory.facts import (
    Facts,
    LocationFacts,
    OrganisationFacts,
    ServiceFacts,
    read_facts,
)
from backoffice.directory.permissions import (
    get_editable_location,
    get_editable_organisation,
    get_editable_service,
    require_editing_all,
)
from backoffice.directory.service import (
    add_location,
    add_organisation,
    add_service,
    change_location,
    change_organisation,
    change_service,
    confirm_verified,
    give_at,
    give_no_longer_at,
)
from backoffice.directory.topics import TOPICS
from backoffice.directory_desk.entries import Entry, get_entry
from backoffice.directory_desk.forms import (
    ORGANISATION_FIELDS,
    PLACE_FIELDS,
    SERVICE_FIELDS,
    Field,
    known_facts,
    raw_facts,
)
from backoffice.directory_desk.pages import show_service
from backoffice.directory_desk.view import refusal
from backoffice.errors import NotFound
from backoffice.posted import day_typed, version_read
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render
from translations.languages import LANGUAGES

router = APIRouter(prefix="/directory", include_in_schema=False)

LONGEST_SOURCE = 300

FORMS: Mapping[str, tuple[type[Facts], tuple[Field, ...], Callable[..., None]]] = {
    "bodies": (OrganisationFacts, ORGANISATION_FIELDS, change_organisation),
    "services": (ServiceFacts, SERVICE_FIELDS, change_service),
    "places": (LocationFacts, PLACE_FIELDS, change_location),
}
"""What of each kind of entry is written in one form, and what writes it."""


@router.get("/bodies/new")
def new_body_page(request: Request, staff: SignedIn) -> Response:
    """Show the empty form of a body."""
    require_editing_all(staff)
    return _show_form(request, staff, "bodies", {}, back="/directory/bodies")


@router.post("/bodies/new")
def submit_new_body(acting: ActingDep) -> Response:
    """Write a body down."""
    require_editing_all(acting.staff)
    return _submit_new(acting, "bodies", "/directory/bodies", partial(add_organisation, acting.session))


@router.get("/bodies/{body_id}/services/new")
def new_service_page(request: Request, body_id: str, session: ReadSession, staff: SignedIn) -> Response:
    """Show the empty form of a service of a body."""
    get_editable_organisation(session, staff, body_id)
    return _show_form(request, staff, "services", {"status": "active"}, back=f"/directory/bodies/{body_id}")


@router.post("/bodies/{body_id}/services/new")
def submit_new_service(body_id: str, acting: ActingDep) -> Response:
    """Write a service of a body down."""
    body = get_editable_organisation(acting.session, acting.staff, body_id)
    add = partial(add_service, acting.session, body)
    return _submit_new(acting, "services", f"/directory/bodies/{body_id}", add)


@router.get("/bodies/{body_id}/places/new")
def new_place_page(request: Request, body_id: str, session: ReadSession, staff: SignedIn) -> Response:
    """Show the empty form of a place of a body."""
    get_editable_organisation(session, staff, body_id)
    known = {"location_type": "physical"}
    return _show_form(request, staff, "places", known, back=f"/directory/bodies/{body_id}")


@router.post("/bodies/{body_id}/places/new")
def submit_new_place(body_id: str, acting: ActingDep) -> Response:
    """Write a place of a body down."""
    body = get_editable_organisation(acting.session, acting.staff, body_id)
    add = partial(add_location, acting.session, body)
    return _submit_new(acting, "places", f"/directory/bodies/{body_id}", add)


@router.get("/{directory_kind}/{directory_id}/edit")
def edit_page(
    request: Request, directory_kind: str, directory_id: str, session: ReadSession, staff: SignedIn
) -> Response:
    """Show the form of an entry with what is known."""
    entry = _entry_with_form(session, staff, directory_kind, directory_id)
    known = known_facts(entry.row, FORMS[directory_kind][1])
    return _show_form(request, staff, directory_kind, known, entry=entry, back=entry.page)


@router.post("/{directory_kind}/{directory_id}/edit")
def submit_edit(directory_kind: str, directory_id: str, acting: ActingDep) -> Response:
    """Change an entry; what is wrong comes back beside its field."""
    session, staff, fields = acting.session, acting.staff, acting.fields
    entry = _entry_with_form(session, staff, directory_kind, directory_id)
    kind, form, change = FORMS[directory_kind]
    raw = raw_facts(fields, form)
    elsewhere = {name: getattr(entry.row, name) for name in kind.model_fields if name not in raw}

    def act() -> None:
        facts = read_facts(kind, {**elsewhere, **raw})
        change(session, entry.row, facts, seen=version_read(fields) or 0, by=staff.id, now=acting.now)

    refused = attempt(session, act)
    if refused is not None:
        return _show_form(
            acting.request, staff, directory_kind, raw, entry=entry, back=entry.page, refused=refused
        )
    return redirect(entry.page, notice="directory_saved")


@router.post("/services/{service_id}/verified")
def submit_verified(
    request: Request,
    service_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    source: Annotated[str, Form(max_length=1000)] = "",
    valid_to: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Note that somebody looked today and all is as written."""
    service = get_editable_service(session, staff, service_id)
    typed, now = {"source": source, "valid_to": valid_to}, clock()

    def act() -> None:
        until = day_typed(valid_to)
        if until is None or len(source) > LONGEST_SOURCE:
            raise EntryRefused(["valid_to" if until is None else "source"])
        confirm_verified(session, service, valid_to=until, source=source, by=staff.id, now=now)

    refused = attempt(session, act)
    if refused is not None:
        session.expire_all()
        return show_service(request, session, staff, service_id, now, refused=refused, typed=typed)
    return redirect(f"/directory/services/{service_id}", notice="directory_verified")


@router.post("/services/{service_id}/places")
def submit_place(
    service_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    location: Annotated[str, Form(max_length=36)] = "",
) -> Response:
    """Give a service in one of the places of its body."""
    service = get_editable_service(session, staff, service_id)
    place = get_editable_location(session, staff, location)
    if place.organisation_id != service.organisation_id:
        raise NotFound
    give_at(session, service, place, by=staff.id, now=clock())
    return redirect(f"/directory/services/{service_id}#places", notice="directory_saved")


@router.post("/at/{at_id}/remove")
def submit_no_place(at_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Give a service no longer in a place."""
    entry = get_entry(session, staff, "at", at_id)
    service = get_editable_service(session, staff, entry.root.id)
    give_no_longer_at(session, service, entry.row, by=staff.id, now=clock())
    return redirect(f"{entry.page}#places", notice="directory_saved")


def _entry_with_form(session: Session, staff: Staff, kind: str, entry_id: str) -> Entry:
    if kind not in FORMS:
        raise NotFound
    return get_entry(session, staff, kind, entry_id)


def _submit_new(acting: Acting, directory_kind: str, back: str, add: Callable[..., Any]) -> Response:
    kind, form, _ = FORMS[directory_kind]
    raw = raw_facts(acting.fields, form)
    made: list[str] = []

    def act() -> None:
        made.append(add(read_facts(kind, raw), by=acting.staff.id, now=acting.now).id)

    refused = attempt(acting.session, act)
    if refused is not None:
        return _show_form(acting.request, acting.staff, directory_kind, raw, back=back, refused=refused)
    return redirect(f"/directory/{directory_kind}/{made[0]}", notice="directory_added")


def _show_form(
    request: Request,
    staff: Staff,
    directory_kind: str,
    known: Mapping[str, Any],
    *,
    back: str,
    entry: Entry | None = None,
    refused: Refused | None = None,
) -> Response:
    return render(
        request,
        "directory_desk/form.html",
        staff=staff,
        kind=directory_kind,
        form=FORMS[directory_kind][1],
        known=known,
        entry=entry,
        back=back,
        edits=True,
        towns=municipality_names(),
        topics=TOPICS,
        languages=list(LANGUAGES),
        **refusal(refused),
    )
