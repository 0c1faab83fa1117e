"""The JSON API of a household's search, checklist and contract, below its case."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from sqlalchemy.orm import Session

from backoffice.accompaniment.checklist import Milestone
from backoffice.accompaniment.needs import save_needs
from backoffice.accompaniment.permissions import get_search_case
from backoffice.accompaniment.rules import TenancyFacts
from backoffice.accompaniment.schemas import (
    AccompanimentOut,
    DayIn,
    EndIn,
    NeedsChange,
    SearchMove,
    SearchOut,
    StepIn,
    StepOut,
    TenancyIn,
    TenancyOut,
    accompaniment_out,
    search_out,
    step_out,
    tenancy_out,
)
from backoffice.accompaniment.service import end_tenancy, record_day, set_step, write_tenancy
from backoffice.accompaniment.steps import StepChange, step_named
from backoffice.accompaniment.view import StepView, view_accompaniment
from backoffice.audit import service as audit
from backoffice.case.models import Case
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.housing_need.service import move_search, need_of
from backoffice.italy import day_in_italy
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/cases/{case_id}", tags=["housing"])


@router.get("/search")
def read_search(case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> SearchOut:
    """Return how far a household's search is; who reads it is noted in the audit trail."""
    case, now = get_search_case(session, staff, case_id), clock()
    _note_reading(session, staff, case, "case.search.read", now)
    return _search(session, case, now)


@router.post("/search/move")
def create_search_move(
    case_id: str, move: SearchMove, session: DbSession, staff: SignedIn, clock: ClockDep
) -> SearchOut:
    """Move a search; a second time changes nothing."""
    case, now = get_search_case(session, staff, case_id), clock()
    move_search(session, case, move.to, by=staff.id, now=now)
    return _search(session, case, now)


@router.patch("/search/needs")
def change_search_needs(
    case_id: str, change: NeedsChange, session: DbSession, staff: SignedIn, clock: ClockDep
) -> SearchOut:
    """Change answers about the home that is looked for."""
    case, now = get_search_case(session, staff, case_id), clock()
    save_needs(session, case, change.answers, by=staff.id, now=now)
    return _search(session, case, now)


@router.get("/accompaniment")
def read_accompaniment(
    case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> AccompanimentOut:
    """Return the checklist and the contract; who reads them is noted in the audit trail."""
    case, now = get_search_case(session, staff, case_id), clock()
    _note_reading(session, staff, case, "case.accompaniment.read", now)
    return accompaniment_out(view_accompaniment(session, case, today=day_in_italy(now)))


@router.put("/accompaniment/steps/{step_code}")
def put_step(
    case_id: str, step_code: str, step: StepIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> StepOut:
    """Say how far a step of the checklist is."""
    case, now = get_search_case(session, staff, case_id), clock()
    change = StepChange(step.state, step.done_on, step.document, step.note, step.version)
    row = set_step(session, case, step_code, change, match_id=step.match, by=staff.id, now=now)
    return step_out(StepView(step_named(step_code), row.match_id, row, day_in_italy(now)))


@router.put("/accompaniment/tenancy")
def put_tenancy(
    case_id: str, tenancy: TenancyIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> TenancyOut:
    """Write down what the contract says."""
    case = get_search_case(session, staff, case_id)
    facts = TenancyFacts(**tenancy.model_dump())
    return tenancy_out(write_tenancy(session, case, facts, by=staff.id, now=clock()))


@router.put("/accompaniment/days/{milestone}")
def put_day(
    case_id: str, milestone: Milestone, day: DayIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> TenancyOut:
    """Write down on which day something of the contract happened."""
    case = get_search_case(session, staff, case_id)
    return tenancy_out(record_day(session, case, milestone, day.on, by=staff.id, now=clock()))


@router.post("/accompaniment/end")
def create_end(
    case_id: str, end: EndIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> AccompanimentOut:
    """Write down that the contract came to nothing."""
    case, now = get_search_case(session, staff, case_id), clock()
    end_tenancy(session, case, end.side, end.reason, end.words, by=staff.id, now=now)
    return accompaniment_out(view_accompaniment(session, case, today=day_in_italy(now)))


def _search(session: Session, case: Case, now: datetime) -> SearchOut:
    return search_out(need_of(session, case, now=now), case.intake)


def _note_reading(session: Session, staff: Staff, case: Case, action: str, now: datetime) -> None:
    audit.record(session, by=staff.id, action=action, subject_kind="case", subject_id=case.id, now=now)
