"""What the phases need, written down: outcome, ground, acceptance, interview, review, urgency, co-workers.

Functions flush, never commit. Rights have been asked before.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from backoffice.case.errors import AcceptanceRefused, AssigneeUnknown, ReasonMissing
from backoffice.case.history import record_event, require_open, require_unchanged
from backoffice.case.models import Case, CaseEventKind
from backoffice.plan.models import CaseLink, ChargeGround, CoWorker, Progress, ReceptionOutcome
from backoffice.plan.queries import linked_to, progress_of
from backoffice.staff.models import Staff


def set_outcome(session: Session, case: Case, outcome: ReceptionOutcome, *, by: str, now: datetime) -> None:
    """Write down how the reception ended."""
    require_open(case)
    progress = _progress(session, case)
    before = progress.outcome
    if before is outcome:
        return
    progress.outcome = outcome
    record_event(session, case, CaseEventKind.OUTCOME_SET, by=by, now=now, before=before, after=outcome)


def set_ground(
    session: Session, case: Case, ground: ChargeGround, words: str, *, by: str, now: datetime
) -> None:
    """Write down why the person is taken charge of without a consent in the ledger.

    Raises:
        ReasonMissing: the ground is not said in words.
    """
    require_open(case)
    if not words.strip():
        raise ReasonMissing
    progress = _progress(session, case)
    before = progress.ground
    progress.ground, progress.ground_words = ground, words.strip()
    record_event(session, case, CaseEventKind.GROUND_SET, by=by, now=now, before=before, after=ground)


def accept_case(session: Session, case: Case, *, by: str, now: datetime) -> None:
    """Say yes to being responsible; a second time changes nothing.

    Raises:
        AcceptanceRefused: somebody else is responsible.
    """
    require_open(case)
    if case.assignee_id != by:
        raise AcceptanceRefused
    progress = _progress(session, case)
    if progress.accepted_at is not None:
        return
    progress.accepted_by, progress.accepted_at = by, now
    record_event(session, case, CaseEventKind.ACCEPTED, by=by, now=now)


def set_interviewed(session: Session, case: Case, day: date, *, by: str, now: datetime) -> None:
    """Write down on which day the first interview was held."""
    require_open(case)
    progress = _progress(session, case)
    if progress.interviewed_on == day:
        return
    progress.interviewed_on = day
    record_event(session, case, CaseEventKind.INTERVIEWED, by=by, now=now, after=day.isoformat())


def write_review(session: Session, case: Case, words: str, *, by: str, now: datetime) -> None:
    """Write down how it went; a new review replaces the one before.

    Raises:
        ReasonMissing: it has no words.
    """
    require_open(case)
    if not words.strip():
        raise ReasonMissing
    progress = _progress(session, case)
    progress.review, progress.reviewed_by, progress.reviewed_at = words.strip(), by, now
    record_event(session, case, CaseEventKind.REVIEWED, by=by, now=now)


def set_urgent(
    session: Session, case: Case, urgent: bool, *, by: str, now: datetime, version: int | None = None
) -> None:
    """Say whether the case cannot wait.

    Raises:
        ChangedMeanwhile: somebody else said so after `version`.
    """
    require_open(case)
    before, after = (("normal", "urgent")[each] for each in (case.urgent, urgent))
    kind = CaseEventKind.URGENCY_CHANGED
    require_unchanged(session, case, kind, version=version, yours=after, theirs=before)
    if before == after:
        return
    case.urgent = urgent
    record_event(session, case, kind, by=by, now=now, before=before, after=after)


def add_coworker(session: Session, case: Case, staff: Staff | None, *, by: str, now: datetime) -> None:
    """Let a colleague work on the case too; twice is once.

    Raises:
        AssigneeUnknown: not an active colleague who works on cases.
    """
    require_open(case)
    if staff is None or not staff.active or staff.organisation_id != case.organisation_id:
        raise AssigneeUnknown
    if staff.id == case.assignee_id or session.get(CoWorker, (case.id, staff.id)) is not None:
        return
    session.add(CoWorker(case_id=case.id, staff_id=staff.id, added_by=by, added_at=now))
    record_event(session, case, CaseEventKind.COWORKER_ADDED, by=by, now=now, after=staff.id)


def remove_coworker(session: Session, case: Case, staff_id: str, *, by: str, now: datetime) -> None:
    """Let a colleague work on the case no more."""
    row = session.get(CoWorker, (case.id, staff_id))
    if row is None:
        return
    session.delete(row)
    record_event(session, case, CaseEventKind.COWORKER_REMOVED, by=by, now=now, before=staff_id)


def link_cases(session: Session, case: Case, other: Case, *, by: str, now: datetime) -> None:
    """Say that two cases belong together; both histories tell so."""
    if other.id == case.id or other.id in linked_to(session, case.id):
        return
    first, second = sorted((case.id, other.id))
    session.add(CaseLink(case_id=first, other_id=second, linked_by=by, linked_at=now))
    record_event(session, case, CaseEventKind.LINKED, by=by, now=now, after=other.number)
    record_event(session, other, CaseEventKind.LINKED, by=by, now=now, after=case.number)


def _progress(session: Session, case: Case) -> Progress:
    progress = progress_of(session, case.id)
    session.add(progress)
    return progress
