"""Mediation for a coordinator: what waits for a decision, choosing mediators, hours of bodies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backoffice.acting import ActingDep
from backoffice.attempt import attempt
from backoffice.case.errors import CursorInvalid
from backoffice.clock import ClockDep
from backoffice.database import ReadSession
from backoffice.errors import NotFound
from backoffice.italy import day_in_italy
from backoffice.mediation import service
from backoffice.mediation.candidates import choices_for
from backoffice.mediation.drafts import fix_moment
from backoffice.mediation.errors import FormIncomplete
from backoffice.mediation.forms import Reading, read_code, read_hours, read_moment, read_quarters
from backoffice.mediation.models import MediationRefusal, MediationRequest, MediationState
from backoffice.mediation.page_view import Sent, act_on, refusal
from backoffice.mediation.permissions import (
    decided_requests,
    get_asking_body,
    get_decided,
    mediator_of_body,
    require_deciding,
)
from backoffice.mediation.queries import (
    MediationFilters,
    count_by_state,
    hours_by_body,
    names_of_bodies,
    page_of_requests,
    waiting_for_mediator,
)
from backoffice.mediation.roster import set_budget, state_conflict
from backoffice.mediation.search import MediationSearch
from backoffice.mediation.service import hours_words
from backoffice.mediation.states import quarters
from backoffice.paging import InvalidCursor
from backoffice.posted import Fields, one, version_read
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render
from translations.languages import LANGUAGES

router = APIRouter(prefix="/mediation", include_in_schema=False)

PAGE = 30
SHOWN = 100

ANSWER_WITHIN = (2, 8, 24, 48)
"""Hours for which an offer can stand."""

S = MediationState

Found = TypeVar("Found")


@router.get("/waiting")
def waiting_page(request: Request, session: ReadSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Show what waits for the coordinator: to decide, to offer, to settle; the first to begin first."""
    require_deciding(staff)
    statement = decided_requests(staff)
    to_decide = _first(session, statement.where(MediationRequest.state == S.REQUESTED))
    to_offer = _first(session, waiting_for_mediator(statement))
    to_settle = _first(session, statement.where(MediationRequest.state == S.DISPUTED))
    shown = (*to_decide, *to_offer, *to_settle)
    years = {day_in_italy(each.starts_at).year for each in to_decide}
    return render(
        request,
        "mediation/waiting.html",
        staff=staff,
        to_decide=to_decide[:SHOWN],
        to_offer=to_offer[:SHOWN],
        to_settle=to_settle[:SHOWN],
        is_more=any(len(each) > SHOWN for each in (to_decide, to_offer, to_settle)),
        bodies=names_of_bodies(session, {each.asking_id for each in shown}),
        hours={
            (each.organisation_id, year): each
            for year in years
            for each in hours_by_body(session, staff.organisation_id, year)
        },
        year_of=lambda each: day_in_italy(each.starts_at).year,
        quarters=quarters,
        hours_words=hours_words,
        now=clock(),
    )


@router.get("/all")
def all_page(
    request: Request,
    session: ReadSession,
    staff: SignedIn,
    search: Annotated[MediationSearch, Query()],
) -> Response:
    """Show every request that was sent, by state, language and body."""
    require_deciding(staff)
    statement = decided_requests(staff)
    asked = list(session.scalars(statement.with_only_columns(MediationRequest.asking_id).distinct()))
    filters = MediationFilters(
        state=search.chosen, language=search.language or None, asking=search.body or None
    )
    try:
        page = page_of_requests(session, statement, filters, limit=PAGE, cursor=search.cursor or None)
    except InvalidCursor as wrong:
        raise CursorInvalid from wrong
    return render(
        request,
        "mediation/all.html",
        staff=staff,
        search=search,
        page=page,
        counts=count_by_state(session, statement),
        states=[each for each in S if each is not S.DRAFT],
        languages=[code for code in LANGUAGES if code != "it"],
        bodies=names_of_bodies(session, asked),
        hours_words=hours_words,
    )


@router.post("/requests/{mediation_id}/approve")
def submit_approve(mediation_id: str, acting: ActingDep) -> Response:
    """Approve a request against the hours of the body, or beyond them where that was ticked."""
    made = get_decided(acting.session, acting.staff, mediation_id)

    def act(session: Session, locked: MediationRequest, *, by: str, now: datetime) -> None:
        service.approve(session, locked, by=by, now=now, beyond_hours=one(acting.fields, "beyond") == "yes")

    return act_on(acting, made, act, what="approve")


@router.post("/requests/{mediation_id}/refuse")
def submit_refuse(mediation_id: str, acting: ActingDep) -> Response:
    """Say no to a request, with the reason that is counted."""
    made = get_decided(acting.session, acting.staff, mediation_id)

    def act(session: Session, locked: MediationRequest, *, by: str, now: datetime) -> None:
        why = read_code(acting.fields, MediationRefusal, "reason", "refusal")
        service.refuse(session, locked, why, by=by, now=now)

    return act_on(acting, made, act, what="refuse")


@router.post("/requests/{mediation_id}/moment")
def submit_moment(mediation_id: str, acting: ActingDep) -> Response:
    """Say when a request begins that could begin at any time until a day."""
    made = get_decided(acting.session, acting.staff, mediation_id)

    def act(session: Session, locked: MediationRequest, *, by: str, now: datetime) -> None:
        form = Reading(acting.fields)
        moment = read_moment(form, now=now)
        form.end()
        assert moment is not None
        fix_moment(session, locked, moment, by=by, now=now)

    return act_on(acting, made, act, what="moment")


@router.post("/requests/{mediation_id}/offer")
def submit_offer(mediation_id: str, acting: ActingDep) -> Response:
    """Offer a request to the mediators that were ticked, until a moment."""
    made = get_decided(acting.session, acting.staff, mediation_id)

    def act(session: Session, locked: MediationRequest, *, by: str, now: datetime) -> None:
        hours = Reading(acting.fields).one("within")
        until = now + timedelta(hours=int(hours) if hours in map(str, ANSWER_WITHIN) else 24)
        mediators = _ticked(session, locked, acting.fields)
        service.offer(session, locked, mediators, until=min(until, locked.starts_at), by=by, now=now)

    return act_on(acting, made, act, what="offer")


@router.post("/requests/{mediation_id}/conflict")
def submit_conflict(mediation_id: str, acting: ActingDep) -> Response:
    """Note that a mediator must not have to do with the person of a request's case."""
    made = get_decided(acting.session, acting.staff, mediation_id)

    def act(session: Session, locked: MediationRequest, *, by: str, now: datetime) -> None:
        if locked.case_id is None:
            raise FormIncomplete({"staff_id": "conflict_case"})
        mediator = _known(
            lambda: mediator_of_body(session, acting.staff.organisation_id, one(acting.fields, "staff_id"))
        )
        state_conflict(session, locked.case_id, mediator, by=by, now=now)

    return act_on(acting, made, act, what="conflict")


@router.post("/requests/{mediation_id}/settle")
def submit_settle(mediation_id: str, acting: ActingDep) -> Response:
    """Decide how long it was after a dispute."""
    made = get_decided(acting.session, acting.staff, mediation_id)

    def act(session: Session, locked: MediationRequest, *, by: str, now: datetime) -> None:
        service.settle(session, locked, read_quarters(acting.fields, "worked"), by=by, now=now)

    return act_on(acting, made, act, what="settle")


@router.get("/hours")
def hours_page(
    request: Request, session: ReadSession, staff: SignedIn, clock: ClockDep, year: int | None = None
) -> Response:
    """Show the hours of every body in a year: given, taken, left."""
    require_deciding(staff)
    return _hours(request, session, staff, clock(), year)


@router.post("/hours")
def submit_hours(acting: ActingDep) -> Response:
    """Say how many hours a body may ask for in a year."""
    session, staff, fields, now = acting.session, acting.staff, acting.fields, acting.now
    require_deciding(staff)
    year = _year(one(fields, "year"), now)

    def act() -> None:
        version = version_read(fields)
        body = _known(lambda: get_asking_body(session, staff, one(fields, "body")), "body")
        set_budget(
            session,
            organisation_id=staff.organisation_id,
            asking_id=body.id,
            year=year,
            quarters=read_hours(fields),
            by=staff.id,
            now=now,
            version=0 if version is None else version,
        )

    refused = attempt(session, act)
    if refused is not None:
        return _hours(acting.request, session, staff, now, year, Sent(refused, "hours", fields))
    return redirect(f"/mediation/hours?year={year}", notice="mediation_hours")


def _known(find: Callable[[], Found], name: str = "staff_id") -> Found:
    """Return what a form names; what there is none of is a fault of that field."""
    try:
        return find()
    except NotFound:
        raise FormIncomplete({name: name}) from None


def _first(session: Session, statement: Select[MediationRequest]) -> list[MediationRequest]:
    ordered = statement.order_by(
        MediationRequest.urgent.desc(), MediationRequest.starts_at, MediationRequest.id
    )
    return list(session.scalars(ordered.limit(SHOWN + 1)))


def _ticked(session: Session, made: MediationRequest, fields: Fields) -> list[tuple[str, list[str]]]:
    """Return the mediators that were ticked, with what speaks for each; only who fits can be ticked."""
    fitting = {each.mediator.id: each for each in choices_for(session, made) if each.fits}
    ticked = [each for each in fields.get("mediator", ()) if each in fitting]
    if not ticked:
        raise FormIncomplete({"mediator": "mediator"})
    return [(each, list(fitting[each].reasons)) for each in ticked]


def _year(typed: str, now: datetime) -> int:
    this = day_in_italy(now).year
    return int(typed) if typed in (str(this), str(this + 1), str(this - 1)) else this


def _hours(
    request: Request,
    session: Session,
    staff: Staff,
    now: datetime,
    year: int | None,
    sent: Sent | None = None,
) -> Response:
    chosen = _year(str(year), now)
    rows = hours_by_body(session, staff.organisation_id, chosen)
    known = {each.organisation_id for each in rows}
    bodies = session.execute(select(Organisation.id, Organisation.name).order_by(Organisation.name))
    return render(
        request,
        "mediation/hours.html",
        staff=staff,
        rows=rows,
        others=[(body_id, name) for body_id, name in bodies if body_id not in known],
        year=chosen,
        this_year=day_in_italy(now).year,
        hours_words=hours_words,
        **refusal(sent),
    )
