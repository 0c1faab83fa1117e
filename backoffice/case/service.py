"""What can be done to a case; each act leaves its event and its audit entry.

Functions flush and announce, never commit. Rights have been asked before: `case.permissions`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.errors import (
    AssigneeMissing,
    AssigneeUnknown,
    CaseIsClosed,
    ClosingReasonMissing,
    PhaseMoveRefused,
    ReasonMissing,
)
from backoffice.case.models import (
    Case,
    CaseEvent,
    CaseEventKind,
    CaseNote,
    CaseSource,
    CaseStatus,
    NoteKind,
)
from backoffice.case.needs import Need
from backoffice.case.number import new_number
from backoffice.case.parts import is_read_in_need
from backoffice.case.phases import ClosingReason, Move, MoveKind, find_move
from backoffice.client.schemas import CaseType, Phase
from backoffice.live.service import announce
from backoffice.person.models import Person
from backoffice.staff.models import Staff


@dataclass(frozen=True)
class NewCase:
    """What a case begins with."""

    type: CaseType
    person: Person
    organisation_id: str
    language: str
    source: CaseSource
    intake: dict[str, Any] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    municipality: str | None = None
    conversation_id: str | None = None
    assignee_id: str | None = None
    urgent: bool = False


def open_case(session: Session, new: NewCase, *, by: str, now: datetime) -> Case:
    """Open a case in the phase `reception` and return it."""
    case = Case(
        number=_free_number(session),
        type=new.type,
        phase=Phase.RECEPTION,
        status=CaseStatus.IN_PROGRESS if new.assignee_id else CaseStatus.NEW,
        urgent=new.urgent,
        organisation_id=new.organisation_id,
        assignee_id=new.assignee_id,
        person=new.person,
        conversation_id=new.conversation_id,
        language=new.language,
        municipality=new.municipality,
        needs=[need.value for need in new.needs],
        intake=new.intake,
        source=new.source,
        opened_at=now,
        updated_at=now,
    )
    session.add(case)
    session.flush()
    _record(session, case, CaseEventKind.OPENED, by=by, now=now, after=new.source)
    return case


def move_case(
    session: Session,
    case: Case,
    to: Phase,
    *,
    by: str,
    now: datetime,
    reason: str | None = None,
    closing_reason: ClosingReason | None = None,
) -> None:
    """Move a case to another phase.

    Raises:
        PhaseMoveRefused: no rule leads there from here.
        ReasonMissing: a step back or a reopening without words.
        ClosingReasonMissing: a closing without its reason.
        AssigneeMissing: planning before anybody is responsible.
    """
    move = find_move(case.phase, case.phase_before_closing, to)
    if move is None:
        raise PhaseMoveRefused(case.phase, to)
    _require(case, move, reason, closing_reason)
    before = case.phase
    if move.kind is MoveKind.CLOSE:
        case.phase_before_closing, case.closed_at, case.closing_reason = before, now, closing_reason
    elif move.kind is MoveKind.REOPEN:
        case.phase_before_closing = case.closed_at = case.closing_reason = None
    case.phase = move.to
    case.status = CaseStatus.CLOSED if move.to is Phase.CLOSED else CaseStatus.IN_PROGRESS
    kinds = {MoveKind.CLOSE: CaseEventKind.CLOSED, MoveKind.REOPEN: CaseEventKind.REOPENED}
    why = "\n".join(part for part in (closing_reason, (reason or "").strip()) if part) or None
    kind = kinds.get(move.kind, CaseEventKind.MOVED)
    _record(session, case, kind, by=by, now=now, before=before, after=move.to, reason=why)


def assign_case(session: Session, case: Case, assignee: Staff | None, *, by: str, now: datetime) -> None:
    """Make somebody responsible, or nobody.

    Raises:
        AssigneeUnknown: another organisation's, inactive, or without a role that works on cases.
        CaseIsClosed: the case has to be reopened first.
    """
    _require_open(case)
    if assignee is not None and not _may_be_responsible(assignee, case):
        raise AssigneeUnknown
    before, after = case.assignee_id, assignee.id if assignee else None
    if before == after:
        return
    case.assignee_id, case.assignee = after, assignee
    if case.status is CaseStatus.NEW and after:
        case.status = CaseStatus.IN_PROGRESS
    _record(session, case, CaseEventKind.ASSIGNED, by=by, now=now, before=before, after=after)


def change_needs(session: Session, case: Case, needs: Iterable[Need], *, by: str, now: datetime) -> None:
    """Write down which needs the case has.

    Raises:
        CaseIsClosed: the case has to be reopened first.
    """
    _require_open(case)
    before, after = list(case.needs), sorted({need.value for need in needs})
    if sorted(before) == after:
        return
    case.needs = after
    kind = CaseEventKind.NEEDS_CHANGED
    _record(session, case, kind, by=by, now=now, before=" ".join(before), after=" ".join(after))


def change_municipality(
    session: Session, case: Case, municipality: str | None, *, by: str, now: datetime
) -> None:
    """Write down which town the case belongs to.

    Raises:
        CaseIsClosed: the case has to be reopened first.
    """
    _require_open(case)
    before = case.municipality
    if before == municipality:
        return
    case.municipality = municipality
    kind = CaseEventKind.MUNICIPALITY_CHANGED
    _record(session, case, kind, by=by, now=now, before=before, after=municipality)


def add_note(
    session: Session, case: Case, *, author_id: str, kind: NoteKind, text: str, now: datetime
) -> CaseNote:
    """Add a note; `text` is kept as it was written."""
    note = CaseNote(case_id=case.id, author_id=author_id, kind=kind, text=text.strip(), created_at=now)
    session.add(note)
    session.flush()
    _record(session, case, CaseEventKind.NOTED, by=author_id, now=now, after=kind)
    return note


def record_reading(session: Session, staff: Staff, case: Case, *, now: datetime) -> None:
    """Note who has read a case; what was opened in need is named so."""
    in_need = is_read_in_need(session, staff, case, now=now)
    action = "case.read_in_need" if in_need else "case.read"
    audit.record(session, by=staff.id, action=action, subject_kind="case", subject_id=case.id, now=now)


def _require_open(case: Case) -> None:
    if case.phase is Phase.CLOSED:
        raise CaseIsClosed


def _require(case: Case, move: Move, reason: str | None, closing_reason: ClosingReason | None) -> None:
    if move.needs_reason and not (reason or "").strip():
        raise ReasonMissing
    if move.kind is MoveKind.CLOSE and closing_reason is None:
        raise ClosingReasonMissing
    if move.to is Phase.PLANNING and move.kind is MoveKind.FORWARD and case.assignee_id is None:
        raise AssigneeMissing


def _may_be_responsible(staff: Staff, case: Case) -> bool:
    return staff.active and staff.is_assignable and staff.organisation_id == case.organisation_id


def _free_number(session: Session) -> str:
    while True:
        number = new_number()
        if session.scalar(select(Case.id).where(Case.number == number)) is None:
            return number


def _record(
    session: Session,
    case: Case,
    kind: CaseEventKind,
    *,
    by: str,
    now: datetime,
    before: str | None = None,
    after: str | None = None,
    reason: str | None = None,
) -> None:
    case.updated_at = now
    session.add(
        CaseEvent(case_id=case.id, kind=kind, actor=by, at=now, before=before, after=after, reason=reason)
    )
    audit.record(
        session, by=by, action=f"case.{kind.value}", subject_kind="case", subject_id=case.id, now=now
    )
    session.flush()
    if case.conversation_id is not None:
        announce(session, case.conversation_id)  # open pages of the thread and lists look again
