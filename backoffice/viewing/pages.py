"""Viewings at the desk: the list of the next ones, one with its steps, and calendar files."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.models import Case
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import NotFound
from backoffice.housing_match.models import HousingMatch
from backoffice.housing_match.permissions import get_match
from backoffice.listing.models import Listing
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedInCaseStaff
from backoffice.templating import interface_language, redirect, render
from backoffice.viewing.calendar import calendar_file
from backoffice.viewing.errors import MomentRefused
from backoffice.viewing.models import Viewing, ViewingState
from backoffice.viewing.moments import in_italy
from backoffice.viewing.permissions import WITH_MATCH, get_viewing, readable_viewings
from backoffice.viewing.service import (
    ask_for_viewing,
    cancel_viewing,
    finish_viewing,
    fix_viewing,
    miss_viewing,
    propose_dates,
)
from backoffice.viewing.telling import can_be_told
from backoffice.wall import BySecretLink
from translations.catalog import text
from translations.languages import SUPPORTED

router = APIRouter(include_in_schema=False)

SHOWN = 100
SEEN = ("damp", "heating", "windows", "boiler_booklet", "electrics", "furniture", "meters", "expenses")
"""What one looks at (domain, housing.md 8, step 9); each is good, bad or not seen."""

NO_STORE = {"Cache-Control": "no-store"}


@router.get("/viewings")
def viewings_page(
    request: Request, session: ReadSession, staff: SignedInCaseStaff, clock: ClockDep, state: str = ""
) -> Response:
    """Show viewings that wait for a date, those to come, and those of the last month."""
    statement = readable_viewings(staff).options(*WITH_MATCH)
    if state in {each.value for each in ViewingState}:
        statement = statement.where(Viewing.state == state)
    else:
        recent = clock() - timedelta(days=30)
        statement = statement.where((Viewing.starts_at.is_(None)) | (Viewing.starts_at > recent))
    ordered = statement.order_by(Viewing.starts_at.is_not(None), Viewing.starts_at, Viewing.created_at)
    rows = session.scalars(ordered.limit(SHOWN + 1)).all()
    return render(
        request,
        "viewing/viewings.html",
        staff=staff,
        viewings=rows[:SHOWN],
        is_more=len(rows) > SHOWN,
        states=list(ViewingState),
        chosen=state,
        now=clock(),
    )


@router.post("/matches/{match_id}/viewings")
def submit_viewing(match_id: str, session: DbSession, staff: SignedInCaseStaff, clock: ClockDep) -> Response:
    """Begin a viewing for a match."""
    match = get_match(session, staff, match_id)
    viewing = ask_for_viewing(session, match, by=staff.id, now=clock())
    return redirect(f"/viewings/{viewing.id}")


@router.get("/viewings/calendar/{token}.ics", dependencies=[BySecretLink])
def calendar_of(request: Request, token: str, session: ReadSession, clock: ClockDep) -> Response:
    """Give out the calendar file of whoever has its address."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    viewing = session.scalars(select(Viewing).where(Viewing.calendar_sha256 == digest)).one_or_none()
    if viewing is None or viewing.starts_at is None:
        raise NotFound
    language = session.get_one(Case, viewing.case_id).language
    return _calendar(session, viewing, language, clock)


@router.get("/viewings/{viewing_id}")
def viewing_page(
    request: Request, viewing_id: str, session: DbSession, staff: SignedInCaseStaff, clock: ClockDep
) -> Response:
    """Show a viewing and its next steps."""
    viewing = get_viewing(session, staff, viewing_id)
    match = get_match(session, staff, viewing.match_id)
    audit.record(
        session,
        by=staff.id,
        action="viewing.read",
        subject_kind="case",
        subject_id=match.case_id,
        now=clock(),
    )
    return _show(request, staff, viewing, match, clock)


@router.get("/viewings/{viewing_id}/calendar.ics")
def calendar_for_staff(
    request: Request, viewing_id: str, session: ReadSession, staff: SignedInCaseStaff, clock: ClockDep
) -> Response:
    """Give out the calendar file for the desk."""
    viewing = get_viewing(session, staff, viewing_id)
    if viewing.starts_at is None:
        raise NotFound
    return _calendar(session, viewing, interface_language(request), clock)


@router.post("/viewings/{viewing_id}/dates")
def submit_dates(
    request: Request,
    viewing_id: str,
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    moment: Annotated[list[str], Form(max_length=5)],
) -> Response:
    """Offer the household dates that the desk has agreed with the owner."""
    viewing = get_viewing(session, staff, viewing_id)
    base_url = request.app.state.settings.base_url
    try:
        moments = [in_italy(typed) for typed in moment if typed]
        propose_dates(session, viewing, moments, base_url=base_url, by=staff.id, now=clock())
    except MomentRefused as refused:
        match = get_match(session, staff, viewing.match_id)
        return _show(request, staff, viewing, match, clock, refused=refused, typed={"dates": moment})
    return redirect(f"/viewings/{viewing_id}", notice="viewings_dates_sent")


@router.post("/viewings/{viewing_id}/fix")
def submit_date(
    request: Request,
    viewing_id: str,
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    moment: Annotated[str, Form(max_length=40)],
    place: Annotated[str, Form(max_length=300)] = "",
    interpreter: Annotated[str, Form(max_length=2)] = "",
) -> Response:
    """Give the viewing its date, or another one."""
    viewing = get_viewing(session, staff, viewing_id)
    try:
        fix_viewing(
            session,
            viewing,
            in_italy(moment),
            meeting_place=place.strip() or None,
            interpreter=interpreter if interpreter in SUPPORTED else None,
            base_url=request.app.state.settings.base_url,
            by=staff.id,
            now=clock(),
        )
    except MomentRefused as refused:
        typed = {"moment": moment, "place": place, "interpreter": interpreter}
        match = get_match(session, staff, viewing.match_id)
        return _show(request, staff, viewing, match, clock, refused=refused, typed=typed)
    is_told = can_be_told(session, viewing, now=clock())
    return redirect(f"/viewings/{viewing_id}", notice="viewings_fixed" if is_told else "viewings_call")


@router.post("/viewings/{viewing_id}/done")
async def submit_form(
    request: Request, viewing_id: str, session: DbSession, staff: SignedInCaseStaff, clock: ClockDep
) -> Response:
    """Write down what was seen."""
    form = await request.form()
    viewing = get_viewing(session, staff, viewing_id)
    seen: dict[str, Any] = {name: form.get(name) for name in SEEN if form.get(name) in ("good", "bad")}
    words = str(form.get("words") or "").strip()[:2000]
    if words:
        seen["words"] = words
    finish_viewing(session, viewing, seen, by=staff.id, now=clock())
    return redirect(f"/viewings/{viewing_id}", notice="viewings_done")


@router.post("/viewings/{viewing_id}/missed")
def submit_missed(viewing_id: str, session: DbSession, staff: SignedInCaseStaff, clock: ClockDep) -> Response:
    """Note that nobody came."""
    miss_viewing(session, get_viewing(session, staff, viewing_id), by=staff.id, now=clock())
    return redirect(f"/viewings/{viewing_id}", notice="viewings_missed")


@router.post("/viewings/{viewing_id}/cancel")
def submit_cancel(
    viewing_id: str,
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Take the viewing back."""
    viewing = get_viewing(session, staff, viewing_id)
    cancel_viewing(session, viewing, reason.strip() or None, by=staff.id, now=clock())
    return redirect(f"/viewings/{viewing_id}", notice="viewings_cancelled")


def _show(
    request: Request,
    staff: Staff,
    viewing: Viewing,
    match: HousingMatch,
    clock: ClockDep,
    *,
    refused: MomentRefused | None = None,
    typed: dict[str, Any] | None = None,
) -> Response:
    """Show a viewing; what was refused comes back as it was typed, with why."""
    return render(
        request,
        "viewing/viewing.html",
        status=refused.status if refused else 200,
        staff=staff,
        viewing=viewing,
        match=match,
        now=clock(),
        proposed=[datetime.fromisoformat(each) for each in viewing.proposed],
        language_options=_language_options(interface_language(request)),
        seen=SEEN,
        refused=refused,
        typed=typed or {},
    )


def _language_options(ui: str) -> list[tuple[str, str]]:
    return [(code, text(f"backoffice.language.{code}", ui)) for code in SUPPORTED]


def _calendar(session: Session, viewing: Viewing, language: str, clock: ClockDep) -> Response:
    listing = session.get_one(Listing, session.get_one(HousingMatch, viewing.match_id).listing_id)
    title = text("system.viewing_calendar", language, code=listing.code, town=listing.municipality)
    body = calendar_file(viewing, title=title, words="", now=clock())
    headers = {**NO_STORE, "Content-Disposition": 'attachment; filename="sportello.ics"'}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)
