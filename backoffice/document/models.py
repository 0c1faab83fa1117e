"""Documents of cases: the row here, the file in `attachment`."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.attachment.models import Attachment
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText


class DocumentKind(StrEnum):
    """What a document is (domain, project.md 3)."""

    PERMIT = "permit"
    PASSPORT = "passport"
    CODICE_FISCALE = "codice_fiscale"
    ISEE = "isee"
    PAY_SLIP = "pay_slip"
    CONTRACT = "contract"
    HOSTING_DECLARATION = "hosting_declaration"
    CERTIFICATE = "certificate"
    OTHER = "other"


class CaseDocument(Base):
    """One document of a case. `is_from_chat`: the person sent it; its file stays with the conversation.

    `added_by` is None where nobody of the staff took it over: the chat had asked for it.
    """

    __tablename__ = "case_document"
    __sealed_by__ = "case_id"
    __table_args__ = (
        UniqueConstraint("case_id", "attachment_id"),
        Index("ix_case_document_expires_on", "expires_on"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"))
    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id"), index=True)
    kind: Mapped[DocumentKind] = mapped_column(enum_column(DocumentKind, "document_kind"))
    title: Mapped[str | None] = mapped_column(SealedText)
    expires_on: Mapped[date | None]
    seen_in_original: Mapped[bool] = mapped_column(default=False)
    is_from_chat: Mapped[bool] = mapped_column(default=False)
    added_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    attachment: Mapped[Attachment] = relationship(lazy="raise")
