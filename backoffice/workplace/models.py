"""Ready answers of an organisation, and the lists that somebody looks at every day."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText


class CannedReply(Base):
    """A ready answer with a short code, once for each language. `text` may hold `{person}` and the like."""

    __tablename__ = "canned_reply"
    __table_args__ = (UniqueConstraint("organisation_id", "code", "language"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(30))
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FilterKind(StrEnum):
    """What a kept list is of."""

    CONVERSATION = "conversation"
    CASE = "case"


class SavedFilter(Base):
    """A list of conversations or cases under a name: the address's query, for the one who kept it."""

    __tablename__ = "saved_filter"
    __sealed_by__ = "staff_id"
    __table_args__ = (UniqueConstraint("staff_id", "name"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[FilterKind] = mapped_column(
        enum_column(FilterKind, "filter_kind"), default=FilterKind.CONVERSATION, server_default="conversation"
    )
    query: Mapped[str] = mapped_column(SealedText())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
