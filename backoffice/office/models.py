"""The office that people are sent to when this service cannot help, and when its desk answers."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.database import Base, new_id


class Office(Base):
    """Contact of the organisation that runs the front door. `source` and `verified_on`: where it is from."""

    __tablename__ = "office"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(300))
    phone: Mapped[str | None] = mapped_column(String(40))
    """As people dial it."""
    time_zone: Mapped[str] = mapped_column(String(60), default="Europe/Rome")
    source: Mapped[str | None] = mapped_column(String(300))
    verified_on: Mapped[date | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    """True for an invented contact: people are told so."""
    opening_hours: Mapped[list[OpeningHours]] = relationship(
        order_by="OpeningHours.weekday, OpeningHours.opens", cascade="all, delete-orphan", lazy="raise"
    )


class OpeningHours(Base):
    """One stretch of one weekday (0 is Monday) in which the desk answers, in the office's local time."""

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens < closes", name="opens_before_it_closes"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    office_id: Mapped[str] = mapped_column(ForeignKey("office.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]
