"""The page of a match: both sides' answers, its why, the interview and the trial."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.care_match.candidates import pair_of
from backoffice.care_match.errors import PayBelowMinimum
from backoffice.care_match.forms import AnswerForm, OfferForm, TrialForm
from backoffice.care_match.interviews import calendar_file, fix_interview, start_trial
from backoffice.care_match.match_view import CareView
from backoffice.care_match.models import CareMatch, CareSide
from backoffice.care_match.offered_pay import count_refused, lives_in
from backoffice.care_match.offers import give_contacts, note_answer, offer, show_family, take_back, withdraw
from backoffice.care_match.permissions import get_match
from backoffice.care_match.queries import events_of
from backoffice.care_match.reading import record_match_read
from backoffice.care_match.telling import number_of, reachable
from backoffice.care_request.models import CareRequest
from backoffice.case.queries import names_of_staff
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.errors import NotFound
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, redirect, render
from backoffice.viewing.errors import MomentRefused
from backoffice.viewing.moments import in_italy
from translations.catalog import text

router = APIRouter(prefix="/care/matches", include_in_schema=False)


@router.get("/{care_match_id}")
def match_page(
    request: Request, care_match_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show one match."""
    match = get_match(session, staff, care_match_id)
    record_match_read(session, match, by=staff.id, now=clock())
    return _show(request, session, staff, match, clock)


@router.get("/{care_match_id}/interview.ics")
def interview_file(
    request: Request, care_match_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Give out the calendar file of an interview, for the desk."""
    match = get_match(session, staff, care_match_id)
    if match.interview_at is None:
        raise NotFound
    record_match_read(session, match, by=staff.id, now=clock())
    return calendar_answer(match, interface_language(request), clock)


@router.post("/{care_match_id}/offer")
def submit_offer(
    request: Request,
    care_match_id: str,
    form: Annotated[OfferForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Show the worker the offer."""
    match = get_match(session, staff, care_match_id, lock=True)
    try:
        is_told = offer(session, match, form.offered, by=staff.id, now=clock())
    except PayBelowMinimum as refused:
        live_in = lives_in(match.request.intake)
        count_refused(session, match.organisation_id, refused, live_in=live_in, now=clock())
        return _show(request, session, staff, match, clock, refused=refused)
    return _back(match, "care_offer_sent" if is_told else "care_offer_call")


@router.post("/{care_match_id}/show")
def submit_profile(care_match_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Show the family the profile."""
    match = get_match(session, staff, care_match_id, lock=True)
    is_told = show_family(session, match, by=staff.id, now=clock())
    return _back(match, "care_profile_sent" if is_told else "care_profile_call")


@router.post("/{care_match_id}/answer")
def submit_answer(
    care_match_id: str,
    form: Annotated[AnswerForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Note the yes or the no of a side."""
    match = get_match(session, staff, care_match_id, lock=True)
    note_answer(
        session,
        match,
        form.side,
        is_yes=form.says == "yes",
        reason=form.reason or None,
        words=form.words,
        by=staff.id,
        now=clock(),
    )
    return _back(match, "care_answered")


@router.post("/{care_match_id}/interview")
def submit_interview(
    request: Request,
    care_match_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    moment: Annotated[str, Form(max_length=40)],
    place: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Give the interview its date, or another one."""
    match = get_match(session, staff, care_match_id, lock=True)
    try:
        fix_interview(session, match, in_italy(moment), place, by=staff.id, now=clock())
    except MomentRefused as refused:
        typed = {"moment": moment, "place": place}
        return _show(request, session, staff, match, clock, refused=refused, typed=typed)
    return _back(match, "care_interview_fixed")


@router.post("/{care_match_id}/trial")
def submit_trial(
    care_match_id: str,
    form: Annotated[TrialForm, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Note from when to when a trial is."""
    match = get_match(session, staff, care_match_id, lock=True)
    start_trial(session, match, form.from_on, form.until_on, by=staff.id, now=clock())
    return _back(match, "care_trial_begun")


@router.post("/{care_match_id}/contacts")
def submit_contacts(care_match_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Send both sides the other's name and phone."""
    match = get_match(session, staff, care_match_id, lock=True)
    give_contacts(session, match, by=staff.id, now=clock())
    return _back(match, "care_contacts_sent")


@router.post("/{care_match_id}/withdraw")
def submit_withdrawal(care_match_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Take a proposal back."""
    match = get_match(session, staff, care_match_id, lock=True)
    withdraw(session, match, by=staff.id, now=clock())
    return _back(match, "care_withdrawn")


@router.post("/{care_match_id}/again")
def submit_again(care_match_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Take a no or a withdrawal back."""
    match = get_match(session, staff, care_match_id, lock=True)
    take_back(session, match, by=staff.id, now=clock())
    return _back(match, "care_again")


def calendar_answer(match: CareMatch, language: str, clock: ClockDep) -> Response:
    """Return the calendar file of an interview as an answer that no cache keeps."""
    body = calendar_file(match, title=text("system.care_calendar", language), now=clock())
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="sportello.ics"'}
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


def _show(
    request: Request,
    session: Session,
    staff: Staff,
    match: CareMatch,
    clock: ClockDep,
    *,
    refused: MomentRefused | PayBelowMinimum | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    now = clock()
    events = events_of(session, match.id)
    entry = session.get(CareRequest, match.request_id)
    return render(
        request,
        "care_match/match.html",
        status=refused.status if refused else 200,
        staff=staff,
        match=match,
        number=number_of(session, match),
        pair=pair_of(session, match.request, match.worker, now=now),
        events=events,
        names=names_of_staff(session, {event.actor for event in events}),
        has_mail=bool(entry and entry.email),
        told={side.value: reachable(session, match, side, now=now) is not None for side in _SIDES},
        refused=refused,
        typed=typed or {},
        sees=CareView(interface_language(request), now),
    )


def _back(match: CareMatch, notice: str) -> Response:
    return redirect(f"/care/matches/{match.id}", notice=notice)


_SIDES = (CareSide.WORKER, CareSide.FAMILY)
