"""What is posted from the page of a family assistant: states, skills, work, references, times, proofs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.attempt import attempt
from backoffice.care_worker.availability import add_absence, remove_absence, set_week
from backoffice.care_worker.errors import PartRefused
from backoffice.care_worker.forms import (
    YES_NO,
    code_of,
    day_of,
    id_of,
    read_period,
    read_skill,
    read_week,
    wanted_day,
)
from backoffice.care_worker.models import (
    Recognition,
    ReferenceAnswer,
    WantedDocument,
    WorkerReason,
    WorkerState,
)
from backoffice.care_worker.page_view import show_worker
from backoffice.care_worker.permissions import get_worker_case
from backoffice.care_worker.profile import show_profile, want_documents
from backoffice.care_worker.proofs import note_proof
from backoffice.care_worker.references import add_reference, allow_reference, note_call, remove_reference
from backoffice.care_worker.service import move_worker, worker_of
from backoffice.care_worker.skills import add_skill, recognise_skill, remove_skill, undo_recognition
from backoffice.care_worker.work import add_period, end_period, remove_period
from backoffice.case.models import Case
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.posted import Fields, one
from backoffice.question.forms import PostedFields
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect

router = APIRouter(prefix="/care/workers/{worker_id}", include_in_schema=False)


@router.post("/move")
def submit_move(
    request: Request,
    worker_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Move a family assistant; documents that are still wanted are said with it."""

    def act(case: Case, now: datetime) -> None:
        to = code_of(WorkerState, fields, "to")
        reason = code_of(WorkerReason, fields, "reason") if one(fields, "reason") else None
        if to is WorkerState.DOCUMENTS_MISSING:
            want_documents(session, case, _wanted(fields), by=staff.id, now=now)
        words = one(fields, "words")[:2000] or None
        move_worker(session, case, to, by=staff.id, now=now, reason=reason, words=words)

    return _act(request, session, staff, worker_id, clock(), act, "state", fields)


@router.post("/profile")
def submit_profile(
    request: Request,
    worker_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Note the worker's choice whether families see the profile."""

    def act(case: Case, now: datetime) -> None:
        shown = YES_NO.get(one(fields, "shown"))
        if shown is None:
            raise PartRefused({"shown": "care_workers.wrong.choice"})
        show_profile(session, case, shown, on=day_of(fields, "on"), by=staff.id, now=now)

    return _act(request, session, staff, worker_id, clock(), act, "profile", fields)


@router.post("/wanted")
def submit_wanted(
    request: Request,
    worker_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Note what is still to be brought."""

    def act(case: Case, now: datetime) -> None:
        worker_of(session, case, now=now)
        want_documents(session, case, _wanted(fields), by=staff.id, now=now)

    return _act(request, session, staff, worker_id, clock(), act, "wanted", fields)


@router.post("/skills")
def submit_skill(
    request: Request,
    worker_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Write down a skill."""

    def act(case: Case, now: datetime) -> None:
        add_skill(session, case, read_skill(fields), by=staff.id, now=now)

    return _act(request, session, staff, worker_id, clock(), act, "skills", fields)


@router.post("/skills/{skill_id}")
def submit_skill_act(
    request: Request,
    worker_id: str,
    skill_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Recognise a skill, take that back, or take the skill away."""

    def act(case: Case, now: datetime) -> None:
        what = one(fields, "act")
        if what == "remove":
            remove_skill(session, case, skill_id, by=staff.id, now=now)
        elif what == "undo":
            undo_recognition(session, case, skill_id, by=staff.id, now=now)
        else:
            how, on = code_of(Recognition, fields, "how"), day_of(fields, "on")
            paper = id_of(fields, "document")
            recognise_skill(session, case, skill_id, how, on=on, document_id=paper, by=staff.id, now=now)

    return _act(request, session, staff, worker_id, clock(), act, "skills", fields)


@router.post("/periods")
def submit_period(
    request: Request,
    worker_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Write down a time of work."""

    def act(case: Case, now: datetime) -> None:
        add_period(session, case, read_period(fields), by=staff.id, now=now)

    return _act(request, session, staff, worker_id, clock(), act, "periods", fields)


@router.post("/periods/{period_id}")
def submit_period_act(
    request: Request,
    worker_id: str,
    period_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """End a time of work, or take it away."""

    def act(case: Case, now: datetime) -> None:
        if one(fields, "act") == "remove":
            remove_period(session, case, period_id, by=staff.id, now=now)
        else:
            end_period(session, case, period_id, wanted_day(fields, "ended_on"), by=staff.id, now=now)

    return _act(request, session, staff, worker_id, clock(), act, "periods", fields)


@router.post("/references")
def submit_reference(
    request: Request,
    worker_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Write down who can tell of a family assistant."""

    def act(case: Case, now: datetime) -> None:
        name, phone, allowed = (
            one(fields, "name"),
            one(fields, "phone"),
            one(fields, "may_be_called") == "yes",
        )
        add_reference(session, case, name, phone, may_be_called=allowed, by=staff.id, now=now)

    return _act(request, session, staff, worker_id, clock(), act, "references", fields)


@router.post("/references/{reference_id}")
def submit_reference_act(
    request: Request,
    worker_id: str,
    reference_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Allow that a family is called or not, note what it said, or take it away."""

    def act(case: Case, now: datetime) -> None:
        what, row = one(fields, "act"), reference_id
        if what == "remove":
            remove_reference(session, case, row, by=staff.id, now=now)
        elif what in ("allow", "forbid"):
            allow_reference(session, case, row, what == "allow", by=staff.id, now=now)
        else:
            answer = code_of(ReferenceAnswer, fields, "answer")
            note_call(session, case, row, answer, one(fields, "words"), by=staff.id, now=now)

    return _act(request, session, staff, worker_id, clock(), act, "references", fields)


@router.post("/week")
def submit_week(
    request: Request,
    worker_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Write down the usual week."""

    def act(case: Case, now: datetime) -> None:
        set_week(session, case, read_week(fields), by=staff.id, now=now)

    return _act(request, session, staff, worker_id, clock(), act, "week", fields)


@router.post("/absences")
def submit_absence(
    request: Request,
    worker_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Write down days on which somebody cannot work."""

    def act(case: Case, now: datetime) -> None:
        first = wanted_day(fields, "from_on")
        last = day_of(fields, "until_on") or first
        add_absence(session, case, first, last, one(fields, "note"), by=staff.id, now=now)

    return _act(request, session, staff, worker_id, clock(), act, "absences", fields)


@router.post("/absences/{absence_id}/remove")
def submit_absence_removal(
    request: Request,
    worker_id: str,
    absence_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Take an absence away again."""

    def act(case: Case, now: datetime) -> None:
        remove_absence(session, case, absence_id, by=staff.id, now=now)

    return _act(request, session, staff, worker_id, clock(), act, "absences", fields)


@router.post("/proofs/{rule}")
def submit_proof(
    request: Request,
    worker_id: str,
    rule: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Note whether a condition of the register is met, and what shows it."""

    def act(case: Case, now: datetime) -> None:
        note_proof(
            session,
            case,
            rule,
            YES_NO.get(one(fields, "is_met")),
            shown_on=day_of(fields, "shown_on"),
            document_id=id_of(fields, "document"),
            note=one(fields, "note"),
            by=staff.id,
            now=now,
        )

    return _act(request, session, staff, worker_id, clock(), act, "eligibility", fields)


def _wanted(fields: Fields) -> list[WantedDocument]:
    return [each for each in WantedDocument if each.value in fields.get("wanted", [])]


def _act(
    request: Request,
    session: Session,
    staff: Staff,
    worker_id: str,
    now: datetime,
    act: Callable[[Case, datetime], None],
    place: str,
    typed: Fields,
) -> Response:
    """Act and lead back to the place; what is refused changes nothing and shows what was typed."""
    case = get_worker_case(session, staff, worker_id)

    def begun() -> None:
        worker_of(session, case, now=now)
        act(case, now)

    refused = attempt(session, begun)
    if refused is None:
        return redirect(f"/care/workers/{case.id}#{place}", notice="worker_saved")
    return show_worker(request, session, staff, case, now, refused=refused, place=place, typed=typed)
