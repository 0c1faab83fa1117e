"""Whoever reads of a family or a family assistant by a match, or acts on one, is noted in the audit trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.care_match.models import CareMatch


def record_match_read(session: Session, match: CareMatch, *, by: str, now: datetime) -> None:
    """Note who has read a match."""
    record_act(session, match, "care_match.read", by=by, now=now)


def record_act(session: Session, match: CareMatch, action: str, *, by: str, now: datetime) -> None:
    """Note what somebody did with a match."""
    audit.record(session, by=by, action=action, subject_kind="care_match", subject_id=match.id, now=now)


def record_requests_read(session: Session, worker_id: str, *, by: str, now: datetime) -> None:
    """Note who has seen which requests a worker fits."""
    audit.record(
        session, by=by, action="care_worker.requests_read", subject_kind="case", subject_id=worker_id, now=now
    )
