"""The pages of families' requests: the list, one with its candidates, and what is noted there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import ValidationError
from sqlalchemy.orm import Session

from backoffice.care_match.candidates import count_open, propose_pair, workers_for
from backoffice.care_match.errors import AnswersWrong, WishRefused
from backoffice.care_match.fitting import misfits, page_of_workers
from backoffice.care_match.forms import RequestSearch, RequestsSearched, answers_of
from backoffice.care_match.match_view import CareView
from backoffice.care_match.queries import RequestFilters, RequestPage, matches_of, page_of_requests
from backoffice.care_match.standing import of_request
from backoffice.care_request.models import CareRequest, RequestEnd, RequestState
from backoffice.care_request.permissions import get_request, readable_requests
from backoffice.care_request.service import change_request, changed, move_request
from backoffice.care_request.states import BY_CONTRACT, MOVES
from backoffice.care_request.wishes import refused_wishes
from backoffice.care_worker.permissions import get_worker
from backoffice.case.municipalities import municipality_names
from backoffice.case.permissions import is_own_readable
from backoffice.case.service import record_reading
from backoffice.client.schemas import (
    CareAbility,
    CareSchedule,
    CareSkill,
    DomesticTask,
    GenderWished,
    Relation,
)
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.paging import InvalidCursor
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff
from backoffice.templating import interface_language, redirect, render
from translations.languages import SUPPORTED

router = APIRouter(prefix="/care/requests", include_in_schema=False)

PAGE = 30
CANDIDATES = 15


@router.get("")
def list_page(
    request: Request,
    session: ReadSession,
    staff: SignedInCaseStaff,
    search: RequestsSearched,
    clock: ClockDep,
) -> Response:
    """Show the requests that the reader may see, with filters in the address."""
    page = _page(session, staff, search, clock)
    return render(
        request,
        "care_match/requests.html",
        staff=staff,
        search=search,
        page=page,
        matches=matches_of(session, [each.case_id for each in page.requests]),
        states=list(RequestState),
        towns=municipality_names(),
        sees=CareView(interface_language(request), clock()),
    )


@router.get("/{request_id}")
def request_page(
    request: Request, request_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show a request: what is needed, who fits and why, who does not, and what was proposed."""
    found = get_request(session, staff, request_id)
    record_reading(session, staff, found.case, now=clock())
    return _show(request, session, staff, found, clock)


@router.post("/{request_id}")
async def submit_answers(
    request: Request, request_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Change what a family needs. Words that ask for what the law forbids are refused and counted."""
    found, form = get_request(session, staff, request_id), await request.form()
    answers, now = answers_of(form), clock()
    wishes = refused_wishes(session, found.case, answers["note"], by=staff.id, now=now)
    if wishes:
        refused = WishRefused(wishes[0].phrase)
        return _show(request, session, staff, found, clock, refused=refused, typed={**answers, "note": None})
    try:
        change_request(session, found.case, answers, by=staff.id, now=now)
    except ValidationError as wrong:
        raise AnswersWrong(str(wrong.errors()[0]["loc"][0])) from wrong
    return redirect(f"/care/requests/{request_id}", notice="care_request_saved")


@router.post("/{request_id}/move")
def submit_move(
    request_id: str,
    to: Annotated[RequestState, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    why: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    """Move a request to another state; closed, it says why."""
    found = get_request(session, staff, request_id)
    reason = RequestEnd(why) if why in {each.value for each in RequestEnd} else None
    move_request(session, found.case, to, by=staff.id, now=clock(), why=reason)
    return redirect(f"/care/requests/{request_id}", notice="care_request_moved")


@router.post("/{request_id}/visit")
def submit_visit(
    request: Request,
    request_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    visited_on: Annotated[str, Form(max_length=10)] = "",
    words: Annotated[str, Form(max_length=4000)] = "",
    email: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Note the visit to the family, and where its links are mailed to."""
    found, now = get_request(session, staff, request_id), clock()
    wishes = refused_wishes(session, found.case, words, by=staff.id, now=now)
    if wishes:
        return _show(request, session, staff, found, clock, refused=WishRefused(wishes[0].phrase))
    try:
        found.visited_on = date.fromisoformat(visited_on) if visited_on else None
    except ValueError:
        raise AnswersWrong("visited_on") from None
    found.visit_words, found.email = words.strip() or None, email.strip() or None
    changed(found, now)
    record_reading(session, staff, found.case, now=now)
    return redirect(f"/care/requests/{request_id}", notice="care_request_saved")


@router.post("/{request_id}/workers/{worker_id}/propose")
def submit_proposal(
    request_id: str, worker_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Propose a worker to a family, and go to their match."""
    found, worker = get_request(session, staff, request_id), get_worker(session, staff, worker_id)
    match = propose_pair(session, found.case, worker.case, by=staff.id, now=clock())
    return redirect(f"/care/matches/{match.id}", notice="care_proposed")


def _show(
    request: Request,
    session: Session,
    staff: Staff,
    found: CareRequest,
    clock: ClockDep,
    *,
    refused: WishRefused | None = None,
    typed: dict[str, Any] | None = None,
) -> Response:
    now, case = clock(), found.case
    readable, begins = is_own_readable(staff), case.intake.get("start_from")
    fits = workers_for(session, case, readable, now=now)
    return render(
        request,
        "care_match/request.html",
        status=refused.status if refused else 200,
        staff=staff,
        found=found,
        case=case,
        answers=typed or case.intake,
        starts_on=date.fromisoformat(begins) if begins else None,
        page=page_of_workers(session, case, fits, start=0, limit=CANDIDATES, now=now),
        misfits=misfits(session, case, readable, now=now),
        matches=matches_of(session, [case.id]).get(case.id, []),
        opened=count_open(session, case.id),
        stands=of_request(case, found.state),
        moves=[to for to in MOVES[found.state] if to not in BY_CONTRACT],
        ends=list(RequestEnd),
        choices=_choices(),
        refused=refused,
        sees=CareView(interface_language(request), now),
    )


def _choices() -> dict[str, Sequence[str]]:
    return {
        "municipality": municipality_names(),
        "relation": [each.value for each in Relation],
        "gender_wished": [each.value for each in GenderWished],
        "needs": [each.value for each in CareSkill],
        "schedules": [each.value for each in CareSchedule],
        "abilities": [each.value for each in CareAbility],
        "tasks": [each.value for each in DomesticTask],
        "languages": list(SUPPORTED),
    }


def _page(session: Session, staff: Staff, search: RequestSearch, clock: ClockDep) -> RequestPage:
    filters = RequestFilters(state=search.state or None, town=search.town, waits=bool(search.waits))
    statement, now = readable_requests(staff), clock()
    try:
        return page_of_requests(
            session, statement, filters, limit=PAGE, cursor=search.cursor or None, now=now
        )
    except InvalidCursor:
        return page_of_requests(session, statement, filters, limit=PAGE, cursor=None, now=now)
