"""The JSON API of requests for mediators: what services ask for, and what mediators report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from sqlalchemy import Select
from sqlalchemy.orm import Session

from backoffice.case.errors import CursorInvalid
from backoffice.case.queries import names_of_staff
from backoffice.client.schemas import LanguageCode
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import NotFound
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.mediation.consequences import record_reading
from backoffice.mediation.drafts import write_request
from backoffice.mediation.errors import RequestMomentWrong
from backoffice.mediation.forms import RequestFacts
from backoffice.mediation.models import MediationRequest, MediationSetting, MediationState
from backoffice.mediation.permissions import (
    asked_requests,
    assigned_requests,
    decided_requests,
    get_asked,
    get_assigned,
    get_attended,
    get_case_to_ask_for,
    get_request,
    may_ask,
    may_decide,
    may_mediate,
    readable_requests,
    require_asking,
)
from backoffice.mediation.queries import (
    MediationFilters,
    names_of_bodies,
    page_of_requests,
    steps_of_request,
)
from backoffice.mediation.schemas import (
    DisputeIn,
    NoShowIn,
    ReportIn,
    RequestIn,
    RequestList,
    RequestOut,
    Side,
    StepList,
    request_out,
    step_out,
)
from backoffice.mediation.service import (
    call_off,
    confirm,
    dispute,
    give_back,
    nobody_came,
    report,
    send,
)
from backoffice.paging import InvalidCursor
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/mediation-requests", tags=["mediation"])

FURTHEST = timedelta(days=366)


@router.get("")
def list_requests(
    session: ReadSession,
    staff: SignedIn,
    side: Side | None = None,
    state: MediationState | None = None,
    language: LanguageCode | None = None,
    setting: MediationSetting | None = None,
    organisation: Annotated[str | None, Query(max_length=36)] = None,
    urgent: bool | None = None,
    starts_from: AwareDatetime | None = None,
    starts_before: AwareDatetime | None = None,
    waits: bool = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> RequestList:
    """List the requests that the caller may read, on one `side` or on each.

    `waits`: approved, and nobody is asked or has it.
    """
    filters = MediationFilters(
        state=state,
        language=language,
        setting=setting,
        asking=organisation,
        urgent=urgent,
        starts_from=starts_from,
        starts_before=starts_before,
        waits=waits,
    )
    statement = _of_side(staff, side)
    try:
        page = page_of_requests(session, statement, filters, limit=limit, cursor=cursor)
    except InvalidCursor as wrong:
        raise CursorInvalid from wrong
    return RequestList(items=requests_out(session, staff, page.requests), next=page.next)


@router.post("", status_code=201)
def create_request(
    wanted: RequestIn, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> RequestOut:
    """Ask for a mediator on behalf of the caller's body."""
    require_asking(staff)

    def act() -> RequestOut:
        return out(session, staff, _ask(session, wanted, staff, now=clock()))

    return once(
        session,
        act,
        result_type=RequestOut,
        principal=f"staff:{staff.id}",
        operation="mediation.create",
        key=key,
        request=wanted,
        now=clock(),
    )


@router.get("/{mediation_id}")
def read_request(mediation_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> RequestOut:
    """Return one request; who reads it is noted in the audit trail."""
    request = get_request(session, staff, mediation_id)
    record_reading(session, request.id, by=staff.id, now=clock())
    return out(session, staff, request)


@router.get("/{mediation_id}/steps")
def list_steps(mediation_id: str, session: ReadSession, staff: SignedIn) -> StepList:
    """Return the history of a request, oldest first."""
    request = get_request(session, staff, mediation_id)
    return StepList(items=[step_out(each) for each in steps_of_request(session, request.id)])


@router.post("/{mediation_id}/sending")
def send_draft(mediation_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> RequestOut:
    """Send a draft to who has the mediators."""
    request, now = get_asked(session, staff, mediation_id), clock()
    check_moment(request.starts_at, now=now)
    send(session, request, by=staff.id, now=now)
    return out(session, staff, request)


@router.post("/{mediation_id}/call-off")
def call_request_off(mediation_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> RequestOut:
    """Say that the mediator is needed no longer; less than a day before the beginning the time counts."""
    request = get_asked(session, staff, mediation_id)
    call_off(session, request, by=staff.id, now=clock())
    return out(session, staff, request)


@router.post("/{mediation_id}/confirmation")
def confirm_hours(mediation_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> RequestOut:
    """Confirm the hours that were reported."""
    request = get_asked(session, staff, mediation_id)
    confirm(session, request, by=staff.id, now=clock())
    return out(session, staff, request)


@router.post("/{mediation_id}/dispute")
def dispute_hours(
    mediation_id: str, said: DisputeIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> RequestOut:
    """Say that the hours are not right; a coordinator settles it."""
    request = get_asked(session, staff, mediation_id)
    dispute(session, request, said.words.strip(), by=staff.id, now=clock())
    return out(session, staff, request)


@router.post("/{mediation_id}/no-show")
def note_no_show(
    mediation_id: str, said: NoShowIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> RequestOut:
    """Say that it did not take place, and who did not come; either side may."""
    request = get_attended(session, staff, mediation_id)
    nobody_came(session, request, said.missing, by=staff.id, now=clock())
    return out(session, staff, request)


@router.post("/{mediation_id}/return")
def return_request(mediation_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> RequestOut:
    """Give a request back: its mediator cannot come after all, and others are asked."""
    request = get_assigned(session, staff, mediation_id)
    answer = out(session, staff, request)
    give_back(session, request, by=staff.id, now=clock())
    return answer.model_copy(update={"state": request.state, "mediator": None, "version": request.version})


@router.post("/{mediation_id}/report")
def report_work(
    mediation_id: str, done: ReportIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> RequestOut:
    """Say what was done and how long it was; the service confirms the hours."""
    request = get_assigned(session, staff, mediation_id)
    report(
        session,
        request,
        worked_quarters=done.worked_quarters,
        travel_quarters=done.travel_quarters,
        words=done.words,
        cultural=done.cultural,
        follow_up_wanted=done.follow_up_wanted,
        by=staff.id,
        now=clock(),
    )
    return out(session, staff, request)


def out(session: Session, staff: Staff, request: MediationRequest) -> RequestOut:
    """Return one request with the names that stand in it."""
    return requests_out(session, staff, [request])[0]


def requests_out(session: Session, staff: Staff, requests: Iterable[MediationRequest]) -> list[RequestOut]:
    """Return requests with the names that stand in them."""
    found = list(requests)
    ids = {each.asked_by for each in found} | {each.mediator_id for each in found if each.mediator_id}
    people = names_of_staff(session, ids)
    bodies = names_of_bodies(session, {each.asking_id for each in found})
    return [
        request_out(each, people=people, bodies=bodies, reader_body=staff.organisation_id) for each in found
    ]


def _of_side(staff: Staff, side: Side | None) -> Select[MediationRequest]:
    sides = {
        "asked": (may_ask, asked_requests),
        "decided": (may_decide, decided_requests),
        "assigned": (may_mediate, assigned_requests),
    }
    chosen = [sides[side]] if side is not None else list(sides.values())
    if not any(may(staff) for may, _requests in chosen):
        raise NotFound
    return chosen[0][1](staff) if side is not None else readable_requests(staff)


def _ask(session: Session, wanted: RequestIn, staff: Staff, *, now: datetime) -> MediationRequest:
    check_moment(wanted.starts_at, now=now)
    case = get_case_to_ask_for(session, staff, wanted.case) if wanted.case is not None else None
    facts = RequestFacts(wanted.model_dump(exclude={"case", "draft"}))
    case_id = case.id if case is not None else None
    return write_request(session, staff, facts, case_id=case_id, is_sent=not wanted.draft, now=now)


def check_moment(starts_at: datetime, *, now: datetime) -> None:
    """Go on where a request can begin then.

    Raises:
        RequestMomentWrong: it is past, or more than a year away.
    """
    if not now < starts_at <= now + FURTHEST:
        raise RequestMomentWrong
