"""Who of the staff holds or watches a conversation, and who is to be called back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.columns import enum_column
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
    """`released`, `transferred`, `taken_over`, `conflict`, `closed` or `left` (no heartbeat)."""


class Activity(StrEnum):
    """What somebody does with an open thread."""

    READING = "reading"
    WRITING = "writing"


class Presence(Base):
    """Who has a thread open just now; gone when its page is not heard of before `until`."""

    __tablename__ = "presence"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    activity: Mapped[Activity] = mapped_column(enum_column(Activity, "activity"))
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class DayPart(StrEnum):
    """When a person can be called, by the desk's clock."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    ANY = "any"


class Callback(Base):
    """A person asked, outside opening hours, to be called or written to at the next opening."""

    __tablename__ = "callback"
    __table_args__ = (
        Index(
            "uq_callback_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    day_part: Mapped[DayPart] = mapped_column(enum_column(DayPart, "day_part"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The first moment after the asking at which the desk is open in that part of a day."""
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
