"""Reminders that wait for their time."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id


class ReminderKind(StrEnum):
    """What is reminded of; the words are those of the catalogue under this name."""

    VIEWING_TOMORROW = "viewing_tomorrow"
    VIEWING_SOON = "viewing_soon"
    TENANCY_FOLLOW_UP = "tenancy_follow_up"
    ENGAGEMENT_CHECK = "engagement_check"
    CARE_INTERVIEW_TOMORROW = "care_interview_tomorrow"
    CARE_INTERVIEW_SOON = "care_interview_soon"
    PERMIT_EXPIRES = "permit_expires"
    APPOINTMENT_TOMORROW = "appointment_tomorrow"
    APPOINTMENT_SOON = "appointment_soon"
    MEDIATION_TOMORROW = "mediation_tomorrow"
    MEDIATION_SOON = "mediation_soon"
    MEDIATION_STAFF_TOMORROW = "mediation_staff_tomorrow"
    MEDIATION_STAFF_SOON = "mediation_staff_soon"


class ReminderEnd(StrEnum):
    """What became of a reminder."""

    SENT = "sent"
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"


class Reminder(Base):
    """One message at `due_at` (UTC). `about_id` is the viewing, the check, that it is about.

    `conversation_id` None: it is for staff, who are written to by mail.
    It becomes a message of the conversation in the transaction that ends it: sent once, by the outbox.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("kind", "about_id", "due_at"),
        Index("ix_reminder_due", "ended_at", "due_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ReminderKind] = mapped_column(enum_column(ReminderKind, "reminder_kind"))
    about_id: Mapped[str] = mapped_column(String(36), index=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end: Mapped[ReminderEnd | None] = mapped_column(enum_column(ReminderEnd, "reminder_end"))
