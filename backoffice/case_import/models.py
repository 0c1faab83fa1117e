"""Files with cases that were uploaded: what they would open, until somebody confirms or a day is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedJson


class CaseImport(Base):
    """One upload. `rows` is what was read, gone once it is done; `file_sha256` tells the same file again."""

    __tablename__ = "case_import"
    __table_args__ = (
        Index(
            "uq_case_import_done",
            "organisation_id",
            "file_sha256",
            unique=True,
            sqlite_where=text("done_at IS NOT NULL"),
            postgresql_where=text("done_at IS NOT NULL"),
        ),
    )
    __sealed_by__ = "organisation_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    file_sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[list[dict[str, Any]] | None] = mapped_column(SealedJson)
    created: Mapped[int] = mapped_column(default=0)
    """How many cases it has opened."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
