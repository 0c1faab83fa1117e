"""Files with homes that were uploaded: what they would change, until somebody confirms or a day is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedJson


class ListingImport(Base):
    """One upload. `rows` is what was read, gone once it is done."""

    __tablename__ = "listing_import"
    __table_args__ = (
        Index(
            "ix_listing_import_waiting",
            "asked_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )
    __sealed_by__ = "organisation_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    rows: Mapped[list[dict[str, Any]] | None] = mapped_column(SealedJson)
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
