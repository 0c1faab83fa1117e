"""What a member of staff sees of a case that they may read: decided here, for pages, API, lists and exports.

The own body sees every part. Another one sees what live accepted shares give it together; who opened a
case in need sees every part while that lasts. What is restricted within a part (violence, status, health)
is asked for apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case, CaseEvent, CaseEventKind, CaseNote, NoteKind
from backoffice.sharing.parts import CasePart as CasePart
from backoffice.sharing.queries import broken_open_by, gives_restricted, need_ends_at, shared_parts
from backoffice.staff.models import Staff

EVERY_PART = frozenset(CasePart)


def visible_parts(session: Session, staff: Staff, case: Case, *, now: datetime) -> frozenset[CasePart]:
    """Return what somebody who may read a case sees of it."""
    return parts_of_cases(session, staff, [case], now=now)[case.id]


def parts_of_cases(
    session: Session, staff: Staff, cases: Iterable[Case], *, now: datetime
) -> dict[str, frozenset[CasePart]]:
    """Return what somebody who may read some cases sees of each, by the id of the case."""
    found: dict[str, frozenset[CasePart]] = {}
    foreign: list[str] = []
    for case in cases:
        if case.organisation_id == staff.organisation_id:
            found[case.id] = EVERY_PART
        else:
            foreign.append(case.id)
    if foreign:
        given = shared_parts(session, foreign, staff.organisation_id, now=now)
        broken = broken_open_by(session, foreign, staff.id, now=now)
        for case_id in foreign:
            found[case_id] = EVERY_PART if case_id in broken else given.get(case_id, frozenset())
    return found


def is_own(staff: Staff, case: Case) -> bool:
    """Tell whether a case belongs to somebody's own body."""
    return case.organisation_id == staff.organisation_id


def is_read_in_need(session: Session, staff: Staff, case: Case, *, now: datetime) -> bool:
    """Tell whether somebody reads a case only because they opened it in need; the audit trail says so."""
    if is_own(staff, case) or shared_parts(session, [case.id], staff.organisation_id, now=now):
        return False
    return case.id in broken_open_by(session, [case.id], staff.id, now=now)


def read_in_need_until(session: Session, staff: Staff, case: Case, *, now: datetime) -> datetime | None:
    """Return until when somebody reads a case that they read only because they opened it in need."""
    return (
        need_ends_at(session, case.id, staff.id, now=now)
        if is_read_in_need(session, staff, case, now=now)
        else None
    )


def may_contribute(session: Session, staff: Staff, case: Case, *, now: datetime) -> bool:
    """Tell whether somebody who reads a case may add to it: not who has only opened it in need."""
    return is_own(staff, case) or bool(shared_parts(session, [case.id], staff.organisation_id, now=now))


def sees_restricted(session: Session, staff: Staff, case: Case, *, now: datetime) -> bool:
    """Tell whether what is restricted may be asked for at all: in the own body, or where a share gives it."""
    return is_own(staff, case) or gives_restricted(session, case.id, staff.organisation_id, now=now)


def visible_notes(staff: Staff, case: Case, parts: frozenset[CasePart]) -> ColumnElement[bool]:
    """Return the condition on `CaseNote` under which somebody who reads a case reads its note.

    Internal notes stay within their writer's body, those of a partner too. Shared ones go with the part
    "notes"; what the own body wrote it always reads.
    """
    colleagues = select(Staff.id).where(Staff.organisation_id == staff.organisation_id)
    own = CaseNote.author_id.in_(colleagues)
    if CasePart.NOTES in parts:
        return or_(own, and_(CaseNote.kind != NoteKind.INTERNAL, CaseNote.case_id == case.id))
    return own


def visible_events(
    staff: Staff, case: Case, events: Iterable[CaseEvent], parts: frozenset[CasePart]
) -> list[CaseEvent]:
    """Return what somebody sees of a history; another body nothing of parts that it does not see."""
    if is_own(staff, case):
        return list(events)
    if CasePart.HISTORY not in parts:
        return []
    return [event for event in events if not _tells_too_much(event, parts)]


PART_OF_EVENT = {
    CaseEventKind.OPENED: CasePart.SUMMARY,
    CaseEventKind.MOVED: CasePart.SUMMARY,
    CaseEventKind.CLOSED: CasePart.SUMMARY,
    CaseEventKind.REOPENED: CasePart.SUMMARY,
    CaseEventKind.ASSIGNED: CasePart.SUMMARY,
    CaseEventKind.MUNICIPALITY_CHANGED: CasePart.SUMMARY,
    CaseEventKind.URGENCY_CHANGED: CasePart.SUMMARY,
    CaseEventKind.NEEDS_CHANGED: CasePart.NEEDS,
    CaseEventKind.INTAKE_CHANGED: CasePart.INTAKE,
    CaseEventKind.SEARCH_MOVED: CasePart.PLAN,
    CaseEventKind.REQUEST_MOVED: CasePart.PLAN,
    CaseEventKind.NOTED: CasePart.NOTES,
    CaseEventKind.GOAL_ADDED: CasePart.PLAN,
    CaseEventKind.GOAL_CHANGED: CasePart.PLAN,
    CaseEventKind.ACTION_ADDED: CasePart.PLAN,
    CaseEventKind.ACTION_CHANGED: CasePart.PLAN,
    CaseEventKind.ACTION_OVERDUE: CasePart.PLAN,
    CaseEventKind.PLAN_AGREED: CasePart.PLAN,
    CaseEventKind.CHECK_PLANNED: CasePart.PLAN,
    CaseEventKind.CHECK_DONE: CasePart.PLAN,
    CaseEventKind.CHECK_OVERDUE: CasePart.PLAN,
    CaseEventKind.DOCUMENT_ADDED: CasePart.DOCUMENTS,
    CaseEventKind.DOCUMENT_REMOVED: CasePart.DOCUMENTS,
}
"""Which part another body must have been given to read of an event; of kinds that are not here it reads
nothing: they tell of the responsible body's own work."""


def _tells_too_much(event: CaseEvent, parts: frozenset[CasePart]) -> bool:
    part = PART_OF_EVENT.get(event.kind)
    if part is None or part not in parts:
        return True
    return event.kind is CaseEventKind.NOTED and event.after == NoteKind.INTERNAL
