"""Files that people sent: the row here, the bytes in the data folder."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.client.schemas import AttachmentKind
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id


class Attachment(Base):
    """One file. `file_name` is random and says nothing of what the sender called it.

    It belongs to a conversation from the moment it is uploaded, or (a Telegram chat that is not known
    yet) from the message that brings it.
    """

    __tablename__ = "attachment"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    message_id: Mapped[str | None] = mapped_column(ForeignKey("message.id"), index=True)
    kind: Mapped[AttachmentKind] = mapped_column(enum_column(AttachmentKind, "attachment_kind"))
    media_type: Mapped[str] = mapped_column(String(100))
    """What the bytes themselves say, never what the sender claims."""
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
