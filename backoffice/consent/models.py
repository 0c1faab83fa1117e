"""The ledger of consents: what was asked, in which words, and what the person answered."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText
from backoffice.staff.models import Organisation


class ConsentAnswer(StrEnum):
    """What a row of the ledger says."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class ConsentHow(StrEnum):
    """How a consent was given or taken back."""

    CHAT = "chat"
    SIGNATURE = "signature"
    ORAL = "oral"
    """Before a witness, who is named."""


class Consent(Base):
    """One answer of a person, never changed afterwards: withdrawing adds a row.

    `text` is what the person read, in `language`; `text_version` names the wording's version.
    """

    __tablename__ = "consent"
    __sealed_by__ = "person_id"
    __table_args__ = (Index("ix_consent_person_purpose", "person_id", "purpose", "recorded_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(60))
    answer: Mapped[ConsentAnswer] = mapped_column(enum_column(ConsentAnswer, "answer"))
    text_version: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(SealedText())
    language: Mapped[str] = mapped_column(String(2))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"))
    recorded_by: Mapped[str] = mapped_column(String(36))
    """A staff id, or `service` for a button pressed in the chat."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    organisation_id: Mapped[str | None] = mapped_column(String(36))
    """The body that may see something by it."""
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Parts of a case, and `restricted` apart: what a consent does not name it does not give."""
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    how: Mapped[ConsentHow] = mapped_column(enum_column(ConsentHow, "consent_how"), default=ConsentHow.CHAT)
    witness: Mapped[str | None] = mapped_column(SealedText())
    """Who heard it, where it was said and not written."""
    request_id: Mapped[str | None] = mapped_column(String(36))
    given_on: Mapped[date | None]
    """The day, in Italy, on which it was signed or said; None: when it was recorded."""
    document_id: Mapped[str | None] = mapped_column(String(36))
    """The case's document with the signed sheet."""


class ConsentRequest(Base):
    """A consent that staff have asked for in the chat. `agreed` None: not answered yet."""

    __tablename__ = "consent_request"
    __sealed_by__ = "person_id"
    __table_args__ = (Index("ix_consent_request_case", "case_id", "asked_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(String(36))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    purpose: Mapped[str] = mapped_column(SealedText())
    """As the person reads it, in the words of staff."""
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(SealedText())
    """The question as it was shown, word for word."""
    language: Mapped[str] = mapped_column(String(2))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed: Mapped[bool | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")
