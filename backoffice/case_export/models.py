"""Which lists of cases left as files: asked for by whom, agreed to by whom, with which filter."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText


class ExportFormat(StrEnum):
    """The kind of file."""

    CSV = "csv"
    XLSX = "xlsx"


class ExportState(StrEnum):
    """Whether the file may be fetched; a long list waits for a second person."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class CaseExport(Base):
    """One list that somebody wants as a file. `query` is the address's: it may hold a name searched for."""

    __tablename__ = "case_export"
    __table_args__ = (
        CheckConstraint("decided_by <> asked_by", name="two_people"),
        Index("ix_case_export_asked", "organisation_id", "asked_at"),
    )
    __sealed_by__ = "organisation_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    asked_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    format: Mapped[ExportFormat] = mapped_column(enum_column(ExportFormat, "export_format"))
    query: Mapped[str] = mapped_column(SealedText)
    rows: Mapped[int]
    """How many cases the list had when it was asked for."""
    state: Mapped[ExportState] = mapped_column(enum_column(ExportState, "export_state"))
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
