"""The guide as staff keep it: sentences with their history, checks of topics, and what is to do."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText


class SentenceState(StrEnum):
    """What may be said of a translation; it follows from `is_reviewed` and the hash of the Italian."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    STALE = "stale"


class TextOrigin(StrEnum):
    """Where words come from."""

    DELIVERED = "delivered"
    PERSON = "person"
    MACHINE = "machine"


class SentenceAct(StrEnum):
    """What was done to a sentence."""

    DELIVERED = "delivered"
    EDITED = "edited"
    DRAFTED = "drafted"
    REVIEWED = "reviewed"
    UNDONE = "undone"


class GuideTaskKind(StrEnum):
    """What somebody has to do about the guide."""

    TRANSLATE = "translate"
    VERIFY = "verify"


class StoredSentence(Base):
    """One sentence in one language, as people are shown it, and what somebody works on for it.

    `source_hash` is that of the Italian sentence that `text` translates; of an Italian one, its own. A
    translation is stale when its hash is not that of the Italian row: no column says it a second time.
    `is_ours`: somebody here had a hand in it, so that no release replaces it. `draft` is never shown.
    """

    __tablename__ = "guide_sentence"
    __table_args__ = (
        UniqueConstraint("key", "language"),
        CheckConstraint("(draft IS NULL) = (draft_origin IS NULL)", name="draft_with_an_origin"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)
    source_hash: Mapped[str] = mapped_column(String(64))
    is_reviewed: Mapped[bool] = mapped_column(default=False)
    is_ours: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[TextOrigin] = mapped_column(enum_column(TextOrigin, "guide_text_origin"))
    written_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    reviewed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    draft: Mapped[str | None] = mapped_column(Text)
    draft_origin: Mapped[TextOrigin | None] = mapped_column(enum_column(TextOrigin, "guide_draft_origin"))
    draft_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    draft_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    draft_source_hash: Mapped[str | None] = mapped_column(String(64))
    """Of the Italian sentence that stood beside the draft when it was written."""
    version: Mapped[int] = mapped_column(default=1)


class SentenceRevision(Base):
    """One change of a sentence. `after` is the text that stood afterwards; what was drafted was not shown."""

    __tablename__ = "guide_revision"
    __sealed_by__ = "organisation_id"
    __table_args__ = (UniqueConstraint("sentence_id", "version"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    sentence_id: Mapped[str] = mapped_column(ForeignKey("guide_sentence.id", ondelete="CASCADE"))
    version: Mapped[int]
    act: Mapped[SentenceAct] = mapped_column(enum_column(SentenceAct, "guide_sentence_act"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """None: a release of Sportello brought it."""
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    """Whose key seals the reason; none where there is no reason."""
    reason: Mapped[str | None] = mapped_column(SealedText())
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    source_hash: Mapped[str] = mapped_column(String(64))
    is_reviewed: Mapped[bool]
    origin: Mapped[TextOrigin] = mapped_column(enum_column(TextOrigin, "guide_revision_origin"))


class TopicVerification(Base):
    """Somebody has checked a topic's facts: the newest one stands above the dates of `guide.yml`."""

    __tablename__ = "guide_verification"
    __sealed_by__ = "organisation_id"
    __table_args__ = (
        CheckConstraint("valid_to >= verified_on", name="dates_in_order"),
        Index("ix_guide_verification_topic", "topic", "verified_on", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    topic: Mapped[str] = mapped_column(String(60))
    verified_on: Mapped[date]
    valid_to: Mapped[date]
    by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    source_note: Mapped[str] = mapped_column(SealedText())
    """Where it was checked, in the words of who did."""


class GuideTask(Base):
    """Something to do: translate a key (`subject`) into a language, or verify a topic (`subject`)."""

    __tablename__ = "guide_task"
    __table_args__ = (
        Index(
            "uq_guide_task_open",
            "kind",
            "subject",
            "language",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    kind: Mapped[GuideTaskKind] = mapped_column(enum_column(GuideTaskKind, "guide_task_kind"))
    subject: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(2))
    """To translate into; of a topic to verify, Italian."""
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
