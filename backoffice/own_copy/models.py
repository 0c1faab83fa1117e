"""Requests for a copy of one's own data. They hold ids and codes; the copy itself is never kept."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.person.models import Person


class IdentityCheck(StrEnum):
    """How staff made sure that who asks is the person (GDPR art. 12(6))."""

    DOCUMENT = "document"
    """A paper with a name and a photo was seen."""
    KNOWN = "known"
    """Somebody of the staff knows the person, face to face."""


class RefusedBecause(StrEnum):
    """Why a request ended without a copy."""

    NOT_IDENTIFIED = "not_identified"
    REPEATED = "repeated"
    """Asked again and again, without need (GDPR art. 12(5))."""
    TAKEN_BACK = "taken_back"


class OwnCopy(Base):
    """One request of a person to a body, and what became of it.

    `until` is set when it is released: who released it can make the files until then.
    """

    __tablename__ = "own_copy"
    __table_args__ = (
        CheckConstraint("identity IS NULL OR refused_because IS NULL", name="released_or_refused"),
        CheckConstraint("(identity IS NULL) = (until IS NULL)", name="released_for_a_time"),
        Index("ix_own_copy_open", "organisation_id", "answered_at", "asked_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id", ondelete="SET NULL"))
    """Where it was asked for; none at the desk."""
    asked_by: Mapped[str] = mapped_column(String(36))
    """A staff id, or `service` for a button pressed in the chat."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    identity: Mapped[IdentityCheck | None] = mapped_column(enum_column(IdentityCheck, "identity_check"))
    refused_because: Mapped[RefusedBecause | None] = mapped_column(
        enum_column(RefusedBecause, "refused_because")
    )
    writings: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Which internal writings were read and found to speak of nobody else (`writings.Writing.id`)."""
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="raise")

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.answered_at is None

    def is_ready(self, now: datetime) -> bool:
        """Tell whether its files can be made at a moment."""
        return self.until is not None and now < self.until
