"""The register of family assistants: begun with its case, moved step by step. Functions flush, never commit.

Rights have been asked before.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.care_worker.eligibility import require_eligible
from backoffice.care_worker.errors import WorkerMoveRefused, WorkerReasonMissing
from backoffice.care_worker.models import CareWorker, WorkerReason, WorkerState, WorkerStep
from backoffice.care_worker.skills import declare_skills
from backoffice.care_worker.states import MOVES, NEEDS_REASON, WANTS_ELIGIBLE
from backoffice.care_worker.telling import tell_state
from backoffice.care_worker.traits import write_traits
from backoffice.case.history import record_event, require_open
from backoffice.case.models import Case, CaseEventKind
from backoffice.client.schemas import CareWorkIntake
from backoffice.italy import day_in_italy


def worker_of(session: Session, case: Case, *, now: datetime) -> CareWorker:
    """Return the entry of a case of type `care_work`; one that has none yet applies now."""
    found = session.get(CareWorker, case.id)
    if found is not None:
        return found
    worker = CareWorker(
        case_id=case.id,
        case=case,
        organisation_id=case.organisation_id,
        state=WorkerState.APPLIED,
        state_since=now,
        permit_expires_on=_day(case.intake.get("permit_expires_on")),
        created_at=now,
        updated_at=now,
    )
    session.add(worker)
    session.add(WorkerStep(case_id=case.id, before=None, after=WorkerState.APPLIED, actor="service", at=now))
    session.flush()
    write_traits(session, case)
    declare_skills(session, case)
    return worker


def move_worker(
    session: Session,
    case: Case,
    to: WorkerState,
    *,
    by: str,
    now: datetime,
    reason: WorkerReason | None = None,
    words: str | None = None,
) -> None:
    """Move a family assistant to another state, and tell them; the one that they have changes nothing.

    Raises:
        WorkerMoveRefused: no rule leads there.
        WorkerReasonMissing: refused, suspended or removed without a reason.
        NotEligible: a condition of the regional register is not met, or not proved.
        CaseIsClosed: the case has to be reopened first.
    """
    require_open(case)
    worker = worker_of(session, case, now=now)
    if worker.state is to:
        return
    if to not in MOVES[worker.state]:
        raise WorkerMoveRefused
    if to in NEEDS_REASON and reason is None:
        raise WorkerReasonMissing
    if to in WANTS_ELIGIBLE:
        require_eligible(session, case, today=day_in_italy(now))
    enter_state(session, case, to, by=by, now=now, reason=reason, words=words)
    tell_state(session, case, worker, now=now)


def enter_state(
    session: Session,
    case: Case,
    to: WorkerState,
    *,
    by: str,
    now: datetime,
    reason: WorkerReason | None = None,
    words: str | None = None,
) -> None:
    """Write down a state with its step and event; whether it may be entered, `move_worker` has asked."""
    worker = worker_of(session, case, now=now)
    before, worker.state, worker.state_since = worker.state, to, now
    worker.reason, worker.reason_words = (reason, words) if to in NEEDS_REASON else (None, None)
    if to is WorkerState.REGISTERED and worker.registered_on is None:
        worker.registered_on = day_in_italy(now)
    changed(worker, now)
    session.add(WorkerStep(case_id=case.id, before=before, after=to, actor=by, at=now))
    why = reason.value if reason else None
    record_event(
        session, case, CaseEventKind.WORKER_MOVED, by=by, now=now, before=before, after=to, reason=why
    )


def change_profile(session: Session, case: Case, changes: dict[str, Any], *, by: str, now: datetime) -> None:
    """Change answers of the intake of a family assistant; the whole is checked by its form.

    Raises:
        pydantic.ValidationError: what comes out is no `CareWorkIntake`.
        CaseIsClosed: the case has to be reopened first.
    """
    require_open(case)
    intake = CareWorkIntake.model_validate({**case.intake, **changes}).model_dump(mode="json")
    altered = [name for name in changes if intake.get(name) != case.intake.get(name)]
    if not altered:
        return
    case.intake = intake
    if intake["municipalities"] and "municipalities" in altered:
        case.municipality = intake["municipalities"][0]
    worker = worker_of(session, case, now=now)
    worker.permit_expires_on = _day(intake["permit_expires_on"])
    write_traits(session, case)
    declare_skills(session, case)
    changed(worker, now)
    after = " ".join(altered)[:500]
    record_event(session, case, CaseEventKind.INTAKE_CHANGED, by=by, now=now, after=after)


def changed(worker: CareWorker, now: datetime) -> None:
    """Note that something of a family assistant is new."""
    worker.version += 1
    worker.updated_at = now


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
