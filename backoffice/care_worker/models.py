"""The register of family assistants. What a worker answered stands in the intake of their case."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.case.models import Case
from backoffice.client.schemas import CareSkill, SkillOrigin
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedJson, SealedText


class WorkerState(StrEnum):
    """How far a family assistant is (domain, project.md 6)."""

    APPLIED = "applied"
    DOCUMENTS_MISSING = "documents_missing"
    INTERVIEW = "interview"
    ELIGIBLE = "eligible"
    REGISTERED = "registered"
    SUSPENDED = "suspended"
    REMOVED = "removed"
    REFUSED = "refused"


class WorkerReason(StrEnum):
    """Why a family assistant was refused, suspended or removed."""

    NOT_ELIGIBLE = "not_eligible"
    PERMIT_EXPIRED = "permit_expired"
    DOCUMENT_FALSE = "document_false"
    ASKED_BY_WORKER = "asked_by_worker"
    NOT_AVAILABLE = "not_available"
    NO_ANSWER = "no_answer"
    COMPLAINT = "complaint"
    MOVED_AWAY = "moved_away"
    OTHER = "other"


class CareWorker(Base):
    """One family assistant: a case of type `care_work`. Each change of state is an event of the case too.

    `shows_profile`: the worker agreed that families see the profile, without name, phone or address.
    `registered_on`: since when in the register; how long that holds is not known for the Cremasco.
    """

    __tablename__ = "care_worker"
    __sealed_by__ = "case_id"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('suspended', 'removed', 'refused')) = (reason IS NOT NULL)", name="ended_with_reason"
        ),
        Index("ix_care_worker_state", "organisation_id", "state", "state_since"),
        Index("ix_care_worker_permit", "permit_expires_on"),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[WorkerState] = mapped_column(enum_column(WorkerState, "worker_state"))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[WorkerReason | None] = mapped_column(enum_column(WorkerReason, "worker_reason"))
    reason_words: Mapped[str | None] = mapped_column(SealedText)
    registered_on: Mapped[date | None]
    permit_expires_on: Mapped[date | None]
    """The end of the permit to stay, from the intake or a document; looked at 60 days before."""
    permit_told_for: Mapped[date | None]
    """For which end of the permit the alarm was raised already."""
    shows_profile: Mapped[bool] = mapped_column(default=False)
    shows_profile_on: Mapped[date | None]
    """On which day the worker said whether families see the profile."""
    documents_wanted: Mapped[list[str] | None] = mapped_column(SealedJson)
    """What the worker was asked to bring (`WantedDocument`)."""
    interview_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    interview_place: Mapped[str | None] = mapped_column(SealedText)
    interview_draft: Mapped[dict[str, Any] | None] = mapped_column(SealedJson)
    """What was typed of an interview that is not finished: whoever is called away loses nothing."""
    interviewed_on: Mapped[date | None]
    interview_words: Mapped[str | None] = mapped_column(SealedText)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(lazy="raise")


class WantedDocument(StrEnum):
    """What a family assistant may still have to bring."""

    IDENTITY = "identity"
    CODICE_FISCALE = "codice_fiscale"
    PERMIT = "permit"
    RESIDENCE = "residence"
    COURSE_CERTIFICATE = "course_certificate"
    WORK_CONTRACTS = "work_contracts"
    CARE_TITLE = "care_title"
    ITALIAN = "italian"
    NO_CONVICTIONS = "no_convictions"


class TraitKind(StrEnum):
    """By what a list of family assistants is narrowed."""

    SKILL = "skill"
    LANGUAGE = "language"
    SCHEDULE = "schedule"
    TOWN = "town"


class WorkerTrait(Base):
    """One answer of the intake by which lists are narrowed: the intake itself is encrypted."""

    __tablename__ = "care_worker_trait"

    kind: Mapped[TraitKind] = mapped_column(enum_column(TraitKind, "trait_kind"), primary_key=True)
    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    case_id: Mapped[str] = mapped_column(
        ForeignKey("case_record.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class WorkerStep(Base):
    """One change of state of a family assistant: what the coordinator's figures count."""

    __tablename__ = "care_worker_step"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    before: Mapped[str | None] = mapped_column(String(30))
    after: Mapped[str] = mapped_column(String(30))
    actor: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Recognition(StrEnum):
    """How the desk made sure of a skill."""

    DOCUMENT_SEEN = "document_seen"
    INTERVIEW = "interview"
    REFERENCE_CALLED = "reference_called"
    SEEN_AT_WORK = "seen_at_work"
    CERTIFIED = "certified"


class WorkerSkill(Base):
    """One skill of a family assistant, where it was gained, and who recognised it, when and how."""

    __tablename__ = "care_worker_skill"
    __sealed_by__ = "case_id"
    __table_args__ = (
        UniqueConstraint("case_id", "skill", "origin"),
        CheckConstraint("(recognition IS NULL) = (recognised_on IS NULL)", name="recognised_with_day"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    skill: Mapped[CareSkill] = mapped_column(enum_column(CareSkill, "care_skill"))
    origin: Mapped[SkillOrigin] = mapped_column(enum_column(SkillOrigin, "skill_origin"))
    years: Mapped[int | None]
    document_id: Mapped[str | None] = mapped_column(ForeignKey("case_document.id", ondelete="SET NULL"))
    recognition: Mapped[Recognition | None] = mapped_column(enum_column(Recognition, "recognition"))
    recognised_on: Mapped[date | None]
    recognised_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[str | None] = mapped_column(SealedText)


class WorkPeriod(Base):
    """A time in which a family assistant worked in a home. `is_regular`: with a contract known to INPS."""

    __tablename__ = "care_work_period"
    __sealed_by__ = "case_id"
    __table_args__ = (CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_start"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    is_regular: Mapped[bool]
    hours_week: Mapped[int | None]
    is_in_italy: Mapped[bool] = mapped_column(default=True)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("case_document.id", ondelete="SET NULL"))
    note: Mapped[str | None] = mapped_column(SealedText)


class ReferenceAnswer(StrEnum):
    """What came of calling a reference."""

    GOOD = "good"
    MIXED = "mixed"
    BAD = "bad"
    NOT_REACHED = "not_reached"
    REFUSED = "refused"


class WorkerReference(Base):
    """A family that can tell of a family assistant; called only where the worker allows it."""

    __tablename__ = "care_worker_reference"
    __sealed_by__ = "case_id"
    __table_args__ = (CheckConstraint("(answer IS NULL) = (called_on IS NULL)", name="answered_with_day"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(SealedText)
    phone: Mapped[str | None] = mapped_column(SealedText)
    may_be_called: Mapped[bool] = mapped_column(default=False)
    called_on: Mapped[date | None]
    called_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    answer: Mapped[ReferenceAnswer | None] = mapped_column(enum_column(ReferenceAnswer, "reference_answer"))
    words: Mapped[str | None] = mapped_column(SealedText)


class EligibilityProof(Base):
    """What the desk knows of one condition of the regional register (L.R. 15/2015), and what shows it.

    `rule` is the code of a rule of `care_figures.eligibility`; `is_met` None: still to be proved.
    """

    __tablename__ = "eligibility_proof"
    __sealed_by__ = "case_id"
    __table_args__ = (UniqueConstraint("case_id", "rule"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    rule: Mapped[str] = mapped_column(String(40))
    is_met: Mapped[bool | None]
    document_id: Mapped[str | None] = mapped_column(ForeignKey("case_document.id", ondelete="SET NULL"))
    shown_on: Mapped[date | None]
    """The day of the paper, or of the declaration."""
    noted_by: Mapped[str] = mapped_column(String(36))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(SealedText)


class AvailableTime(Base):
    """When a family assistant can work: a weekday (Monday 0), from and to in minutes of the day in Italy."""

    __tablename__ = "care_available_time"
    __table_args__ = (
        UniqueConstraint("case_id", "weekday", "from_minute"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("from_minute >= 0 AND to_minute <= 1440 AND from_minute < to_minute", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    from_minute: Mapped[int]
    to_minute: Mapped[int]


class Absence(Base):
    """Days on which a family assistant cannot work: a journey home, an operation. Both days belong to it."""

    __tablename__ = "care_absence"
    __sealed_by__ = "case_id"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="ends_after_start"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(SealedText)
