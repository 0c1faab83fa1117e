"""The ledger of consents: what was asked, in which words, and what the person answered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id


class ConsentAnswer(StrEnum):
    """What a row of the ledger says."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Consent(Base):
    """One answer of a person, never changed afterwards: withdrawing adds a row.

    `text` is what the person read, in `language`; `text_version` names the wording's version.
    """

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_person_purpose", "person_id", "purpose", "recorded_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(60))
    answer: Mapped[ConsentAnswer] = mapped_column(enum_column(ConsentAnswer, "answer"))
    text_version: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"))
    recorded_by: Mapped[str] = mapped_column(String(36))
    """A staff id, or `service` for a button pressed in the chat."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
