"""How far a family's request is. What it needs stands in the intake of its case (`CareRequestIntake`)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.case.models import Case
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText


class RequestState(StrEnum):
    """How far a family's request is (domain, project.md 6)."""

    NEW = "new"
    VISIT_OR_INTERVIEW = "visit_or_interview"
    PROFILE_AGREED = "profile_agreed"
    MATCHING = "matching"
    CANDIDATES_SENT = "candidates_sent"
    INTERVIEWS = "interviews"
    TRIAL = "trial"
    CONTRACT = "contract"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"


class RequestEnd(StrEnum):
    """Why a request came to its end: what the coordinator counts as not met, and why."""

    MET = "met"
    NOBODY_FITS = "nobody_fits"
    BUDGET_TOO_LOW = "budget_too_low"
    FOUND_ELSEWHERE = "found_elsewhere"
    NEED_CHANGED = "need_changed"
    PERSON_DIED = "person_died"
    NO_ANSWER = "no_answer"
    REFUSES_CONTRACT = "refuses_contract"
    OTHER = "other"


class CareRequest(Base):
    """The request of one case of type `care_request`; each change of state is an event of the case too."""

    __tablename__ = "care_request"
    __sealed_by__ = "case_id"
    __table_args__ = (
        CheckConstraint("(state = 'closed') = (ended_why IS NOT NULL)", name="closed_with_reason"),
        Index("ix_care_request_state", "organisation_id", "state", "state_since"),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[RequestState] = mapped_column(enum_column(RequestState, "request_state"))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_why: Mapped[RequestEnd | None] = mapped_column(enum_column(RequestEnd, "request_end"))
    visited_on: Mapped[date | None]
    visit_words: Mapped[str | None] = mapped_column(SealedText)
    email: Mapped[str | None] = mapped_column(SealedText)
    """Where a link to answer proposals is sent, for a family that does not use the chat."""
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(lazy="raise")


class RequestStep(Base):
    """One change of state of a request: what the coordinator's figures count, and how long each took."""

    __tablename__ = "care_request_step"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    before: Mapped[str | None] = mapped_column(String(30))
    after: Mapped[str] = mapped_column(String(30))
    actor: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class WishGround(StrEnum):
    """What a family may not choose by (D.Lgs. 215/2003, D.Lgs. 216/2003)."""

    NATIONALITY = "nationality"
    ORIGIN = "origin"
    RELIGION = "religion"
    LANGUAGE = "language"
    SKIN = "skin"
    AGE = "age"
    FAMILY = "family"
    OTHER = "other"


class RefusedCareWish(Base):
    """A wish that the law does not allow: refused and counted, its words are not kept."""

    __tablename__ = "refused_care_wish"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_record.id", ondelete="SET NULL"))
    ground: Mapped[WishGround] = mapped_column(enum_column(WishGround, "care_wish_ground"))
    refused_by: Mapped[str] = mapped_column(String(36))
    refused_at: Mapped[datetime] = mapped_column(UtcDateTime)
