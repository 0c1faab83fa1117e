"""Writes the audit trail, in the transaction of what it tells of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry

SERVICE = "service"
"""The actor of what bot and actions do on a citizen's behalf."""


def record(
    session: Session, *, by: str, action: str, subject_kind: str, subject_id: str, now: datetime
) -> None:
    """Note one act, such as `record(session, by=staff.id, action="case.read", subject_kind="case", ...)`."""
    session.add(AuditEntry(at=now, actor=by, action=action, subject_kind=subject_kind, subject_id=subject_id))
