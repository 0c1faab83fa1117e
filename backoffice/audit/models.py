"""Who read or changed what, and when. No words, names or phones of people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Index, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from backoffice.database import Base, UtcDateTime


class AuditEntry(Base):
    """One act. `actor` is a staff id, or the name of a service (`service`, `system`)."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(36), index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(36))


class AuditIsAppendOnly(RuntimeError):
    """Something tried to change or delete what has happened: a mistake of ours, never of a user."""


def _refuse(_mapper: Mapper[Any], _connection: Connection, entry: AuditEntry) -> None:
    raise AuditIsAppendOnly(f"audit entry {entry.id}")


event.listen(AuditEntry, "before_update", _refuse)
event.listen(AuditEntry, "before_delete", _refuse)
