"""Mediation for who mediates: offers, what is coming, the report, and the own week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.acting import Acting, ActingDep
from backoffice.attempt import Refused, attempt
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.italy import day_in_italy
from backoffice.mediation import service
from backoffice.mediation.candidates import month_of
from backoffice.mediation.consequences import record_reading
from backoffice.mediation.forms import read_code, read_report
from backoffice.mediation.models import MediationDecline, MediationRequest, MediationState, Missing
from backoffice.mediation.page_view import act_on
from backoffice.mediation.permissions import (
    assigned_requests,
    get_assigned,
    get_attended,
    get_own_offer,
    own_offers,
    require_mediating,
)
from backoffice.mediation.queries import answered_offers, coming_of, done_of, names_of_bodies, open_offers
from backoffice.mediation.service import hours_words
from backoffice.mediation.states import quarters_counted
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render

router = APIRouter(prefix="/mediation", include_in_schema=False)


@router.get("/offers")
def offers_page(request: Request, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Show the offers that wait for an answer, and what became of the others."""
    require_mediating(staff)
    return _offers(request, session, staff, clock())


@router.post("/offers/{mediation_offer_id}/accept")
def submit_accept(mediation_offer_id: str, acting: ActingDep) -> Response:
    """Accept an offer, if nobody was faster."""
    made = get_own_offer(acting.session, acting.staff, mediation_offer_id)

    def act() -> None:
        service.accept(acting.session, made, now=acting.now)

    return _answer(acting, act, page=f"/mediation/requests/{made.request_id}", what="accept")


@router.post("/offers/{mediation_offer_id}/decline")
def submit_decline(mediation_offer_id: str, acting: ActingDep) -> Response:
    """Say no to an offer, and why."""
    made = get_own_offer(acting.session, acting.staff, mediation_offer_id)

    def act() -> None:
        why = read_code(acting.fields, MediationDecline, "reason", "decline")
        service.decline(acting.session, made, now=acting.now, because=why)

    return _answer(acting, act, page="/mediation/offers", what="decline")


@router.get("/mine")
def assignments_page(request: Request, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Show what is coming, what waits for a report, and the hours given this month and the last."""
    require_mediating(staff)
    now = clock()
    mine, today = assigned_requests(staff), day_in_italy(now)
    coming = coming_of(session, mine, now=now)
    this_month, next_month = month_of(today)
    last_month, _this = month_of(this_month - timedelta(days=1))
    done = done_of(session, mine, first=last_month, after=next_month)
    given = {
        first: sum(
            quarters_counted(each) for each in done if month_of(day_in_italy(each.starts_at))[0] == first
        )
        for first in (this_month, last_month)
    }
    return render(
        request,
        "mediation/mine.html",
        staff=staff,
        to_report=[each for each in coming if each.starts_at <= now],
        coming=[each for each in coming if each.starts_at > now],
        done=done,
        given=given,
        bodies=names_of_bodies(session, {each.asking_id for each in (*coming, *done)}),
        hours_words=hours_words,
        counted=quarters_counted,
        now=now,
    )


@router.post("/requests/{mediation_id}/report")
def submit_report(mediation_id: str, acting: ActingDep) -> Response:
    """Write down what was done."""
    made = get_assigned(acting.session, acting.staff, mediation_id)

    def act(session: Session, locked: MediationRequest, *, by: str, now: datetime) -> None:
        told = read_report(acting.fields)
        service.report(
            session,
            locked,
            worked_quarters=told.worked_quarters,
            travel_quarters=told.travel_quarters,
            words=told.words,
            cultural=told.cultural,
            follow_up_wanted=told.follow_up_wanted,
            by=by,
            now=now,
        )

    return act_on(acting, made, act, what="report")


@router.post("/requests/{mediation_id}/missing")
def submit_missing(mediation_id: str, acting: ActingDep) -> Response:
    """Write down who did not come: either side says so."""
    made = get_attended(acting.session, acting.staff, mediation_id)

    def act(session: Session, locked: MediationRequest, *, by: str, now: datetime) -> None:
        who = read_code(acting.fields, Missing, "missing", "missing")
        service.nobody_came(session, locked, who, by=by, now=now)

    return act_on(acting, made, act, what="missing")


@router.post("/requests/{mediation_id}/give-back")
def submit_give_back(mediation_id: str, acting: ActingDep) -> Response:
    """Give an assignment back: somebody else is looked for, and this mediator reads it no longer."""
    made = get_assigned(acting.session, acting.staff, mediation_id)
    answered = act_on(acting, made, service.give_back, what="give_back")
    if made.state is MediationState.APPROVED:
        return redirect("/mediation/mine", notice="mediation_give_back")
    return answered


def _answer(acting: Acting, act: Callable[[], None], *, page: str, what: str) -> Response:
    refused = attempt(acting.session, act)
    if refused is not None:
        return _offers(acting.request, acting.session, acting.staff, acting.now, refused=refused)
    return redirect(page, notice=f"mediation_{what}")


def _offers(
    request: Request, session: Session, staff: Staff, now: datetime, *, refused: Refused | None = None
) -> Response:
    mine = own_offers(staff)
    waiting, over = open_offers(session, mine, now=now), answered_offers(session, mine)
    for _offer, about in (*waiting, *over):
        record_reading(session, about.id, by=staff.id, now=now)
    return render(
        request,
        "mediation/offers.html",
        staff=staff,
        status=refused.status if refused else 200,
        waiting=waiting,
        over=over,
        bodies=names_of_bodies(session, {about.asking_id for _offer, about in (*waiting, *over)}),
        declines=list(MediationDecline),
        hours_words=hours_words,
        refused=refused,
        now=now,
    )
