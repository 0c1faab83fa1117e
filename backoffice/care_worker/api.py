"""The JSON API of the register: the list, one family assistant, the profile and the states."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.care_worker.errors import ChangedMeanwhile, PartRefused
from backoffice.care_worker.interview import hold_interview, plan_interview
from backoffice.care_worker.interview_form import FIELDS, faults_of
from backoffice.care_worker.models import WorkerState
from backoffice.care_worker.permissions import get_worker_case, readable_workers, require_care
from backoffice.care_worker.profile import show_profile, want_documents
from backoffice.care_worker.queries import WorkerFilters, filtered_workers, page_of_workers
from backoffice.care_worker.registering import open_worker_of, read_newcomer, register_at_desk
from backoffice.care_worker.schemas import (
    InterviewHeld,
    InterviewPlan,
    ProfileChange,
    ProfileShown,
    WorkerIn,
    WorkerList,
    WorkerMove,
    WorkerOut,
    short_out,
    worker_out,
)
from backoffice.care_worker.service import change_profile, move_worker, worker_of
from backoffice.care_worker.view import view_worker
from backoffice.case.errors import CursorInvalid
from backoffice.case.models import Case
from backoffice.case.people import get_readable_person
from backoffice.client.schemas import CareSchedule, CareSkill, LanguageCode
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import NotFound
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.italy import day_in_italy
from backoffice.paging import InvalidCursor
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/care-workers", tags=["care"])


@router.get("")
def list_workers(
    session: ReadSession,
    staff: SignedIn,
    clock: ClockDep,
    state: WorkerState | None = None,
    skill: CareSkill | None = None,
    language: LanguageCode | None = None,
    schedule: CareSchedule | None = None,
    municipality: Annotated[str | None, Query(max_length=80)] = None,
    permit_ends: bool = False,
    shows_profile: bool | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> WorkerList:
    """List the family assistants of the caller's body. `permit_ends`: within 60 days, or already."""
    filters = WorkerFilters(
        today=day_in_italy(clock()),
        state=state,
        skill=skill,
        language=language,
        schedule=schedule,
        municipality=municipality,
        permit_ends=permit_ends,
        shows_profile=shows_profile,
        q=q,
    )
    statement = filtered_workers(session, readable_workers(staff), filters)
    try:
        page = page_of_workers(session, statement, limit=limit, cursor=cursor)
    except InvalidCursor as wrong:
        raise CursorInvalid from wrong
    return WorkerList(items=[short_out(worker) for worker in page.workers], next=page.next)


@router.post("", status_code=201)
def create_worker(
    new: WorkerIn, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> WorkerOut:
    """Open the case of somebody at the desk; who is in the register already stays as they are."""
    require_care(staff)
    now = clock()
    person = get_readable_person(session, staff, new.person) if new.person else None
    if person is not None and person.organisation_id != staff.organisation_id:
        raise NotFound

    def act() -> WorkerOut:
        known = open_worker_of(session, person) if person else None
        typed = read_newcomer(
            new.name, new.phone, new.language, new.municipality, person_wanted=person is None
        )
        case = known or register_at_desk(session, staff, typed, person=person, now=now)
        return _out(session, get_worker_case(session, staff, case.id), now)

    return once(
        session,
        act,
        result_type=WorkerOut,
        principal=f"staff:{staff.id}",
        operation="care_worker.create",
        key=key,
        request=new,
        now=now,
    )


@router.get("/{worker_id}")
def read_worker(worker_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> WorkerOut:
    """Return one family assistant; who reads is noted in the audit trail."""
    case, now = get_worker_case(session, staff, worker_id), clock()
    audit.record(session, by=staff.id, action="case.read", subject_kind="case", subject_id=case.id, now=now)
    return _out(session, case, now)


@router.patch("/{worker_id}")
def patch_worker(
    worker_id: str, change: ProfileChange, session: DbSession, staff: SignedIn, clock: ClockDep
) -> WorkerOut:
    """Change answers; 409 where somebody was faster."""
    case, now = get_worker_case(session, staff, worker_id), clock()
    if worker_of(session, case, now=now).version != change.version:
        raise ChangedMeanwhile
    wrong = _strange(change.answers) or faults_of(case.intake, change.answers)
    if wrong:
        raise PartRefused(wrong)
    change_profile(session, case, change.answers, by=staff.id, now=now)
    return _out(session, case, now)


@router.post("/{worker_id}/moves")
def create_move(
    worker_id: str, move: WorkerMove, session: DbSession, staff: SignedIn, clock: ClockDep
) -> WorkerOut:
    """Move a family assistant; `errors` names the conditions of the register that are open."""
    case, now = get_worker_case(session, staff, worker_id), clock()
    if move.to is WorkerState.DOCUMENTS_MISSING:
        want_documents(session, case, move.documents, by=staff.id, now=now)
    move_worker(session, case, move.to, by=staff.id, now=now, reason=move.reason, words=move.words)
    return _out(session, case, now)


@router.put("/{worker_id}/profile")
def put_profile(
    worker_id: str, choice: ProfileShown, session: DbSession, staff: SignedIn, clock: ClockDep
) -> WorkerOut:
    """Note the worker's own choice whether families see the profile."""
    case, now = get_worker_case(session, staff, worker_id), clock()
    show_profile(session, case, choice.shown, on=choice.on, by=staff.id, now=now)
    return _out(session, case, now)


@router.put("/{worker_id}/interview-date")
def put_interview_date(
    worker_id: str, plan: InterviewPlan, session: DbSession, staff: SignedIn, clock: ClockDep
) -> WorkerOut:
    """Fix when and where the interview is; the person reads it in the chat."""
    case, now = get_worker_case(session, staff, worker_id), clock()
    plan_interview(session, case, plan.at, plan.place, by=staff.id, now=now)
    return _out(session, case, now)


@router.put("/{worker_id}/interview")
def put_interview(
    worker_id: str, held: InterviewHeld, session: DbSession, staff: SignedIn, clock: ClockDep
) -> WorkerOut:
    """Write down what was said in the interview; answers change the intake."""
    case, now = get_worker_case(session, staff, worker_id), clock()
    if wrong := _strange(held.answers):
        raise PartRefused(wrong)
    hold_interview(
        session,
        case,
        held.answers,
        held.words,
        on=held.on,
        version=held.version,
        by=staff.id,
        now=now,
    )
    return _out(session, case, now)


def _strange(answers: dict[str, object]) -> dict[str, str]:
    """Return the names that no answer has."""
    known = {*FIELDS, "skill_origins"}
    return {name[:40]: "care_workers.wrong.choice" for name in answers if name not in known}


def _out(session: Session, case: Case, now: datetime) -> WorkerOut:
    worker = worker_of(session, case, now=now)
    return worker_out(view_worker(session, case, worker, now=now, today=day_in_italy(now)))
