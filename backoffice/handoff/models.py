"""Which mediator held which conversation, and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.database import Base, UtcDateTime, new_id


class Assignment(Base):
    """One stretch in which one member of staff held the floor. At most one of a conversation is open."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "uq_assignment_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_assignment_staff", "staff_id", "conversation_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    epoch: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_because: Mapped[str | None] = mapped_column(String(20))
    """`released`, `transferred` or `left` (no heartbeat)."""
