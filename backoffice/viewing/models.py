"""Viewings: a household looks at a home."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedJson, SealedText
from backoffice.housing_match.models import HousingMatch


class ViewingState(StrEnum):
    """How far a viewing is."""

    ASKED = "asked"
    """The household wants to see the home: no date yet."""
    PROPOSED = "proposed"
    """There are dates to choose from (`proposed`)."""
    FIXED = "fixed"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Viewing(Base):
    """One visit to a home. Moments are UTC; `proposed` are moments in ISO 8601.

    `form` is what was seen (domain, housing.md 8, step 9). `sequence` rises with each change: calendars
    take the newest.
    """

    __tablename__ = "viewing"
    __sealed_by__ = "case_id"
    __table_args__ = (Index("ix_viewing_starts_at", "state", "starts_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    match_id: Mapped[str] = mapped_column(ForeignKey("housing_match.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    state: Mapped[ViewingState] = mapped_column(enum_column(ViewingState, "viewing_state"))
    proposed: Mapped[list[str]] = mapped_column(JSON, default=list)
    proposed_by: Mapped[str | None] = mapped_column(String(36))
    """A staff id, or `owner`."""
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    meeting_place: Mapped[str | None] = mapped_column(SealedText)
    calendar_link: Mapped[str | None] = mapped_column(SealedText)
    """Where the calendar file is; who has the address has date and place."""
    calendar_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    interpreter: Mapped[str | None] = mapped_column(String(2))
    """The language that a mediator is wanted for."""
    form: Mapped[dict[str, Any]] = mapped_column(SealedJson, default=dict)
    cancelled_reason: Mapped[str | None] = mapped_column(SealedText)
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    match: Mapped[HousingMatch] = relationship(lazy="raise")
