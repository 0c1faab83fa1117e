"""The review queue: messages that the assistant asked back, and what a mediator says they mean."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText


class ReviewState(StrEnum):
    """Where a message stands on its way to being learnt from."""

    OPEN = "open"
    LABELLED = "labelled"
    DISCARDED = "discarded"


class ReviewItem(Base):
    """One message that its writer gave to learn from, with the words of that consent (design 5).

    `text` is a copy that the mediator may rid of names and numbers; the message itself stays as it was
    written. A discarded item has no text any more.
    """

    __tablename__ = "review_item"
    __sealed_by__ = "conversation_id"
    __table_args__ = (
        CheckConstraint("(state = 'labelled') = (intent IS NOT NULL)", name="labelled_with_an_intent"),
        Index("ix_review_item_queue", "organisation_id", "state", "language", "given_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), unique=True)
    language: Mapped[str] = mapped_column(String(2))
    """The language that the message seems to be written in; the mediator may say another."""
    text: Mapped[str] = mapped_column(SealedText())
    guesses: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What the assistant took it for, the likeliest first."""
    consent_text: Mapped[str] = mapped_column(Text)
    consent_version: Mapped[str] = mapped_column(String(60))
    consent_language: Mapped[str] = mapped_column(String(2))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ReviewState] = mapped_column(
        enum_column(ReviewState, "review_state"), default=ReviewState.OPEN
    )
    intent: Mapped[str | None] = mapped_column(String(60))
    guide_gap: Mapped[str | None] = mapped_column(String(60))
    """What the guide should answer and does not: an intent of the guide, or `other`; none where it does."""
    reviewed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
