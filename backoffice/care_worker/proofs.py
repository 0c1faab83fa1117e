"""What the desk has seen of a condition of the regional register. Functions flush, never commit."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_worker.eligibility import Proof
from backoffice.care_worker.errors import PartRefused
from backoffice.care_worker.models import EligibilityProof
from backoffice.care_worker.parts import note_of, part_changed, require_document
from backoffice.case.models import Case
from backoffice.errors import NotFound
from backoffice.italy import day_in_italy


def note_proof(
    session: Session,
    case: Case,
    rule: str,
    is_met: bool | None,
    *,
    shown_on: date | None = None,
    document_id: str | None = None,
    note: str | None = None,
    by: str,
    now: datetime,
) -> EligibilityProof:
    """Note whether a condition is met, and what shows it; None: still to be proved.

    Raises:
        NotFound: there is no such condition, or the case has no such document.
        PartRefused: a day that is still to come.
        CaseIsClosed: the case has to be reopened first.
    """
    if rule not in set(Proof):
        raise NotFound
    require_document(session, case, document_id)
    today = day_in_italy(now)
    if shown_on is not None and shown_on > today:
        raise PartRefused({"shown_on": "care_workers.wrong.future"})
    known = select(EligibilityProof).where(EligibilityProof.case_id == case.id, EligibilityProof.rule == rule)
    row = session.scalars(known).one_or_none()
    if row is None:
        row = EligibilityProof(case_id=case.id, rule=rule)
        session.add(row)
    row.is_met, row.document_id, row.note = is_met, document_id, note_of(note)
    row.shown_on = shown_on or (None if is_met is None else today)
    row.noted_by, row.noted_at = by, now
    part_changed(session, case, "proof", by=by, now=now)
    return row
