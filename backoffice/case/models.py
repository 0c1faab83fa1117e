"""Cases and their history. History is rows, never an overwritten column alone."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.case.phases import ClosingReason
from backoffice.client.schemas import CaseType, Phase
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.person.models import Person
from backoffice.staff.models import Organisation, Staff


class CaseStatus(StrEnum):
    """Whether somebody works on it: `new` until it is assigned or moved for the first time."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"


class CaseSource(StrEnum):
    """How the case came to us (contract, "Backoffice API")."""

    TELEGRAM = "telegram"
    WEB = "web"
    DESK = "desk"
    REFERRAL = "referral"


class Case(Base):
    """One matter of one person, owned by one organisation.

    `intake` is what was asked, in the shape of its type (contract). `municipality` is the first town
    of the intake. `search_text` is a folded copy of what the case is found by, kept by the service.
    """

    __tablename__ = "case_record"
    __table_args__ = (
        CheckConstraint("(phase = 'closed') = (closing_reason IS NOT NULL)", name="closed_with_reason"),
        CheckConstraint("(phase = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        Index("ix_case_organisation_opened", "organisation_id", "opened_at", "id"),
        Index("ix_case_type_phase", "organisation_id", "type", "phase"),
        Index("ix_case_organisation_updated", "organisation_id", "updated_at", "id"),
        Index("ix_case_organisation_status", "organisation_id", "status", "opened_at", "id"),
        Index("ix_case_organisation_town", "organisation_id", "municipality", "opened_at", "id"),
        Index("ix_case_organisation_language", "organisation_id", "language", "opened_at", "id"),
        Index("ix_case_organisation_assignee", "organisation_id", "assignee_id", "opened_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(11), unique=True)
    type: Mapped[CaseType] = mapped_column(enum_column(CaseType, "case_type"))
    phase: Mapped[Phase] = mapped_column(enum_column(Phase, "phase"))
    phase_before_closing: Mapped[Phase | None] = mapped_column(enum_column(Phase, "phase_before_closing"))
    status: Mapped[CaseStatus] = mapped_column(enum_column(CaseStatus, "case_status"))
    urgent: Mapped[bool] = mapped_column(default=False)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    language: Mapped[str] = mapped_column(String(2))
    municipality: Mapped[str | None] = mapped_column(String(80))
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
    intake: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    source: Mapped[CaseSource] = mapped_column(enum_column(CaseSource, "case_source"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closing_reason: Mapped[ClosingReason | None] = mapped_column(enum_column(ClosingReason, "closing_reason"))
    search_text: Mapped[str] = mapped_column(Text, default="")

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    assignee: Mapped[Staff | None] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class CaseEventKind(StrEnum):
    """What happened to a case."""

    OPENED = "opened"
    MOVED = "moved"
    CLOSED = "closed"
    REOPENED = "reopened"
    ASSIGNED = "assigned"
    NOTED = "noted"
    NEEDS_CHANGED = "needs_changed"
    MUNICIPALITY_CHANGED = "municipality_changed"


class CaseEvent(Base):
    """One thing that happened: by whom (a staff id, or `service`), when, from what to what, and why."""

    __tablename__ = "case_event"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    kind: Mapped[CaseEventKind] = mapped_column(enum_column(CaseEventKind, "case_event_kind"))
    actor: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    before: Mapped[str | None] = mapped_column(String(500))
    after: Mapped[str | None] = mapped_column(String(500))
    reason: Mapped[str | None] = mapped_column(Text)


class NoteKind(StrEnum):
    """Who may read a note: the own organisation, or every body that the case is shared with."""

    INTERNAL = "internal"
    SHARED = "shared"


class CaseNote(Base):
    """What a member of staff wrote down about a case. Never changed: a correction is another note."""

    __tablename__ = "case_note"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[NoteKind] = mapped_column(enum_column(NoteKind, "note_kind"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
