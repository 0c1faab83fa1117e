"""Mail that waits to be sent. A row is gone as soon as its mail is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText


class Mail(Base):
    """One mail to one member of staff. Nothing about citizens is ever in it."""

    __tablename__ = "mail"
    __sealed_by__ = "organisation_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    recipient: Mapped[str] = mapped_column(SealedText)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(SealedText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
