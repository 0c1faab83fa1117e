"""The steps of the checklist as rows: found, begun, changed, given their last day, told when it has passed.

A step has a row once somebody has touched it or it has a last day. Its id follows from case, match and code,
so that two who begin the same step at once begin one. Functions flush, never commit.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from backoffice.accompaniment.checklist import BY_CODE, STEPS, DeadlineRule, Step
from backoffice.accompaniment.errors import ChangedMeanwhile, StepNotFound
from backoffice.accompaniment.models import AccompanimentStep, StepState, Tenancy
from backoffice.accompaniment.queries import untold_steps
from backoffice.case.history import record_event
from backoffice.case.models import Case, CaseEventKind
from backoffice.document.queries import find_document
from backoffice.errors import NotFound
from backoffice.housing_figures.deadlines import Deadline, hospitality_deadline, registration_deadline
from backoffice.italy import day_in_italy

_NAMES = uuid.UUID("6d6f5a0e-1f3d-5c39-9a53-2f4f5f0d7c11")
_MOST_ALARMS = 200


@dataclass(frozen=True)
class StepChange:
    """What is said of a step. `done_on`: a day in Italy; left out where it is today."""

    state: StepState
    done_on: date | None = None
    document_id: str | None = None
    note: str | None = None
    version: int | None = None


def find_step(session: Session, case: Case, match_id: str | None, code: str) -> AccompanimentStep | None:
    """Return the row of a step, if it has one."""
    return session.get(AccompanimentStep, _id_of(case.id, match_id, code))


def step_named(code: str) -> Step:
    """Return a step of the checklist.

    Raises:
        StepNotFound: it has none of that code.
    """
    found = BY_CODE.get(code)
    if found is None:
        raise StepNotFound
    return found


def begin_step(session: Session, case: Case, match_id: str | None, code: str) -> AccompanimentStep:
    """Return the row of a step, made where it has none. The search of the case is locked by the caller."""
    found = find_step(session, case, match_id, code)
    if found is not None:
        return found
    made = AccompanimentStep(
        id=_id_of(case.id, match_id, code),
        case_id=case.id,
        match_id=match_id,
        code=code,
        state=StepState.OPEN,
        version=1,
    )
    session.add(made)
    session.flush()
    return made


def write_step(
    session: Session,
    case: Case,
    row: AccompanimentStep,
    change: StepChange,
    *,
    by: str,
    now: datetime,
) -> None:
    """Write down how far a step is; what changes nothing leaves no trace.

    Raises:
        ChangedMeanwhile: somebody else changed it after `change.version`.
        NotFound: the case has no such document.
    """
    if change.version is not None and change.version != row.version:
        raise ChangedMeanwhile
    if change.document_id and find_document(session, case.id, change.document_id) is None:
        raise NotFound
    is_open = change.state is StepState.OPEN
    new = {
        "state": change.state,
        "done_on": None if is_open else change.done_on or day_in_italy(now),
        "done_by": None if is_open else by,
        "document_id": change.document_id or None,
        "note": (change.note or "").strip() or None,
    }
    if all(getattr(row, name) == value for name, value in new.items() if name != "done_by"):
        return
    before = row.state
    for name, value in new.items():
        setattr(row, name, value)
    row.version += 1
    if before is not change.state and is_open:
        row.overdue_told_at = None  # open again: its day may be missed anew
    session.flush()
    record_event(
        session,
        case,
        CaseEventKind.CHECKLIST_CHANGED,
        by=by,
        now=now,
        before=before.value,
        after=f"{row.code} state_{row.state.value}",
    )


def due_of(rule: DeadlineRule, tenancy: Tenancy) -> Deadline | None:
    """Return the deadline of a step by the days of a contract; None while they are not known."""
    if rule is DeadlineRule.REGISTRATION:
        days = [day for day in (tenancy.signed_on, tenancy.starts_on) if day is not None]
        return registration_deadline(min(days)) if days and tenancy.signed_on else None
    housed_on = tenancy.keys_on or (tenancy.starts_on if tenancy.signed_on else None)
    return hospitality_deadline(housed_on) if housed_on else None


def recompute_deadlines(session: Session, case: Case, tenancy: Tenancy) -> None:
    """Give the steps of a contract their last days anew; a day that has changed may be missed anew."""
    for step in STEPS:
        if step.deadline is None:
            continue
        deadline = None if tenancy.ended_on else due_of(step.deadline, tenancy)
        if deadline is None and find_step(session, case, tenancy.match_id, step.code) is None:
            continue
        row = begin_step(session, case, tenancy.match_id, step.code)
        due_on = deadline.last_day if deadline else None
        if row.due_on != due_on:
            row.due_on, row.overdue_told_at = due_on, None
    session.flush()


def tell_overdue_steps(session: Session, *, now: datetime) -> int:
    """Raise the one alarm of every step whose last day has passed, in Italy; return how many.

    Mark and event stand in one transaction: whatever stops in between, there are both or none.
    """
    rows = session.scalars(untold_steps(day_in_italy(now), limit=_MOST_ALARMS)).all()
    for row in rows:
        row.overdue_told_at = now
        case = session.get_one(Case, row.case_id)
        record_event(session, case, CaseEventKind.CHECKLIST_OVERDUE, by="system", now=now, after=row.code)
    session.flush()
    return len(rows)


def _id_of(case_id: str, match_id: str | None, code: str) -> str:
    return str(uuid.uuid5(_NAMES, f"{case_id}/{match_id or ''}/{code}"))
