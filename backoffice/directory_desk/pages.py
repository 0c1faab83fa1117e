"""The directory as staff read it: search, one service, the bodies, what has to be checked again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from backoffice.attempt import Refused
from backoffice.case.municipalities import municipality_names
from backoffice.clock import ClockDep
from backoffice.database import ReadSession
from backoffice.directory.models import (
    DirectoryLocation,
    DirectoryOrganisation,
    DirectoryService,
    ServiceStatus,
)
from backoffice.directory.permissions import EDITS, may_edit, may_edit_all, open_reviews
from backoffice.directory.queries import (
    FoundService,
    ServiceFilters,
    describe,
    search,
    whole_services,
)
from backoffice.directory.topics import TOPICS
from backoffice.directory_desk.entries import title_of
from backoffice.directory_desk.hours import in_order
from backoffice.directory_desk.view import acts_of, refusal, service_page_values
from backoffice.errors import NotFound
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import render
from translations.languages import LANGUAGES

router = APIRouter(prefix="/directory", include_in_schema=False)

PAGE = 25

Short = Annotated[str, Query(max_length=100)]


@router.get("")
def list_page(
    request: Request,
    session: ReadSession,
    staff: SignedIn,
    clock: ClockDep,
    q: Short = "",
    topic: Short = "",
    town: Short = "",
    near: Short = "",
    language: Short = "",
    state: Short = "",
    open_now: Short = "",
    accessible: Short = "",
    past: Short = "",
    page: Annotated[int, Query(ge=0, le=1000)] = 0,
) -> Response:
    """Show the services that fit, the nearest first where a town to count from is chosen."""
    filters = ServiceFilters(
        topic=topic or None,
        town=town or None,
        near=near or None,
        language=language or None,
        open_now=bool(open_now),
        accessible=bool(accessible),
        words=q.strip() or None,
    )
    now = clock()
    found = search(session, filters, now=now) if not state else _others(session, filters, now=now)
    if past:
        found = [each for each in found if each.call_first]
    return render(
        request,
        "directory_desk/list.html",
        staff=staff,
        found=found[page * PAGE : (page + 1) * PAGE],
        count=len(found),
        page=page,
        has_more=len(found) > (page + 1) * PAGE,
        towns=municipality_names(),
        topics=TOPICS,
        languages=list(LANGUAGES),
        chosen={
            "q": q,
            "topic": topic,
            "town": town,
            "near": near,
            "language": language,
            "state": state,
            "open_now": open_now,
            "accessible": accessible,
            "past": past,
        },
        may_add=may_edit_all(staff),
        edits=staff.has_role(*EDITS),
    )


@router.get("/tasks")
def tasks_page(request: Request, session: ReadSession, staff: SignedIn) -> Response:
    """Show the entries that somebody has to check again, the longest waiting first."""
    return render(
        request,
        "directory_desk/tasks.html",
        staff=staff,
        edits=True,
        reviews=session.scalars(open_reviews(staff)).all(),
    )


@router.get("/bodies")
def bodies_page(request: Request, session: ReadSession, staff: SignedIn) -> Response:
    """Show the bodies by name, each with how many services it has."""
    statement = (
        select(DirectoryOrganisation)
        .options(selectinload(DirectoryOrganisation.services))
        .order_by(DirectoryOrganisation.name, DirectoryOrganisation.id)
    )
    return render(
        request,
        "directory_desk/bodies.html",
        staff=staff,
        bodies=session.scalars(statement).all(),
        may_add=may_edit_all(staff),
        edits=staff.has_role(*EDITS),
    )


@router.get("/bodies/{body_id}")
def body_page(request: Request, body_id: str, session: ReadSession, staff: SignedIn) -> Response:
    """Show one body with its services, places and offices."""
    statement = (
        select(DirectoryOrganisation)
        .where(DirectoryOrganisation.id == body_id)
        .options(
            selectinload(DirectoryOrganisation.services),
            selectinload(DirectoryOrganisation.locations),
            selectinload(DirectoryOrganisation.phones),
            selectinload(DirectoryOrganisation.contacts),
        )
    )
    body = session.scalars(statement).one_or_none()
    if body is None:
        raise NotFound
    return render(
        request,
        "directory_desk/body.html",
        staff=staff,
        body=body,
        **_edited_by(session, staff, body, body),
    )


@router.get("/places/{location_id}")
def place_page(request: Request, location_id: str, session: ReadSession, staff: SignedIn) -> Response:
    """Show one place with its parts."""
    statement = (
        select(DirectoryLocation)
        .where(DirectoryLocation.id == location_id)
        .options(
            selectinload(DirectoryLocation.organisation),
            selectinload(DirectoryLocation.phones),
            selectinload(DirectoryLocation.schedules),
            selectinload(DirectoryLocation.languages),
            selectinload(DirectoryLocation.accessibility),
        )
    )
    place = session.scalars(statement).one_or_none()
    if place is None:
        raise NotFound
    return render(
        request,
        "directory_desk/place.html",
        staff=staff,
        place=place,
        title=title_of(place),
        schedules=in_order(place.schedules),
        **_edited_by(session, staff, place, place.organisation),
    )


@router.get("/services/{service_id}")
def service_page(
    request: Request, service_id: str, session: ReadSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show one service with all its parts."""
    return show_service(request, session, staff, service_id, clock())


def show_service(
    request: Request,
    session: Session,
    staff: Staff,
    service_id: str,
    now: datetime,
    *,
    refused: Refused | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    """Show one service; after a refused check with what was typed.

    Raises:
        NotFound: there is none.
    """
    return render(
        request,
        "directory_desk/service.html",
        staff=staff,
        typed=typed or {},
        edits=staff.has_role(*EDITS),
        **refusal(refused),
        **service_page_values(session, staff, service_id, now=now),
    )


def _edited_by(
    session: Session,
    staff: Staff,
    entry: DirectoryOrganisation | DirectoryLocation,
    body: DirectoryOrganisation,
) -> dict[str, Any]:
    """Return what a page shows to those who may change an entry: the way there, and who changed what."""
    can_edit = may_edit(staff, body)
    return {
        "can_edit": can_edit,
        "edits": staff.has_role(*EDITS),
        "history": acts_of(session, entry) if can_edit else [],
    }


def _others(session: Session, filters: ServiceFilters, *, now: datetime) -> list[FoundService]:
    """Return the services that people are not shown, by name; topic and words narrow them."""
    statement = (
        whole_services()
        .where(DirectoryService.status != ServiceStatus.ACTIVE)
        .order_by(DirectoryService.name, DirectoryService.id)
    )
    words = (filters.words or "").casefold().split()
    return [
        describe(each, now=now)
        for each in session.scalars(statement)
        if (not filters.topic or filters.topic in each.topics)
        and all(word in f"{each.name} {each.organisation.name}".casefold() for word in words)
    ]
