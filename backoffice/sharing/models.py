"""Shares of cases and openings in need. Each step of one has its own columns: nothing is overwritten."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText
from backoffice.sharing.parts import CasePart
from backoffice.staff.models import Organisation


class ShareKind(StrEnum):
    """What is asked of the other body: to know, to do something, or to be responsible from now on."""

    SHARE = "share"
    REFERRAL = "referral"
    TRANSFER = "transfer"


class ShareGround(StrEnum):
    """Why the data may be given."""

    CONSENT = "consent"
    LAW = "law"
    URGENT_PROTECTION = "urgent_protection"


class ShareState(StrEnum):
    """How far it has come. Only `accepted` opens anything, and only within its period."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DONE = "done"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Share(Base):
    """Some parts of a case for another body, for a purpose and a time, on a ground.

    A referral also has a `request` and, once done, an `outcome`. A transfer makes the receiver responsible
    when it accepts; `left_parts` are those that the former body goes on seeing, until `until`.
    """

    __tablename__ = "share"
    __sealed_by__ = "case_id"
    __table_args__ = (
        CheckConstraint("organisation_id <> from_organisation_id", name="between_two_bodies"),
        CheckConstraint("ground <> 'consent' OR consent_id IS NOT NULL", name="consent_is_named"),
        CheckConstraint("starts_at < until", name="begins_before_it_ends"),
        Index("ix_share_live", "case_id", "organisation_id", "state", "until"),
        Index("ix_share_received", "organisation_id", "state", "id"),
        Index("ix_share_sent", "from_organisation_id", "state", "id"),
        Index("ix_share_due", "state", "until"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    """The receiver."""
    from_organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    """Who was responsible when it was offered."""
    kind: Mapped[ShareKind] = mapped_column(enum_column(ShareKind, "share_kind"))
    restricted: Mapped[bool] = mapped_column(default=False)
    """Whether what is restricted within the parts is given too."""
    left_parts: Mapped[list[str]] = mapped_column(JSON, default=list)
    purpose: Mapped[str] = mapped_column(SealedText)
    request: Mapped[str | None] = mapped_column(SealedText)
    ground: Mapped[ShareGround] = mapped_column(enum_column(ShareGround, "share_ground"))
    ground_words: Mapped[str | None] = mapped_column(SealedText)
    consent_id: Mapped[str | None] = mapped_column(ForeignKey("consent.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ShareState] = mapped_column(enum_column(ShareState, "share_state"))
    offered_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer_by: Mapped[datetime] = mapped_column(UtcDateTime)
    """After it an unanswered offer is an alarm."""
    alarmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_words: Mapped[str | None] = mapped_column(SealedText)
    """Why it was rejected."""
    ended_by: Mapped[str | None] = mapped_column(String(36))
    """A staff id, or `service`, `system`."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(SealedText)
    """What came of it, in the receiver's words, or why it was revoked, in the giver's."""

    lines: Mapped[list[SharePart]] = relationship(
        cascade="all, delete-orphan", lazy="raise", order_by="SharePart.part"
    )
    organisation: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[organisation_id])
    from_organisation: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[from_organisation_id])

    @property
    def parts(self) -> frozenset[CasePart]:
        """The categories that are given."""
        return frozenset(CasePart(line.part) for line in self.lines)

    @property
    def ordered_parts(self) -> list[CasePart]:
        """The categories that are given, in the order in which people are shown them."""
        return [part for part in CasePart if part in self.parts]

    def is_live(self, now: datetime) -> bool:
        """Tell whether it opens its parts at a moment."""
        return self.state is ShareState.ACCEPTED and self.starts_at <= now < self.until


class SharePart(Base):
    """One category that a share gives; rows of their own, so that statements can ask for them."""

    __tablename__ = "share_part"

    share_id: Mapped[str] = mapped_column(ForeignKey("share.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[str] = mapped_column(String(30), primary_key=True)


class BreakGlassReason(StrEnum):
    """Why a case was opened without a share."""

    LIFE_OR_HEALTH = "life_or_health"
    MINOR_AT_RISK = "minor_at_risk"
    VIOLENCE = "violence"
    SHELTER = "shelter"
    AUTHORITY = "authority"


class BreakGlass(Base):
    """A case that somebody of another body opened in need, for a few hours, told to who is responsible."""

    __tablename__ = "break_glass"
    __sealed_by__ = "case_id"
    __table_args__ = (
        Index("ix_break_glass_case", "case_id", "staff_id", "until"),
        Index("ix_break_glass_staff", "staff_id", "opened_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    """The opener's body."""
    reason: Mapped[BreakGlassReason] = mapped_column(enum_column(BreakGlassReason, "break_glass_reason"))
    words: Mapped[str] = mapped_column(SealedText)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
