"""The page of a household's checklist and contract, and what is posted from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.accompaniment.checklist import Milestone
from backoffice.accompaniment.forms import FormInvalid, read_day, read_step, read_tenancy
from backoffice.accompaniment.papers import PAPERS
from backoffice.accompaniment.permissions import get_search_case
from backoffice.accompaniment.service import end_tenancy, record_day, set_step, write_tenancy
from backoffice.accompaniment.steps import step_named
from backoffice.accompaniment.view import people_of, view_accompaniment
from backoffice.attempt import Refused, attempt
from backoffice.audit import service as audit
from backoffice.case.models import Case
from backoffice.case.queries import names_of_staff
from backoffice.client.schemas import ContractType, Phase
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.document.queries import documents_of
from backoffice.housing_figures.costs import deposit_limit
from backoffice.housing_match.consequences import REASONS_OF
from backoffice.housing_match.models import MatchSide, RefusalReason
from backoffice.housing_need.service import need_of
from backoffice.italy import day_in_italy
from backoffice.posted import first_of_each, one
from backoffice.question.forms import PostedFields
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render

router = APIRouter(include_in_schema=False)


@router.get("/cases/{case_id}/accompaniment")
def accompaniment_page(
    request: Request, case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show the checklist and the contract; who reads them is noted in the audit trail."""
    case, now = get_search_case(session, staff, case_id), clock()
    action = "case.accompaniment.read"
    audit.record(session, by=staff.id, action=action, subject_kind="case", subject_id=case.id, now=now)
    return _show(request, session, staff, case, clock)


@router.post("/cases/{case_id}/accompaniment/steps/{step_code}")
def submit_step(
    request: Request,
    case_id: str,
    step_code: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Say how far a step is."""
    case, step = get_search_case(session, staff, case_id), step_named(step_code)

    def act() -> None:
        match_id = one(fields, "match")[:36] or None
        set_step(session, case, step_code, read_step(fields), match_id=match_id, by=staff.id, now=clock())

    place = f"step-{step.code}"
    return _act(request, session, staff, case, clock, act, place=place, typed=fields)


@router.post("/cases/{case_id}/accompaniment/tenancy")
def submit_tenancy(
    request: Request,
    case_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Write down what the contract says; what does not fit comes back as it was typed."""
    case = get_search_case(session, staff, case_id)

    def act() -> None:
        write_tenancy(session, case, read_tenancy(fields), by=staff.id, now=clock())

    return _act(request, session, staff, case, clock, act, place="contract", typed=fields)


@router.post("/cases/{case_id}/accompaniment/days")
def submit_day(
    request: Request,
    case_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Write down on which day something of the contract happened."""
    case = get_search_case(session, staff, case_id)

    def act() -> None:
        milestone, day = read_day(fields)
        record_day(session, case, milestone, day, by=staff.id, now=clock())

    return _act(request, session, staff, case, clock, act, place="days", typed=fields)


@router.post("/cases/{case_id}/accompaniment/end")
def submit_end(
    request: Request,
    case_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Write down that the contract came to nothing."""
    case = get_search_case(session, staff, case_id)

    def act() -> None:
        side, reason = one(fields, "side"), one(fields, "reason")
        if side not in set(MatchSide) or reason not in set(RefusalReason):
            raise FormInvalid
        words = one(fields, "words")[:2000] or None
        end_tenancy(session, case, MatchSide(side), RefusalReason(reason), words, by=staff.id, now=clock())

    return _act(request, session, staff, case, clock, act, place="end", typed=fields)


def _act(
    request: Request,
    session: Session,
    staff: Staff,
    case: Case,
    clock: ClockDep,
    act: Callable[[], None],
    *,
    place: str,
    typed: Mapping[str, list[str]],
) -> Response:
    """Act and lead back to the place; what is refused changes nothing and shows what was typed."""
    refused = attempt(session, act)
    if refused is None:
        return redirect(f"/cases/{case.id}/accompaniment#{place}", notice="accompaniment_saved")
    return _show(request, session, staff, case, clock, refused=refused, place=place, typed=typed)


def _show(
    request: Request,
    session: Session,
    staff: Staff,
    case: Case,
    clock: ClockDep,
    *,
    refused: Refused | None = None,
    place: str | None = None,
    typed: Mapping[str, list[str]] | None = None,
) -> Response:
    now = clock()
    today = day_in_italy(now)
    view = view_accompaniment(session, case, today=today)
    made = view.home.tenancy if view.home else None
    limit = deposit_limit(made.rent_eur_month) if made and made.rent_eur_month else None
    return render(
        request,
        "accompaniment/accompaniment.html",
        staff=staff,
        status=refused.status if refused else 200,
        case=case,
        view=view,
        need=need_of(session, case, now=now),
        documents=documents_of(session, case.id),
        names=names_of_staff(session, people_of(view)),
        is_open=case.phase is not Phase.CLOSED,
        today=today,
        limit=limit,
        contract_types=list(ContractType),
        milestones=list(Milestone),
        sides=list(MatchSide),
        reasons=REASONS_OF[MatchSide.DESK],
        papers=PAPERS,
        refused=refused,
        refused_place=place,
        typed=first_of_each(typed or {}),
    )
