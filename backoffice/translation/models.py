"""The phrasebook: translations that a person corrected or wrote, used again for the same words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.database import Base, UtcDateTime, new_id


class PhrasebookEntry(Base):
    """One pair. The latest correction of the same words replaces the one before.

    `source_key`: SHA-256 of the folded source text, by which it is found again.
    """

    __tablename__ = "phrasebook_entry"
    __table_args__ = (
        UniqueConstraint(
            "organisation_id",
            "source_language",
            "target_language",
            "source_key",
            name="uq_phrasebook_entry_source",
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    source_language: Mapped[str] = mapped_column(String(2))
    target_language: Mapped[str] = mapped_column(String(2))
    source_key: Mapped[str] = mapped_column(String(64))
    source_text: Mapped[str] = mapped_column(Text)
    target_text: Mapped[str] = mapped_column(Text)
    machine_text: Mapped[str | None] = mapped_column(Text)
    """What the machine had proposed, for who trains better models."""
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    used: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
