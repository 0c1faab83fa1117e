"""The JSON API of the care-work desk's requests and matches: what fits whom and why, and what is done."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from backoffice.care_match.acts import act_on
from backoffice.care_match.candidates import pair_of, propose_pair, requests_for, workers_for
from backoffice.care_match.errors import PayBelowMinimum
from backoffice.care_match.fitting import page_of_requests as page_of_fitting_requests
from backoffice.care_match.fitting import page_of_workers
from backoffice.care_match.models import CareMatchState
from backoffice.care_match.offered_pay import count_refused, lives_in
from backoffice.care_match.permissions import get_match, readable_matches
from backoffice.care_match.queries import (
    CareMatchFilters,
    RequestFilters,
    page_of_matches,
    page_of_requests,
)
from backoffice.care_match.reading import record_match_read, record_requests_read
from backoffice.care_match.schemas import (
    CareFitList,
    CareFitOut,
    CareMatchIn,
    CareMatchList,
    CareMatchMoveIn,
    CareMatchOut,
    CareRequestList,
    CareRequestMoveIn,
    CareRequestOut,
    CareWeightsIn,
    CareWeightsOut,
    fit_out,
    match_out,
    request_out,
)
from backoffice.care_match.weights import set_weights, version_of, weights_of
from backoffice.care_request.models import RequestState
from backoffice.care_request.permissions import get_request, readable_requests
from backoffice.care_request.service import move_request
from backoffice.care_worker.permissions import get_worker, require_care, require_coordinator
from backoffice.case.errors import CursorInvalid
from backoffice.case.permissions import is_own_readable
from backoffice.case.service import record_reading
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.paging import InvalidCursor
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff

router = APIRouter(prefix="/api/v1", tags=["care"])

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=200)]
Place = Annotated[str, Query(pattern=r"^[0-9]{1,6}$")]
Id = Annotated[str | None, Query(max_length=36)]


@router.get("/care-requests")
def list_requests(
    session: ReadSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    state: RequestState | None = None,
    town: Annotated[str | None, Query(max_length=80)] = None,
    waits: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> CareRequestList:
    """List the requests that the caller may read; `waits`: a side has not answered for three days."""
    filters, statement = RequestFilters(state=state, town=town, waits=waits), readable_requests(staff)
    try:
        page = page_of_requests(session, statement, filters, limit=limit, cursor=cursor, now=clock())
    except InvalidCursor as wrong:
        raise CursorInvalid from wrong
    return CareRequestList(items=[request_out(each) for each in page.requests], next=page.next)


@router.get("/care-requests/{request_id}")
def read_request(request_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> CareRequestOut:
    """Return one request; who reads it is noted in the audit trail."""
    found = get_request(session, staff, request_id)
    record_reading(session, staff, found.case, now=clock())
    return request_out(found)


@router.post("/care-requests/{request_id}/moves")
def move(
    request_id: str, wanted: CareRequestMoveIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> CareRequestOut:
    """Move a request to another state; what only a contract leads to is not moved by hand."""
    found = get_request(session, staff, request_id)
    move_request(session, found.case, wanted.to, by=staff.id, now=clock(), why=wanted.why)
    return request_out(found)


@router.get("/care-requests/{request_id}/workers")
def list_workers(
    request_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    limit: Limit = 50,
    cursor: Place = "0",
) -> CareFitList:
    """List the family assistants who may be proposed to a family now, the best first."""
    found, now = get_request(session, staff, request_id), clock()
    record_reading(session, staff, found.case, now=now)
    fits = workers_for(session, found.case, is_own_readable(staff), now=now)
    page = page_of_workers(session, found.case, fits, start=int(cursor), limit=limit, now=now)
    return CareFitList(items=[fit_out(pair) for pair in page.pairs], next=page.next)


@router.get("/care-requests/{request_id}/workers/{worker_id}")
def read_why(
    request_id: str, worker_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> CareFitOut:
    """Say why a family assistant fits a request, or why not, matched or not."""
    found, worker = get_request(session, staff, request_id), get_worker(session, staff, worker_id)
    record_reading(session, staff, found.case, now=clock())
    record_reading(session, staff, worker.case, now=clock())
    return fit_out(pair_of(session, found.case, worker.case, now=clock()))


@router.get("/care-workers/{worker_id}/requests")
def list_fitting_requests(
    worker_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    limit: Limit = 50,
    cursor: Place = "0",
) -> CareFitList:
    """List the requests that a family assistant may be proposed to now, the best first."""
    worker, now = get_worker(session, staff, worker_id), clock()
    record_requests_read(session, worker_id, by=staff.id, now=now)
    fits = requests_for(session, worker.case, is_own_readable(staff), now=now)
    page = page_of_fitting_requests(session, worker.case, fits, start=int(cursor), limit=limit, now=now)
    return CareFitList(items=[fit_out(pair) for pair in page.pairs], next=page.next)


@router.get("/care-matches")
def list_matches(
    session: ReadSession,
    staff: SignedInCaseStaff,
    state: CareMatchState | None = None,
    request: Id = None,
    worker: Id = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> CareMatchList:
    """List the matches that the caller may read."""
    filters = CareMatchFilters(state=state, request_id=request, worker_id=worker)
    try:
        page = page_of_matches(session, readable_matches(staff), filters, limit=limit, cursor=cursor)
    except InvalidCursor as wrong:
        raise CursorInvalid from wrong
    return CareMatchList(items=[match_out(each) for each in page.matches], next=page.next)


@router.post("/care-matches", status_code=201)
def create_match(
    wanted: CareMatchIn, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> CareMatchOut:
    """Propose a family assistant to a family; a match that is open already is answered as it is."""
    found, worker = get_request(session, staff, wanted.request), get_worker(session, staff, wanted.worker)

    def act() -> CareMatchOut:
        match = propose_pair(session, found.case, worker.case, by=staff.id, now=clock())
        return _out(session, staff, match.id)

    return once(
        session,
        act,
        result_type=CareMatchOut,
        principal=f"staff:{staff.id}",
        operation="care_match.propose",
        key=key,
        request=wanted,
        now=clock(),
    )


@router.get("/care-matches/{care_match_id}")
def read_match(care_match_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> CareMatchOut:
    """Return one match; who reads it is noted in the audit trail."""
    match = get_match(session, staff, care_match_id)
    record_match_read(session, match, by=staff.id, now=clock())
    return match_out(match)


@router.post("/care-matches/{care_match_id}/moves")
def move_match(
    care_match_id: str,
    wanted: CareMatchMoveIn,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> CareMatchOut:
    """Do something with a match: the offer, the profile, an answer, the interview, the trial, or its end."""
    match = get_match(session, staff, care_match_id, lock=True)

    def act() -> CareMatchOut:
        act_on(session, match, wanted, by=staff.id, now=clock())
        return match_out(match)

    try:
        return once(
            session,
            act,
            result_type=CareMatchOut,
            principal=f"staff:{staff.id}",
            operation="care_match.move",
            key=key,
            request={"match": care_match_id, "move": wanted.model_dump(mode="json")},
            now=clock(),
        )
    except PayBelowMinimum as refused:
        body, live_in = match.organisation_id, lives_in(match.request.intake)
        session.rollback()
        count_refused(session, body, refused, live_in=live_in, now=clock())
        session.commit()  # a low offer is counted though nothing else of it stays
        raise


@router.get("/care-weights")
def read_weights(session: ReadSession, staff: SignedInCaseStaff) -> CareWeightsOut:
    """Return what each preference counts in the caller's body."""
    require_care(staff)
    body = staff.organisation_id
    return CareWeightsOut(weights=dict(weights_of(session, body)), version=version_of(session, body))


@router.put("/care-weights")
def change_weights(
    wanted: CareWeightsIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> CareWeightsOut:
    """Set what each preference counts in the caller's body: a coordinator's."""
    require_coordinator(staff)
    body = staff.organisation_id
    version = set_weights(session, body, wanted.weights, seen=wanted.version, by=staff.id, now=clock())
    return CareWeightsOut(weights=dict(weights_of(session, body)), version=version)


def _out(session: Session, staff: Staff, match_id: str) -> CareMatchOut:
    return match_out(get_match(session, staff, match_id))
