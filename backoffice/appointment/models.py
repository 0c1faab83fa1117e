"""Desks where people are received, their hours, appointments, and who waits for one.

Hours are those of Italy, as the clock on the wall shows them; moments are UTC.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText


class AppointmentDesk(Base):
    """A place where people are received. `places`: how many at the same moment.

    `topics` are codes of `case.needs.Need`; none: every topic. `source` and `verified_on` say where address
    and hours are from.
    """

    __tablename__ = "appointment_desk"
    __table_args__ = (
        CheckConstraint("slot_minutes BETWEEN 5 AND 240", name="slot_minutes"),
        CheckConstraint("places BETWEEN 1 AND 20", name="places"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(300))
    municipality: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(40))
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    slot_minutes: Mapped[int] = mapped_column(default=30)
    places: Mapped[int] = mapped_column(default=1)
    step_free: Mapped[bool | None]
    is_open: Mapped[bool] = mapped_column(default=True)
    """Whether the chat offers it; who has an appointment keeps it."""
    source: Mapped[str | None] = mapped_column(String(300))
    verified_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    hours: Mapped[list[DeskHours]] = relationship(
        order_by="DeskHours.weekday, DeskHours.opens", cascade="all, delete-orphan", lazy="raise"
    )
    exceptions: Mapped[list[DeskException]] = relationship(
        order_by="DeskException.day, DeskException.opens", cascade="all, delete-orphan", lazy="raise"
    )


class DeskHours(Base):
    """One stretch of one weekday (0 is Monday) in which a desk receives, from a day until a day."""

    __tablename__ = "appointment_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens < closes", name="opens_before_it_closes"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    desk_id: Mapped[str] = mapped_column(ForeignKey("appointment_desk.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class DeskException(Base):
    """A day on which other hours hold: those given here, or none at all (`opens` None): closed."""

    __tablename__ = "appointment_exception"
    __table_args__ = (
        UniqueConstraint("desk_id", "day", "opens"),
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="closed_or_hours"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    desk_id: Mapped[str] = mapped_column(ForeignKey("appointment_desk.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    reason: Mapped[str | None] = mapped_column(String(200))


class AppointmentState(StrEnum):
    """What became of an appointment."""

    BOOKED = "booked"
    MOVED = "moved"
    """Another appointment took its place (`moved_to`)."""
    CANCELLED = "cancelled"
    DONE = "done"
    NO_SHOW = "no_show"


class Appointment(Base):
    """One place at one moment for one person. A place is taken once: the database says so.

    `sequence` rises with each change: calendars take the newest.
    """

    __tablename__ = "appointment"
    __sealed_by__ = "person_id"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index(
            "uq_appointment_place",
            "desk_id",
            "starts_at",
            "place",
            unique=True,
            sqlite_where=text("state = 'booked'"),
            postgresql_where=text("state = 'booked'"),
        ),
        Index("ix_appointment_person_state", "person_id", "state", "starts_at"),
        Index("ix_appointment_desk_day", "desk_id", "starts_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    desk_id: Mapped[str] = mapped_column(ForeignKey("appointment_desk.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_record.id", ondelete="SET NULL"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[int]
    state: Mapped[AppointmentState] = mapped_column(enum_column(AppointmentState, "appointment_state"))
    topic: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    interpreter: Mapped[str | None] = mapped_column(String(2))
    """The language that a mediator is wanted for."""
    moved_to_id: Mapped[str | None] = mapped_column(ForeignKey("appointment.id"))
    cancelled_reason: Mapped[str | None] = mapped_column(SealedText)
    note: Mapped[str | None] = mapped_column(SealedText)
    calendar_link: Mapped[str | None] = mapped_column(SealedText)
    """Where the calendar file is; who has the address has date and place."""
    calendar_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    desk: Mapped[AppointmentDesk] = relationship(lazy="raise")


class WaitEnd(StrEnum):
    """Why somebody waits no longer."""

    BOOKED = "booked"
    GIVEN_UP = "given_up"
    NO_ANSWER = "no_answer"


class WaitingForAppointment(Base):
    """Somebody who waits for an appointment to become free, in the order of `since`.

    `offered_starts_at` and `offer_until`: one that became free is kept for them for a while. `offered_at`:
    since when they know of it, or the desk, which has to call them.
    """

    __tablename__ = "appointment_waiting"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_with_reason"),
        Index("ix_appointment_waiting_open", "organisation_id", "ended_at", "since"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    desk_id: Mapped[str | None] = mapped_column(ForeignKey("appointment_desk.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    topic: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offered_starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offer_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[WaitEnd | None] = mapped_column(enum_column(WaitEnd, "appointment_wait_end"))
