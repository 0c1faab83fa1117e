"""Mediation for a service that asks: its requests, a new one, and what it does with one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.acting import ActingDep
from backoffice.attempt import Refused, attempt
from backoffice.case.errors import CursorInvalid
from backoffice.case.models import Case
from backoffice.case.municipalities import municipality_names
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import NotFound
from backoffice.italy import ROME, day_in_italy
from backoffice.mediation import service
from backoffice.mediation.calendar import calendar_file
from backoffice.mediation.consequences import record_reading
from backoffice.mediation.drafts import change_draft, write_request
from backoffice.mediation.forms import MINUTES, read_request, read_words
from backoffice.mediation.models import MediationMode, MediationRequest, MediationSetting, MediationState
from backoffice.mediation.page_view import Sent, act_on, faults_of, show_request
from backoffice.mediation.permissions import (
    asked_requests,
    body_with_mediators,
    get_asked,
    get_case_to_ask_for,
    get_request,
    may_decide,
    may_mediate,
    require_asking,
)
from backoffice.mediation.queries import MediationFilters, count_by_state, hours_of_body, page_of_requests
from backoffice.mediation.search import MediationSearch
from backoffice.mediation.service import hours_words
from backoffice.mediation.varieties import VARIETIES
from backoffice.paging import InvalidCursor
from backoffice.posted import first_of_each, one, version_read
from backoffice.staff.models import Gender, Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, redirect, render
from translations.catalog import text
from translations.languages import LANGUAGES

router = APIRouter(prefix="/mediation", include_in_schema=False)

PAGE = 30


@router.get("")
def begin(staff: SignedIn) -> Response:
    """Lead to the part that is the reader's daily work."""
    if may_decide(staff):
        return redirect("/mediation/waiting")
    if may_mediate(staff):
        return redirect("/mediation/offers")
    require_asking(staff)
    return redirect("/mediation/requests")


@router.get("/requests")
def requests_page(
    request: Request,
    session: ReadSession,
    staff: SignedIn,
    clock: ClockDep,
    search: Annotated[MediationSearch, Query()],
) -> Response:
    """Show the requests of the reader's body, those asked for last first, by state."""
    require_asking(staff)
    statement = asked_requests(staff)
    try:
        page = page_of_requests(
            session,
            statement,
            MediationFilters(state=search.chosen),
            limit=PAGE,
            cursor=search.cursor or None,
        )
    except InvalidCursor as wrong:
        raise CursorInvalid from wrong
    body, year = body_with_mediators(session), day_in_italy(clock()).year
    return render(
        request,
        "mediation/requests.html",
        staff=staff,
        search=search,
        page=page,
        counts=count_by_state(session, statement),
        states=list(MediationState),
        hours=hours_of_body(session, body.id, staff.organisation_id, year),
        hours_words=hours_words,
        year=year,
    )


@router.get("/requests/new")
def new_page(
    request: Request, session: ReadSession, staff: SignedIn, clock: ClockDep, case: str = ""
) -> Response:
    """Show the form of a new request, begun from a case where one is named."""
    require_asking(staff)
    about = get_case_to_ask_for(session, staff, case) if case else None
    typed: dict[str, str] = {"contact": staff.name, "minutes": "60", "when": "at"}
    if about is not None:
        typed |= {"language": about.language, "municipality": about.municipality or ""}
    return _form(request, session, staff, clock(), about=about, typed=typed)


@router.post("/requests/new")
def submit_new(acting: ActingDep) -> Response:
    """Write a request down: sent, or kept as a draft."""
    session, staff, fields, now = acting.session, acting.staff, acting.fields, acting.now
    require_asking(staff)
    about = get_case_to_ask_for(session, staff, one(fields, "case")) if one(fields, "case") else None
    is_sent = one(fields, "act") != "draft"
    made: list[MediationRequest] = []

    def act() -> None:
        facts = read_request(fields, now=now)
        case_id = about.id if about else None
        made.append(write_request(session, staff, facts, case_id=case_id, is_sent=is_sent, now=now))

    refused = attempt(session, act)
    if refused is not None:
        return _form(
            acting.request, session, staff, now, about=about, typed=first_of_each(fields), refused=refused
        )
    return _led_to(made[0], is_sent=is_sent)


@router.get("/requests/{mediation_id}")
def request_page(
    request: Request, mediation_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show a request; who reads it is noted in the audit trail."""
    now = clock()
    record_reading(session, get_request(session, staff, mediation_id).id, by=staff.id, now=now)
    return show_request(request, session, staff, mediation_id, now)


@router.get("/requests/{mediation_id}/calendar.ics")
def calendar(
    request: Request, mediation_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Give out the calendar file of a request that somebody has or had."""
    made, now = get_request(session, staff, mediation_id), clock()
    if made.mediator_id is None:
        raise NotFound
    record_reading(session, made.id, by=staff.id, now=now)
    ui = interface_language(request)
    spoken = text(f"backoffice.language.{made.language}", ui)
    title = text("backoffice.mediation.calendar_title", ui, language=spoken)
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="sportello.ics"'}
    body = calendar_file(made, title=title, now=now)
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


@router.get("/requests/{mediation_id}/edit")
def edit_page(
    request: Request, mediation_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show the form of a draft as it stands."""
    made, now = _draft(session, staff, mediation_id), clock()
    record_reading(session, made.id, by=staff.id, now=now)
    return _form(request, session, staff, now, made=made, typed=_as_typed(made))


@router.post("/requests/{mediation_id}/edit")
def submit_edit(mediation_id: str, acting: ActingDep) -> Response:
    """Change a draft; it is sent at once where that was pressed."""
    session, staff, fields, now = acting.session, acting.staff, acting.fields, acting.now
    made = get_asked(session, staff, mediation_id)
    is_sent = one(fields, "act") != "draft"

    def act() -> None:
        facts = read_request(fields, now=now)
        change_draft(session, made, facts, version=version_read(fields), by=staff.id, now=now)
        if is_sent:
            service.send(session, made, by=staff.id, now=now)

    refused = attempt(session, act)
    if refused is not None and made.state is not MediationState.DRAFT:
        return show_request(acting.request, session, staff, made.id, now, Sent(refused, "send", {}))
    if refused is not None:
        return _form(
            acting.request, session, staff, now, made=made, typed=first_of_each(fields), refused=refused
        )
    return _led_to(made, is_sent=is_sent)


@router.post("/requests/{mediation_id}/send")
def submit_send(mediation_id: str, acting: ActingDep) -> Response:
    """Send a draft as it stands."""
    made = get_asked(acting.session, acting.staff, mediation_id)
    return act_on(acting, made, service.send, what="send")


@router.post("/requests/{mediation_id}/call-off")
def submit_call_off(mediation_id: str, acting: ActingDep) -> Response:
    """Call a request off; the page has said what it costs."""
    made = get_asked(acting.session, acting.staff, mediation_id)
    return act_on(acting, made, service.call_off, what="call_off")


@router.post("/requests/{mediation_id}/confirm")
def submit_confirm(mediation_id: str, acting: ActingDep) -> Response:
    """Confirm the hours."""
    made = get_asked(acting.session, acting.staff, mediation_id)
    return act_on(acting, made, service.confirm, what="confirm")


@router.post("/requests/{mediation_id}/dispute")
def submit_dispute(mediation_id: str, acting: ActingDep) -> Response:
    """Say that the hours are not right, and why."""
    made = get_asked(acting.session, acting.staff, mediation_id)

    def act(session: Session, locked: MediationRequest, *, by: str, now: datetime) -> None:
        words = read_words(acting.fields, "words", "dispute_words")
        service.dispute(session, locked, words, by=by, now=now)

    return act_on(acting, made, act, what="dispute")


def _draft(session: Session, staff: Staff, mediation_id: str) -> MediationRequest:
    made = get_asked(session, staff, mediation_id)
    if made.state is not MediationState.DRAFT:
        raise NotFound
    return made


def _led_to(made: MediationRequest, *, is_sent: bool) -> Response:
    notice = "mediation_send" if is_sent else "mediation_draft"
    return redirect(f"/mediation/requests/{made.id}", notice=notice)


def _as_typed(made: MediationRequest) -> dict[str, str]:
    """Return a draft as its form has it."""
    begins = made.starts_at.astimezone(ROME)
    return {
        "language": made.language,
        "variety": f"{made.language}.{made.variety}" if made.variety else "",
        "setting": made.setting.value,
        "mode": made.mode.value,
        "municipality": made.municipality or "",
        "place": made.place or "",
        "when": "within" if made.is_latest else "at",
        "day": begins.date().isoformat(),
        "time": begins.strftime("%H:%M"),
        "minutes": str(made.minutes),
        "gender": made.gender_wished.value if made.gender_wished else "",
        "topic": made.topic or "",
        "contact": made.contact or "",
        "urgent": "yes" if made.urgent else "",
        "confidential": "yes" if made.confidential else "",
        "version": str(made.version),
    }


def _form(
    request: Request,
    session: Session,
    staff: Staff,
    now: datetime,
    *,
    typed: dict[str, str],
    about: Case | None = None,
    made: MediationRequest | None = None,
    refused: Refused | None = None,
) -> Response:
    body, year = body_with_mediators(session), day_in_italy(now).year
    return render(
        request,
        "mediation/form.html",
        staff=staff,
        status=refused.status if refused else 200,
        made=made,
        about=about,
        typed=typed,
        refused=refused,
        faults=faults_of(refused),
        languages=[code for code in LANGUAGES if code != "it"],
        varieties=VARIETIES,
        settings=list(MediationSetting),
        modes=list(MediationMode),
        genders=list(Gender),
        all_minutes=MINUTES,
        municipalities=municipality_names(),
        hours=hours_of_body(session, body.id, staff.organisation_id, year),
        hours_words=hours_words,
        year=year,
        today=day_in_italy(now),
    )
