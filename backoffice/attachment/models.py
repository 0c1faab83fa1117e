"""Files that people sent: the row here, the bytes in the data folder."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.client.schemas import AttachmentKind
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id


class ScanState(StrEnum):
    """What is known of viruses in a file."""

    NOT_SCANNED = "not_scanned"
    """There was no scanner."""
    CLEAN = "clean"
    INFECTED = "infected"
    """It is kept, encrypted, and given to nobody."""
    SCAN_FAILED = "scan_failed"
    """The scanner did not answer, or not as it should; it is asked again later."""


class Storage(StrEnum):
    """How the bytes lie."""

    PLAIN = "plain"
    """As they came: files of the versions before encryption."""
    SEALED = "sealed"
    """Encrypted (`sealing.py`); the key lies wrapped in the row."""
    ERASED = "erased"
    """The key is destroyed, and so the file, in every copy."""


class Attachment(Base):
    """One file. `file_name` is random and says nothing of what the sender called it.

    It belongs to a conversation from the moment it is uploaded, or (a Telegram chat that is not known
    yet) from the message that brings it.
    """

    __tablename__ = "attachment"
    __table_args__ = (CheckConstraint("(storage = 'sealed') = (wrapped_key IS NOT NULL)", "key_if_sealed"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    message_id: Mapped[str | None] = mapped_column(ForeignKey("message.id"), index=True)
    kind: Mapped[AttachmentKind] = mapped_column(enum_column(AttachmentKind, "attachment_kind"))
    media_type: Mapped[str] = mapped_column(String(100))
    """What the bytes themselves say, never what the sender claims."""
    size_bytes: Mapped[int]
    """Of what is kept, before encryption."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of what was sent: the same file again is known by it."""
    file_name: Mapped[str] = mapped_column(String(64), unique=True)
    storage: Mapped[Storage] = mapped_column(enum_column(Storage, "attachment_storage"))
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    scan_state: Mapped[ScanState] = mapped_column(enum_column(ScanState, "attachment_scan_state"))
    width: Mapped[int | None]
    height: Mapped[int | None]
    """Pixels of a picture that was drawn anew."""
    preview_bytes: Mapped[int | None]
    """Of its preview, a JPEG; nothing else has one."""
    is_document: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Staff put it into a case: it is kept without any message."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
