"""The pages of the register: the list, one family assistant, who comes to the desk, the interview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Select
from sqlalchemy.orm import Session

from backoffice.attempt import Refused, attempt
from backoffice.care_worker.forms import WorkersAsked, WorkerSearch, day_of, moment_of
from backoffice.care_worker.interview import hold_interview, keep_draft, plan_interview
from backoffice.care_worker.interview_form import SECTIONS, typed_answers
from backoffice.care_worker.models import CareWorker, WorkerState
from backoffice.care_worker.page_view import show_worker
from backoffice.care_worker.permissions import get_worker_case, readable_workers, require_care
from backoffice.care_worker.queries import WorkerPage, count_workers, filtered_workers, page_of_workers
from backoffice.care_worker.registering import open_worker_of, read_newcomer, register_at_desk
from backoffice.care_worker.service import worker_of
from backoffice.care_worker.view import permit_state
from backoffice.case.models import Case
from backoffice.case.municipalities import municipality_names
from backoffice.case.people import get_readable_person
from backoffice.client.schemas import CareSchedule, CareSkill
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import NotFound
from backoffice.home_owner.finding import people_of_phone
from backoffice.italy import day_in_italy
from backoffice.paging import InvalidCursor
from backoffice.person.models import Person
from backoffice.posted import first_of_each, one, version_read
from backoffice.question.forms import PostedFields
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render
from translations.languages import LANGUAGES

router = APIRouter(prefix="/care/workers", include_in_schema=False)

PAGE = 25


@router.get("")
def list_page(
    request: Request, session: ReadSession, staff: SignedIn, clock: ClockDep, search: WorkersAsked
) -> Response:
    """Show the family assistants of the reader's body, with filters in the address."""
    today = day_in_italy(clock())
    statement = filtered_workers(session, readable_workers(staff), search.filters(today))
    page = _page(session, statement, search)
    return render(
        request,
        "care_worker/list.html",
        staff=staff,
        search=search,
        page=page,
        total=count_workers(session, statement),
        permits={worker.case_id: permit_state(worker, today) for worker in page.workers},
        states=list(WorkerState),
        skills=list(CareSkill),
        schedules=list(CareSchedule),
        languages=list(LANGUAGES),
        towns=municipality_names(),
    )


@router.get("/new")
def new_page(request: Request, staff: SignedIn) -> Response:
    """Show the empty form of somebody at the desk."""
    require_care(staff)
    return _show_new(request, staff, {})


@router.post("/new")
def submit_new(
    request: Request, session: DbSession, staff: SignedIn, clock: ClockDep, fields: PostedFields
) -> Response:
    """Open the case of somebody at the desk; who has that telephone already is shown first."""
    require_care(staff)
    made: list[Case] = []
    person = _chosen(session, staff, fields)
    alike: Sequence[Person] = []
    if person is None and one(fields, "is_new") != "yes":
        alike = people_of_phone(session, staff, one(fields, "phone"))
    if person is not None and (known := open_worker_of(session, person)) is not None:
        return redirect(f"/care/workers/{known.id}", notice="worker_known")

    def act() -> None:
        typed = {name: one(fields, name) for name in ("name", "phone", "language", "municipality")}
        new = read_newcomer(**typed, person_wanted=person is None)
        if not alike:
            made.append(register_at_desk(session, staff, new, person=person, now=clock()))

    refused = attempt(session, act)
    if refused is not None:
        return _show_new(request, staff, fields, refused=refused)
    if alike:
        return _show_new(request, staff, fields, alike=alike)
    return redirect(f"/care/workers/{made[0].id}", notice="worker_added")


@router.get("/{worker_id}")
def worker_page(
    request: Request, worker_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show one family assistant; who reads is noted in the audit trail."""
    case = get_worker_case(session, staff, worker_id)
    return show_worker(request, session, staff, case, clock())


@router.get("/{worker_id}/interview")
def interview_page(
    request: Request, worker_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show the form of the interview, with the draft where there is one."""
    case = get_worker_case(session, staff, worker_id)
    worker = worker_of(session, case, now=clock())
    answers = {**case.intake, **(worker.interview_draft or {})}
    return _show_interview(request, staff, case, worker, answers)


@router.post("/{worker_id}/interview")
def submit_interview(
    request: Request,
    worker_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Keep a draft, or write down what was said; what does not fit comes back as it was typed."""
    case, now = get_worker_case(session, staff, worker_id), clock()
    answers, words, is_draft = typed_answers(fields), one(fields, "words"), one(fields, "act") == "draft"
    typed = {**answers, "words": words, "interviewed_on": one(fields, "interviewed_on")}

    def act() -> None:
        version = version_read(fields)
        if is_draft:
            keep_draft(session, case, typed, version=version, by=staff.id, now=now)
            return
        on = day_of(fields, "interviewed_on")
        hold_interview(session, case, answers, words, on=on, version=version, by=staff.id, now=now)

    refused = attempt(session, act)
    if refused is not None:
        worker = worker_of(session, case, now=now)
        return _show_interview(request, staff, case, worker, {**case.intake, **typed}, refused)
    notice = "worker_draft" if is_draft else "worker_interviewed"
    return redirect(f"/care/workers/{case.id}#interview", notice=notice)


@router.post("/{worker_id}/interview-date")
def submit_interview_date(
    request: Request,
    worker_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Fix when and where the interview is."""
    case, now = get_worker_case(session, staff, worker_id), clock()

    def act() -> None:
        at, place = moment_of(fields, "at"), one(fields, "place")
        plan_interview(session, case, at, place, by=staff.id, now=now)

    refused = attempt(session, act)
    if refused is not None:
        return show_worker(
            request, session, staff, case, now, refused=refused, place="interview", typed=fields
        )
    return redirect(f"/care/workers/{case.id}#interview", notice="worker_saved")


def _chosen(session: Session, staff: Staff, fields: Mapping[str, list[str]]) -> Person | None:
    """Return who was chosen of those who are known, found by their telephone."""
    chosen = one(fields, "person")[:36]
    if not chosen:
        return None
    person = get_readable_person(session, staff, chosen)
    if person.organisation_id != staff.organisation_id:
        raise NotFound
    return person


def _show_new(
    request: Request,
    staff: Staff,
    fields: Mapping[str, list[str]],
    *,
    refused: Refused | None = None,
    alike: Sequence[Person] = (),
) -> Response:
    return render(
        request,
        "care_worker/new.html",
        staff=staff,
        status=refused.status if refused else 409 if alike else 200,
        typed=first_of_each(fields),
        refused=refused,
        faults=_faults(refused),
        alike=alike,
        languages=list(LANGUAGES),
        towns=municipality_names(),
    )


def _show_interview(
    request: Request,
    staff: Staff,
    case: Case,
    worker: CareWorker,
    answers: Mapping[str, Any],
    refused: Refused | None = None,
) -> Response:
    return render(
        request,
        "care_worker/interview.html",
        staff=staff,
        status=refused.status if refused else 200,
        case=case,
        worker=worker,
        answers=answers,
        sections=SECTIONS,
        refused=refused,
        faults=_faults(refused),
    )


def _faults(refused: Refused | None) -> dict[str, str]:
    return {each["field"]: each["message"] for each in refused.errors} if refused else {}


def _page(session: Session, statement: Select[CareWorker], search: WorkerSearch) -> WorkerPage:
    try:
        return page_of_workers(session, statement, limit=PAGE, cursor=search.cursor or None)
    except InvalidCursor:
        return page_of_workers(session, statement, limit=PAGE, cursor=None)
