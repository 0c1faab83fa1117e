"""The search of a household on its case: how far it is, its next steps, and the form of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from backoffice.accompaniment.needs import (
    CHOICES,
    DAYS,
    FIELDS,
    NUMBERS,
    SEVERAL,
    YES_OR_NO,
    save_needs,
    typed_needs,
)
from backoffice.accompaniment.permissions import get_search_case
from backoffice.accompaniment.view import view_accompaniment
from backoffice.attempt import Refused, attempt
from backoffice.audit import service as audit
from backoffice.case.models import Case
from backoffice.case.municipalities import municipality_names
from backoffice.client.schemas import Phase
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.housing_need.models import HousingNeed, SearchState
from backoffice.housing_need.service import move_search
from backoffice.housing_need.states import BY_CONTRACT, MOVES
from backoffice.italy import day_in_italy
from backoffice.question.forms import PostedFields
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render

router = APIRouter(include_in_schema=False)


@router.get("/cases/{case_id}/search")
def search_fragment(
    request: Request, case_id: str, session: ReadSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show how far the search is and where it may go, for the page of the case."""
    case, today = get_search_case(session, staff, case_id), day_in_italy(clock())
    need = session.get(HousingNeed, case.id) or _not_begun(case)
    return render(
        request,
        "accompaniment/_search.html",
        staff=staff,
        case=case,
        need=need,
        view=view_accompaniment(session, case, today=today),
        moves=sorted(MOVES[need.state], key=lambda to: to is SearchState.CLOSED),
        by_contract=BY_CONTRACT,
        closed=SearchState.CLOSED,
        is_open=case.phase is not Phase.CLOSED,
        today=today,
    )


@router.post("/cases/{case_id}/search/move")
def submit_search_move(
    case_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    to: Annotated[SearchState, Form()],
) -> Response:
    """Move the search."""
    case = get_search_case(session, staff, case_id)
    move_search(session, case, to, by=staff.id, now=clock())
    return redirect(f"/cases/{case.id}#search", notice="search_moved")


@router.get("/cases/{case_id}/search/needs")
def needs_page(
    request: Request, case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show the answers about the home as a form; who reads them is noted."""
    case, now = get_search_case(session, staff, case_id), clock()
    action = "case.search.read"
    audit.record(session, by=staff.id, action=action, subject_kind="case", subject_id=case.id, now=now)
    return _show(request, staff, case, case.intake)


@router.post("/cases/{case_id}/search/needs")
def submit_needs(
    request: Request,
    case_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Save the answers; those that do not fit come back as they were typed, each with its sentence."""
    case = get_search_case(session, staff, case_id)
    typed = typed_needs(fields)
    refused = attempt(session, lambda: save_needs(session, case, typed, by=staff.id, now=clock()))
    if refused is not None:
        return _show(request, staff, case, typed, refused)
    return redirect(f"/cases/{case.id}#search", notice="needs_saved")


def _not_begun(case: Case) -> HousingNeed:
    """Return a search as it would begin: who only looks begins none."""
    return HousingNeed(case_id=case.id, state=SearchState.NEW, state_since=case.opened_at)


def _show(
    request: Request,
    staff: Staff,
    case: Case,
    answers: Mapping[str, Any],
    refused: Refused | None = None,
) -> Response:
    chosen = [str(each) for each in answers.get("municipalities") or []]
    return render(
        request,
        "accompaniment/needs.html",
        staff=staff,
        status=refused.status if refused else 200,
        case=case,
        answers=answers,
        refused=refused,
        faults={each["field"]: each["message"] for each in refused.errors} if refused else {},
        fields=FIELDS,
        numbers=NUMBERS,
        yes_or_no=YES_OR_NO,
        days=DAYS,
        choices=CHOICES,
        several=SEVERAL,
        towns=list(dict.fromkeys((*chosen, *municipality_names()))),
    )
