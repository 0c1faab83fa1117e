"""Matches of family assistants and requests, and the weights that a coordinator sets."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.case.models import Case
from backoffice.client.schemas import CareLevel, PayPeriod
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText
from backoffice.matching.weights import SetWeights


class CareMatchState(StrEnum):
    """How far a match is (domain, project.md 6)."""

    PROPOSED = "proposed"
    FAMILY_INFORMED = "family_informed"
    WORKER_INFORMED = "worker_informed"
    BOTH_INTERESTED = "both_interested"
    INTERVIEW = "interview"
    TRIAL = "trial"
    ENGAGED = "engaged"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class CareSide(StrEnum):
    """Who says yes or no."""

    FAMILY = "family"
    WORKER = "worker"
    DESK = "desk"


class CareRefusal(StrEnum):
    """Why a match came to nothing; what follows from each is in `care_match.consequences`."""

    HOURS = "hours"
    PAY = "pay"
    TOO_FAR = "too_far"
    TASKS = "tasks"
    LIVE_IN = "live_in"
    EXPERIENCE = "experience"
    LANGUAGE = "language"
    NOT_NOW = "not_now"
    FOUND_OTHER_WORK = "found_other_work"
    FOUND_ANOTHER = "found_another"
    TRIAL_FAILED = "trial_failed"
    NO_ANSWER = "no_answer"
    REFUSES_CONTRACT = "refuses_contract"
    UNLAWFUL_WISH = "unlawful_wish"
    OTHER = "other"


class CareMatch(Base):
    """One family assistant for one request. `score` from 0 to 1; `reasons`: codes of what speaks for it.

    Both sides decide separately: `family_said`, `worker_said` (True yes, False no, None not yet). Before
    both said yes, the family does not learn the worker's surname or phone, nor the worker the family's.
    """

    __tablename__ = "care_match"
    __sealed_by__ = "request_id"
    __table_args__ = (
        UniqueConstraint("request_id", "worker_id"),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_with_reason"),
        CheckConstraint("(refusal IS NULL) = (refused_by IS NULL)", name="refused_by_a_side"),
        Index("ix_care_match_state", "organisation_id", "state", "state_since"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    request_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    """The case of the family's request."""
    worker_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    """The case of the family assistant."""
    state: Mapped[CareMatchState] = mapped_column(enum_column(CareMatchState, "care_match_state"))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    score: Mapped[float]
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    family_said: Mapped[bool | None]
    worker_said: Mapped[bool | None]
    refused_by: Mapped[CareSide | None] = mapped_column(enum_column(CareSide, "care_side"))
    refusal: Mapped[CareRefusal | None] = mapped_column(enum_column(CareRefusal, "care_refusal"))
    refusal_words: Mapped[str | None] = mapped_column(SealedText)
    not_again_before: Mapped[date | None]
    """Until when this worker is not proposed to this family again; far away for never."""
    interview_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    interview_place: Mapped[str | None] = mapped_column(SealedText)
    trial_from: Mapped[date | None]
    trial_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    request: Mapped[Case] = relationship(lazy="raise", foreign_keys=[request_id])
    worker: Mapped[Case] = relationship(lazy="raise", foreign_keys=[worker_id])


class CareMatchEvent(Base):
    """One change of state of a match: by whom, when."""

    __tablename__ = "care_match_event"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    match_id: Mapped[str] = mapped_column(ForeignKey("care_match.id", ondelete="CASCADE"), index=True)
    before: Mapped[str | None] = mapped_column(String(30))
    after: Mapped[str] = mapped_column(String(30))
    actor: Mapped[str] = mapped_column(String(36))
    """A staff id, `service` for the person in the chat, `family` for who used a mailed link."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CareWeights(SetWeights, Base):
    """How much each preference counts in a body, from 0 to 10, by the code of the preference."""

    __tablename__ = "care_weights"


class RefusedOffer(Base):
    """An offer below the minimum that was not let through: counted, with no word of whose it was."""

    __tablename__ = "refused_offer"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    level: Mapped[CareLevel] = mapped_column(enum_column(CareLevel, "refused_level"))
    live_in: Mapped[bool]
    short_eur: Mapped[Decimal] = mapped_column(Numeric(9, 2))
    short_per: Mapped[PayPeriod] = mapped_column(enum_column(PayPeriod, "refused_pay_period"))
    refused_at: Mapped[datetime] = mapped_column(UtcDateTime)
