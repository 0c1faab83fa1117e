"""Courses, who takes part, and on which days they were there."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.case.models import Case
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText


class CourseKind(StrEnum):
    """What a course is for (domain, care_work.md 8)."""

    BASE_160_HOURS = "base_160_hours"
    SECOND_LEVEL = "second_level"
    FIRST_AID = "first_aid"
    ITALIAN_AT_WORK = "italian_at_work"
    UNI_11766 = "uni_11766"
    OTHER = "other"


class CourseState(StrEnum):
    """How far a course is."""

    PLANNED = "planned"
    OPEN = "open"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Course(Base):
    """One course. `hours` are those that count for the register; `provider` gives the certificate."""

    __tablename__ = "care_course"
    __table_args__ = (
        CheckConstraint("hours > 0", name="hours"),
        CheckConstraint("seats > 0", name="seats"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="days"),
        Index("ix_care_course_state", "organisation_id", "state", "starts_on"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[CourseKind] = mapped_column(enum_column(CourseKind, "course_kind"))
    title: Mapped[str] = mapped_column(String(200))
    provider: Mapped[str] = mapped_column(String(200))
    hours: Mapped[int]
    municipality: Mapped[str | None] = mapped_column(String(80))
    place: Mapped[str | None] = mapped_column(String(300))
    timetable: Mapped[str | None] = mapped_column(String(500))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    seats: Mapped[int]
    cost_eur: Mapped[int | None]
    state: Mapped[CourseState] = mapped_column(enum_column(CourseState, "course_state"))
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EnrolmentState(StrEnum):
    """Whether somebody waits for a seat, has one, or has ended."""

    WAITING = "waiting"
    OFFERED = "offered"
    ENROLLED = "enrolled"
    COMPLETED = "completed"
    DROPPED_OUT = "dropped_out"
    CANCELLED = "cancelled"


class CourseNews(StrEnum):
    """What somebody still has to be told of a course; the newest is told, not what came before."""

    OFFERED = "offered"
    TAKEN = "taken"
    OFFER_OVER = "offer_over"
    CHANGED = "changed"
    ENROLMENT_CANCELLED = "enrolment_cancelled"
    COURSE_CANCELLED = "course_cancelled"


class Enrolment(Base):
    """One person in one course. Seats are given in the order of `waiting_since`.

    `course_id` None: waits for the next course of `kind`, whichever it is. `to_tell` is said by a job, which
    holds the conversation first: who holds a course never waits for a conversation.
    """

    __tablename__ = "care_enrolment"
    __sealed_by__ = "case_id"
    __table_args__ = (
        UniqueConstraint("case_id", "course_id"),
        Index("ix_care_enrolment_waiting", "organisation_id", "kind", "state", "waiting_since"),
        Index("ix_care_enrolment_to_tell", "to_tell"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    course_id: Mapped[str | None] = mapped_column(
        ForeignKey("care_course.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[CourseKind] = mapped_column(enum_column(CourseKind, "enrolment_kind"))
    state: Mapped[EnrolmentState] = mapped_column(enum_column(EnrolmentState, "enrolment_state"))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    waiting_since: Mapped[datetime] = mapped_column(UtcDateTime)
    offer_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    certificate_on: Mapped[date | None]
    certificate_id: Mapped[str | None] = mapped_column(ForeignKey("case_document.id", ondelete="SET NULL"))
    note: Mapped[str | None] = mapped_column(SealedText)
    to_tell: Mapped[CourseNews | None] = mapped_column(enum_column(CourseNews, "course_news"))
    start_told_for: Mapped[date | None]
    """For which first day it was told already that the course begins."""
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(String(36))

    case: Mapped[Case] = relationship(lazy="raise")
    course: Mapped[Course | None] = relationship(lazy="raise")


class Attendance(Base):
    """How many hours somebody was there on a day."""

    __tablename__ = "care_attendance"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "day"),
        CheckConstraint("hours >= 0 AND hours <= 12", name="hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("care_enrolment.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    hours: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    noted_by: Mapped[str] = mapped_column(String(36))
