"""Writes the audit trail, in the transaction of what it tells of."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.audit.chain import PENDING
from backoffice.audit.models import AuditEntry

SERVICE = "service"
"""The actor of what bot and actions do on a citizen's behalf."""


def record(
    session: Session,
    *,
    by: str,
    action: str,
    subject_kind: str,
    subject_id: str,
    now: datetime,
    reason: str | None = None,
    roles: str | None = None,
) -> None:
    """Note one act, such as `record(session, by=staff.id, action="case.read", subject_kind="case", ...)`.

    `reason` is a code, never words. The entry joins its chain when the transaction commits.
    """
    entry = AuditEntry(
        at=now,
        actor=by,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        reason=reason,
        roles=roles,
    )
    session.add(entry)
    session.info.setdefault(PENDING, []).append(entry)
