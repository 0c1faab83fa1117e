"""Saved lists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedJson


class Checklist(Base):
    """One list of one conversation. What it is about says something of its person, so it is sealed.

    `content`: `topic` and `case` of the guide, `version` (the mark of what the guide said when it was saved
    or last looked at), and `ticked`, the marks of the points that are done. The points themselves stay in
    the guide. Of the link to its sheet only the SHA-256 is kept; a newer link ends the older one.
    """

    __tablename__ = "checklist"
    __sealed_by__ = "conversation_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """Whose it is, once that is known; a telephone may be shared."""
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson())
    link_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    link_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
