"""The JSON API of what belongs to a family assistant: skills, work, references, times, proofs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.orm import Session

from backoffice.care_worker.availability import Span, add_absence, remove_absence, set_week
from backoffice.care_worker.eligibility import rules_of
from backoffice.care_worker.models import WorkerReference
from backoffice.care_worker.parts import row_of
from backoffice.care_worker.permissions import get_worker_case
from backoffice.care_worker.proofs import note_proof
from backoffice.care_worker.references import add_reference, allow_reference, note_call, remove_reference
from backoffice.care_worker.schemas import (
    AbsenceIn,
    AbsenceOut,
    PeriodIn,
    PeriodOut,
    ProofIn,
    RecognitionIn,
    ReferenceCall,
    ReferenceIn,
    ReferenceOut,
    RuleOut,
    SkillIn,
    SkillOut,
    Week,
    absence_out,
    period_out,
    reference_out,
    skill_out,
)
from backoffice.care_worker.service import worker_of
from backoffice.care_worker.skills import (
    SkillFacts,
    add_skill,
    recognise_skill,
    remove_skill,
    undo_recognition,
)
from backoffice.care_worker.work import PeriodFacts, add_period, remove_period
from backoffice.case.models import Case
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.italy import day_in_italy
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/care-workers/{worker_id}", tags=["care"])

Made = TypeVar("Made", bound=BaseModel)


@router.post("/skills", status_code=201)
def create_skill(
    worker_id: str, new: SkillIn, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> SkillOut:
    """Write down a skill."""
    case, now = _case(session, staff, worker_id, clock())

    def act() -> SkillOut:
        facts = SkillFacts(new.skill, new.origin, new.years, new.document, new.note)
        return skill_out(add_skill(session, case, facts, by=staff.id, now=now))

    return _once(session, staff, case, act, SkillOut, "skill", key, new, now)


@router.put("/skills/{skill_id}/recognition")
def put_recognition(
    worker_id: str, skill_id: str, given: RecognitionIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> SkillOut:
    """Recognise a skill."""
    case, now = _case(session, staff, worker_id, clock())
    row = recognise_skill(
        session, case, skill_id, given.how, on=given.on, document_id=given.document, by=staff.id, now=now
    )
    return skill_out(row)


@router.delete("/skills/{skill_id}/recognition")
def delete_recognition(
    worker_id: str, skill_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> SkillOut:
    """Take a recognition back."""
    case, now = _case(session, staff, worker_id, clock())
    return skill_out(undo_recognition(session, case, skill_id, by=staff.id, now=now))


@router.delete("/skills/{skill_id}", status_code=204)
def delete_skill(worker_id: str, skill_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> None:
    """Take a skill away."""
    case, now = _case(session, staff, worker_id, clock())
    remove_skill(session, case, skill_id, by=staff.id, now=now)


@router.post("/periods", status_code=201)
def create_period(
    worker_id: str, new: PeriodIn, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> PeriodOut:
    """Write down a time of work."""
    case, now = _case(session, staff, worker_id, clock())

    def act() -> PeriodOut:
        facts = PeriodFacts(
            started_on=new.started_on,
            ended_on=new.ended_on,
            is_regular=new.is_regular,
            hours_week=new.hours_week,
            is_in_italy=new.is_in_italy,
            document_id=new.document,
            note=new.note,
        )
        return period_out(add_period(session, case, facts, by=staff.id, now=now))

    return _once(session, staff, case, act, PeriodOut, "period", key, new, now)


@router.delete("/periods/{period_id}", status_code=204)
def delete_period(
    worker_id: str, period_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> None:
    """Take a time of work away."""
    case, now = _case(session, staff, worker_id, clock())
    remove_period(session, case, period_id, by=staff.id, now=now)


@router.post("/references", status_code=201)
def create_reference(
    worker_id: str,
    new: ReferenceIn,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> ReferenceOut:
    """Write down who can tell of a family assistant."""
    case, now = _case(session, staff, worker_id, clock())

    def act() -> ReferenceOut:
        allowed = new.may_be_called
        return reference_out(
            add_reference(session, case, new.name, new.phone, may_be_called=allowed, by=staff.id, now=now)
        )

    return _once(session, staff, case, act, ReferenceOut, "reference", key, new, now)


@router.patch("/references/{reference_id}")
def patch_reference(
    worker_id: str,
    reference_id: str,
    change: ReferenceCall,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> ReferenceOut:
    """Note whether a call is allowed, and what came of it."""
    case, now = _case(session, staff, worker_id, clock())
    if change.may_be_called is not None:
        allow_reference(session, case, reference_id, change.may_be_called, by=staff.id, now=now)
    if change.answer is not None:
        note_call(session, case, reference_id, change.answer, change.words, by=staff.id, now=now)
    return reference_out(row_of(session, case, WorkerReference, reference_id))


@router.delete("/references/{reference_id}", status_code=204)
def delete_reference(
    worker_id: str, reference_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> None:
    """Take a reference away."""
    case, now = _case(session, staff, worker_id, clock())
    remove_reference(session, case, reference_id, by=staff.id, now=now)


@router.put("/week")
def put_week(worker_id: str, week: Week, session: DbSession, staff: SignedIn, clock: ClockDep) -> Week:
    """Write down the usual week anew."""
    case, now = _case(session, staff, worker_id, clock())
    spans = [Span(each.weekday, each.from_minute, each.to_minute) for each in week.times]
    set_week(session, case, spans, by=staff.id, now=now)
    return week


@router.post("/absences", status_code=201)
def create_absence(
    worker_id: str,
    new: AbsenceIn,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> AbsenceOut:
    """Write down days on which somebody cannot work."""
    case, now = _case(session, staff, worker_id, clock())

    def act() -> AbsenceOut:
        return absence_out(
            add_absence(session, case, new.from_on, new.until_on, new.note, by=staff.id, now=now)
        )

    return _once(session, staff, case, act, AbsenceOut, "absence", key, new, now)


@router.delete("/absences/{absence_id}", status_code=204)
def delete_absence(
    worker_id: str, absence_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> None:
    """Take an absence away."""
    case, now = _case(session, staff, worker_id, clock())
    remove_absence(session, case, absence_id, by=staff.id, now=now)


@router.put("/proofs/{rule}")
def put_proof(
    worker_id: str, rule: str, proof: ProofIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> list[RuleOut]:
    """Note whether a condition of the register is met; return how all of them stand."""
    case, now = _case(session, staff, worker_id, clock())
    note_proof(
        session,
        case,
        rule,
        proof.is_met,
        shown_on=proof.shown_on,
        document_id=proof.document,
        note=proof.note,
        by=staff.id,
        now=now,
    )
    rules = rules_of(session, case, today=day_in_italy(now))
    return [RuleOut(code=each.code, state=each.state.value) for each in rules]


def _case(session: Session, staff: Staff, worker_id: str, now: datetime) -> tuple[Case, datetime]:
    """Return the case, with its entry in the register, and the present moment."""
    case = get_worker_case(session, staff, worker_id)
    worker_of(session, case, now=now)
    return case, now


def _once(
    session: Session,
    staff: Staff,
    case: Case,
    act: Callable[[], Made],
    kind: type[Made],
    what: str,
    key: str | None,
    request: BaseModel,
    now: datetime,
) -> Made:
    return once(
        session,
        act,
        result_type=kind,
        principal=f"staff:{staff.id}",
        operation=f"care_worker.{what}:{case.id}",
        key=key,
        request=request,
        now=now,
    )
