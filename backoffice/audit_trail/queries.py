"""Statements about those who acted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.staff.models import Staff


def staff_of(session: Session, organisation_id: str) -> Sequence[Staff]:
    """Return everybody of a body by name, also who works there no more: their acts stay."""
    return session.scalars(
        select(Staff).where(Staff.organisation_id == organisation_id).order_by(Staff.name, Staff.id)
    ).all()


def names_of(session: Session, entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Return the names of those who acted, by id; a service has none."""
    actors = {entry.actor for entry in entries}
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(actors)))
    return {row.id: row.name for row in rows}
