"""The end of a permit to stay: known from the intake or a document, told once, 60 days before.

Nobody is suspended by it: who has asked for a new permit may often go on working, and only a person can
tell. The list and the page of the worker show it until the desk has looked.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from backoffice.care_worker.models import CareWorker
from backoffice.care_worker.states import ENDED
from backoffice.case.history import record_event
from backoffice.case.models import Case, CaseEventKind
from backoffice.client.schemas import Phase
from backoffice.document.models import CaseDocument, DocumentKind
from backoffice.italy import ROME, day_in_italy
from backoffice.reminder.models import ReminderKind
from backoffice.reminder.service import plan_reminder

DAYS_BEFORE = 60
TOLD_AT = time(10)
"""When the chat tells, in Italy's time."""

AT_ONCE = 200


def follow_documents(session: Session) -> int:
    """Take over later ends from the documents of permits; return how many."""
    latest = (
        select(CaseDocument.case_id, func.max(CaseDocument.expires_on).label("ends"))
        .where(CaseDocument.kind == DocumentKind.PERMIT, CaseDocument.expires_on.is_not(None))
        .group_by(CaseDocument.case_id)
        .subquery()
    )
    later = or_(CareWorker.permit_expires_on.is_(None), CareWorker.permit_expires_on < latest.c.ends)
    statement = select(CareWorker, latest.c.ends).join(latest, latest.c.case_id == CareWorker.case_id)
    rows = session.execute(statement.where(later).limit(AT_ONCE)).all()
    for worker, ends in rows:
        worker.permit_expires_on = ends
    session.flush()
    return len(rows)


def untold(today: date) -> Select[CareWorker]:
    """Return the statement of those whose permit ends within 60 days, or has ended, and nobody was told."""
    told = or_(
        CareWorker.permit_told_for.is_(None), CareWorker.permit_told_for != CareWorker.permit_expires_on
    )
    return (
        select(CareWorker)
        .join(Case, Case.id == CareWorker.case_id)
        .where(
            CareWorker.permit_expires_on <= today + timedelta(days=DAYS_BEFORE),
            CareWorker.state.not_in(ENDED),
            Case.phase != Phase.CLOSED,
            told,
        )
    )


def tell_of_permits(session: Session, *, now: datetime) -> int:
    """Raise the one alarm of every end that is near: in the case, and in the chat of the worker.

    Mark, event and reminder stand in one transaction: whatever stops in between, there are all or none.
    """
    statement = untold(day_in_italy(now)).options(joinedload(CareWorker.case)).limit(AT_ONCE)
    rows = session.scalars(statement.with_for_update(of=CareWorker, skip_locked=True)).all()
    for worker in rows:
        ends = worker.permit_expires_on
        if ends is None:
            continue
        worker.permit_told_for = ends
        after = ends.isoformat()
        record_event(session, worker.case, CaseEventKind.PERMIT_EXPIRES, by="system", now=now, after=after)
        if worker.case.conversation_id is not None:
            plan_reminder(
                session,
                ReminderKind.PERMIT_EXPIRES,
                worker.case_id,
                conversation_id=worker.case.conversation_id,
                case_id=worker.case_id,
                due_at=_next_morning(now),
                now=now,
            )
    session.flush()
    return len(rows)


def _next_morning(now: datetime) -> datetime:
    here = now.astimezone(ROME)
    today = datetime.combine(here.date(), TOLD_AT, ROME)
    return today if today > here else datetime.combine(here.date() + timedelta(days=1), TOLD_AT, ROME)
