"""Cases and their history. History is rows, never an overwritten column alone."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.case.phases import ClosingReason
from backoffice.client.schemas import CaseType, Phase
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedJson, SealedText
from backoffice.person.models import Person
from backoffice.search.indexing import FoundBy
from backoffice.search.models import Indexed
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
    of the intake.
    """

    __tablename__ = "case_record"
    __found_by__ = ("number", "municipality", "intake")
    __sealed_by__ = "person_id"
    __table_args__ = (
        CheckConstraint("(phase = 'closed') = (closing_reason IS NOT NULL)", name="closed_with_reason"),
        CheckConstraint("(phase = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        Index("ix_case_organisation_opened", "organisation_id", "opened_at", "id"),
        Index("ix_case_opened", "opened_at", "id"),  # lists: own cases and shared ones, newest first
        Index("ix_case_type_phase", "organisation_id", "type", "phase"),
        # Not by organisation: a list is of one's own cases or shared ones, and an "or" would pass those by.
        Index("ix_case_updated", "updated_at", "id"),
        Index("ix_case_status", "status", "opened_at", "id"),
        Index("ix_case_town", "municipality", "opened_at", "id"),
        Index("ix_case_language", "language", "opened_at", "id"),
        Index("ix_case_assignee", "assignee_id", "opened_at", "id"),
        Index("ix_case_urgent", "urgent", "opened_at", "id"),
        Index("ix_case_language_urgent", "language", "urgent", "opened_at", "id"),
        Index("ix_case_status_assignee", "status", "assignee_id", "opened_at", "id"),
        # SQLite, which has the short lists, cannot tell us of such an index when it is asked for its tables.
        Index("ix_case_by_town", text("coalesce(municipality, '')"), "id").ddl_if(dialect="postgresql"),
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
    intake: Mapped[dict[str, Any]] = mapped_column(SealedJson(), default=dict)
    source: Mapped[CaseSource] = mapped_column(enum_column(CaseSource, "case_source"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closing_reason: Mapped[ClosingReason | None] = mapped_column(enum_column(ClosingReason, "closing_reason"))
    version: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """The number of the last event: who edits says what they saw, and is told what has changed since."""

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    assignee: Mapped[Staff | None] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    def found_by(self) -> FoundBy:
        """Return what the case is found by; its person has words of their own."""
        asked = [*(self.intake.get("municipalities") or []), self.intake.get("note")]
        words = [self.number, self.number.replace("-", ""), self.municipality, *asked]
        return FoundBy(Indexed.CASE, self.id, words, is_all=False)


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
    URGENCY_CHANGED = "urgency_changed"
    OUTCOME_SET = "outcome_set"
    GROUND_SET = "ground_set"
    ACCEPTED = "accepted"
    INTERVIEWED = "interviewed"
    REVIEWED = "reviewed"
    COWORKER_ADDED = "coworker_added"
    COWORKER_REMOVED = "coworker_removed"
    LINKED = "linked"
    GOAL_ADDED = "goal_added"
    GOAL_CHANGED = "goal_changed"
    ACTION_ADDED = "action_added"
    ACTION_CHANGED = "action_changed"
    ACTION_OVERDUE = "action_overdue"
    PLAN_AGREED = "plan_agreed"
    CHECK_PLANNED = "check_planned"
    CHECK_DONE = "check_done"
    CHECK_OVERDUE = "check_overdue"
    DOCUMENT_ADDED = "document_added"
    DOCUMENT_REMOVED = "document_removed"
    INTAKE_CHANGED = "intake_changed"
    SEARCH_MOVED = "search_moved"
    MATCH_CHANGED = "match_changed"
    VIEWING_CHANGED = "viewing_changed"
    CHECKLIST_CHANGED = "checklist_changed"
    CHECKLIST_OVERDUE = "checklist_overdue"
    TENANCY_CHANGED = "tenancy_changed"
    WORKER_MOVED = "worker_moved"
    WORKER_CHANGED = "worker_changed"
    REQUEST_MOVED = "request_moved"
    CARE_MATCH_CHANGED = "care_match_changed"
    ENGAGEMENT_CHANGED = "engagement_changed"
    ENGAGEMENT_OVERDUE = "engagement_overdue"
    TRAINING_CHANGED = "training_changed"
    PERMIT_EXPIRES = "permit_expires"
    APPOINTMENT_CHANGED = "appointment_changed"
    MEDIATION_CHANGED = "mediation_changed"
    MEDIATION_CONFIRMED = "mediation_confirmed"


class CaseEvent(Base):
    """One thing that happened: by whom (a staff id, or `service`), when, from what to what, and why."""

    __tablename__ = "case_event"
    __sealed_by__ = "case_id"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    kind: Mapped[CaseEventKind] = mapped_column(enum_column(CaseEventKind, "case_event_kind"))
    actor: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    before: Mapped[str | None] = mapped_column(String(500))
    after: Mapped[str | None] = mapped_column(String(500))
    reason: Mapped[str | None] = mapped_column(SealedText())


class NoteKind(StrEnum):
    """Who may read a note: the author's organisation, or every body that the case is shared with.

    `cultural`: a mediator's remark on customs and words; it never leaves the author's organisation.
    """

    INTERNAL = "internal"
    SHARED = "shared"
    CULTURAL = "cultural"


class NoteContact(StrEnum):
    """What a note tells of; a first interview lets a case go on."""

    INTERVIEW = "interview"
    PHONE = "phone"
    VISIT = "visit"
    OTHER = "other"


class CaseNote(Base):
    """What a member of staff wrote down about a case. Never changed: a correction is another note."""

    __tablename__ = "case_note"
    __found_by__ = ("text",)
    __sealed_by__ = "case_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[NoteKind] = mapped_column(enum_column(NoteKind, "note_kind"))
    text: Mapped[str] = mapped_column(SealedText())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    contact: Mapped[NoteContact | None] = mapped_column(enum_column(NoteContact, "note_contact"))
    language: Mapped[str | None] = mapped_column(String(2))
    """The language that the note is written in, where the author said so."""

    def found_by(self) -> FoundBy | None:
        """Return what the case is found by: what is shared; nobody finds a case by what they may not read."""
        if self.kind is not NoteKind.SHARED:
            return None
        return FoundBy(Indexed.CASE_NOTE, self.case_id, (self.text,), is_all=False)
