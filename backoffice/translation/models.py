"""The phrasebook: translations that a person corrected or wrote, used again for the same words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText


class PhrasebookEntry(Base):
    """One pair. The latest correction of the same words replaces the one before.

    `source_key`: SHA-256 of the folded source text, by which it is found again.
    """

    __tablename__ = "phrasebook_entry"
    __sealed_by__ = "organisation_id"
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
    source_text: Mapped[str] = mapped_column(SealedText())
    target_text: Mapped[str] = mapped_column(SealedText())
    machine_text: Mapped[str | None] = mapped_column(SealedText())
    """What the machine had proposed, for who trains better models."""
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    conversation_id: Mapped[str | None] = mapped_column(String(36))
    """Where it was said first: erasing that person takes it too."""
    used: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
