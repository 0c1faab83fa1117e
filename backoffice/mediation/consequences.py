"""What follows when a request for a mediator moves: its step, the audit trail, its case, who is reminded.

Open pages look again: the lists of requests, and the thread of the case.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.history import record_event
from backoffice.case.models import Case, CaseEventKind, NoteKind
from backoffice.case.service import add_note
from backoffice.live.service import announce
from backoffice.mediation.models import MediationRemark, MediationRequest, MediationState, MediationStep
from backoffice.mediation.states import hours_words, quarters_counted
from backoffice.reminder.models import ReminderKind
from backoffice.reminder.service import cancel_reminders, plan_reminder
from backoffice.viewing.moments import evening_before, shortly_before

_TO_PERSON = (ReminderKind.MEDIATION_TOMORROW, ReminderKind.MEDIATION_SOON)
_TO_STAFF = (ReminderKind.MEDIATION_STAFF_TOMORROW, ReminderKind.MEDIATION_STAFF_SOON)


def follow(
    session: Session, request: MediationRequest, before: MediationState | None, *, by: str, now: datetime
) -> None:
    """Write down that a request was asked for or has moved, and what follows from it."""
    record_step(session, request, before, request.state, by=by, now=now)
    record_act(session, request, f"mediation.{request.state.value}", by=by, now=now)
    if request.state is not MediationState.DRAFT:
        _tell_case(session, request, before, by=by, now=now)
    if request.state is MediationState.ASSIGNED:
        _plan_reminders(session, request, now=now)
    elif before is MediationState.ASSIGNED:
        cancel_reminders(session, request.id, now=now)


def record_step(
    session: Session,
    request: MediationRequest,
    before: MediationState | None,
    after: MediationState | MediationRemark,
    *,
    by: str,
    now: datetime,
) -> None:
    """Add to the history of a request that it moved, or that something was noted of it."""
    was = before.value if before else None
    session.add(MediationStep(request_id=request.id, before=was, after=after.value, actor=by, at=now))
    session.flush()


def record_act(session: Session, request: MediationRequest, action: str, *, by: str, now: datetime) -> None:
    """Note an act in the audit trail, and let open pages look again."""
    audit.record(
        session, by=by, action=action, subject_kind="mediation_request", subject_id=request.id, now=now
    )
    session.flush()
    announce(session, request.id)


def record_reading(session: Session, request_id: str, *, by: str, now: datetime) -> None:
    """Note who has read a request."""
    audit.record(
        session,
        by=by,
        action="mediation.read",
        subject_kind="mediation_request",
        subject_id=request_id,
        now=now,
    )


def note_report(
    session: Session,
    request: MediationRequest,
    words: str | None,
    cultural: str | None,
    *,
    by: str,
    now: datetime,
) -> None:
    """Put a mediator's report into the case: what happened for all who share it, customs for staff alone."""
    if request.case_id is None:
        return
    case = session.get_one(Case, request.case_id)
    for kind, text in ((NoteKind.SHARED, words), (NoteKind.CULTURAL, cultural)):
        if text and text.strip():
            add_note(session, case, author_id=by, kind=kind, text=text, now=now)


def _tell_case(
    session: Session, request: MediationRequest, before: MediationState | None, *, by: str, now: datetime
) -> None:
    if request.case_id is None:
        return
    case = session.get_one(Case, request.case_id)
    if request.state is MediationState.CONFIRMED:
        hours = hours_words(quarters_counted(request))
        record_event(session, case, CaseEventKind.MEDIATION_CONFIRMED, by=by, now=now, after=hours)
        return
    record_event(
        session,
        case,
        CaseEventKind.MEDIATION_CHANGED,
        by=by,
        now=now,
        before=before.value if before else None,
        after=request.state.value,
    )


def _plan_reminders(session: Session, request: MediationRequest, *, now: datetime) -> None:
    moments = (evening_before(request.starts_at), shortly_before(request.starts_at))
    talk = session.get_one(Case, request.case_id).conversation_id if request.case_id else None
    planned: list[tuple[ReminderKind, str | None, datetime]] = []
    planned += [(kind, None, due_at) for kind, due_at in zip(_TO_STAFF, moments, strict=True)]
    if talk is not None:
        planned += [(kind, talk, due_at) for kind, due_at in zip(_TO_PERSON, moments, strict=True)]
    for kind, conversation_id, due_at in planned:
        plan_reminder(
            session,
            kind,
            request.id,
            conversation_id=conversation_id,
            case_id=request.case_id,
            due_at=due_at,
            now=now,
        )
