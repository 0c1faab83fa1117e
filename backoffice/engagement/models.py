"""The contract of a family assistant with a family. Sums are gross euros; days are days in Italy."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.client.schemas import CareLevel
from backoffice.client.schemas import NightKind as NightKind
from backoffice.client.schemas import PayPeriod as PayPeriod
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText

Euros = Numeric(9, 2)


class EngagementState(StrEnum):
    """How far a contract is."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    """Level, hours and pay passed the check; both sides have the draft."""
    SIGNED = "signed"
    RUNNING = "running"
    """INPS was told and the work has begun."""
    NOTICE = "notice"
    ENDED = "ended"
    DROPPED = "dropped"


class EngagementEnd(StrEnum):
    """Why work came to its end."""

    BY_FAMILY = "by_family"
    BY_WORKER = "by_worker"
    AGREED = "agreed"
    TRIAL_NOT_PASSED = "trial_not_passed"
    TERM_REACHED = "term_reached"
    JUST_CAUSE = "just_cause"
    PERSON_DIED = "person_died"
    OTHER = "other"


class Engagement(Base):
    """One contract. `tasks` are codes of `DomesticTask`; the level follows from them.

    `level_by_tasks` is what the tasks say, `level` what is agreed. `minimum_eur` and `minimum_table` are
    the minimum that the pay was checked against, for the same period as the pay, and its table.
    """

    __tablename__ = "engagement"
    __sealed_by__ = "request_id"
    __table_args__ = (
        CheckConstraint("(state = 'ended') = (ended_on IS NOT NULL)", name="ended_with_day"),
        CheckConstraint("(ended_on IS NULL) OR (end_reason IS NOT NULL)", name="ended_with_reason"),
        Index("ix_engagement_state", "organisation_id", "state", "starts_on"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    match_id: Mapped[str | None] = mapped_column(ForeignKey("care_match.id", ondelete="CASCADE"), unique=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    state: Mapped[EngagementState] = mapped_column(enum_column(EngagementState, "engagement_state"))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    tasks: Mapped[list[str]] = mapped_column(JSON, default=list)
    level_by_tasks: Mapped[CareLevel | None] = mapped_column(enum_column(CareLevel, "level_by_tasks"))
    level: Mapped[CareLevel | None] = mapped_column(enum_column(CareLevel, "care_level"))
    is_trained: Mapped[bool | None]
    live_in: Mapped[bool | None]
    hours_week: Mapped[int | None]
    hours_words: Mapped[str | None] = mapped_column(SealedText)
    """On which days, from when to when, and the rest day."""
    nights: Mapped[NightKind] = mapped_column(enum_column(NightKind, "night_kind"), default=NightKind.NONE)
    pay_eur: Mapped[Decimal | None] = mapped_column(Euros)
    pay_per: Mapped[PayPeriod | None] = mapped_column(enum_column(PayPeriod, "pay_period"))
    minimum_eur: Mapped[Decimal | None] = mapped_column(Euros)
    minimum_table: Mapped[str | None] = mapped_column(String(60))
    checked_on: Mapped[date | None]
    has_board: Mapped[bool | None]
    has_lodging: Mapped[bool | None]
    place: Mapped[str | None] = mapped_column(SealedText)
    holidays: Mapped[str | None] = mapped_column(SealedText)
    """What was agreed on when holidays are taken."""
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    """The last day of a contract for a term; None: without a term."""
    trial_days: Mapped[int | None]
    """Days of work, as agreed."""
    signed_on: Mapped[date | None]
    contract_given_on: Mapped[date | None]
    inps_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    inps_number: Mapped[str | None] = mapped_column(SealedText)
    hospitality_on: Mapped[date | None]
    """When the authority was told who lives there (TUI art. 7)."""
    notice_on: Mapped[date | None]
    notice_days: Mapped[int | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[EngagementEnd | None] = mapped_column(enum_column(EngagementEnd, "engagement_end"))
    severance_eur: Mapped[Decimal | None] = mapped_column(Euros)
    severance_paid_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(SealedText)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EngagementEvent(Base):
    """One change of state of a contract: by whom, when."""

    __tablename__ = "engagement_event"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"), index=True)
    before: Mapped[str | None] = mapped_column(String(30))
    after: Mapped[str] = mapped_column(String(30))
    actor: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class EngagementTerms(Base):
    """Terms that hold from a day on: the first ones, and each change of level, hours or pay."""

    __tablename__ = "engagement_terms"
    __table_args__ = (UniqueConstraint("engagement_id", "from_on"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date]
    level: Mapped[CareLevel] = mapped_column(enum_column(CareLevel, "terms_level"))
    live_in: Mapped[bool]
    hours_week: Mapped[int]
    pay_eur: Mapped[Decimal] = mapped_column(Euros)
    pay_per: Mapped[PayPeriod] = mapped_column(enum_column(PayPeriod, "terms_pay_period"))
    changed_by: Mapped[str] = mapped_column(String(36))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EngagementStep(Base):
    """One thing that has to be done by a day: INPS, hospitality, the letter. `code` names it.

    `overdue_told_at`: its one alarm.
    """

    __tablename__ = "engagement_step"
    __table_args__ = (
        UniqueConstraint("engagement_id", "code"),
        Index("ix_engagement_step_due", "done_on", "due_on"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    done_by: Mapped[str | None] = mapped_column(String(36))
    not_needed: Mapped[bool] = mapped_column(default=False)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("case_document.id", ondelete="SET NULL"))
    overdue_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PayslipCheck(Base):
    """One month of pay looked at: what was paid against what is due. `month` is its first day."""

    __tablename__ = "payslip_check"
    __sealed_by__ = "engagement_id"
    __table_args__ = (UniqueConstraint("engagement_id", "month"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"), index=True)
    month: Mapped[date]
    hours: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    paid_eur: Mapped[Decimal] = mapped_column(Euros)
    due_eur: Mapped[Decimal | None] = mapped_column(Euros)
    """None where the table in force does not say."""
    document_id: Mapped[str | None] = mapped_column(ForeignKey("case_document.id", ondelete="SET NULL"))
    note: Mapped[str | None] = mapped_column(SealedText)
    checked_by: Mapped[str] = mapped_column(String(36))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EngagementCheck(Base):
    """How the worker is, asked 1, 4 and 12 weeks after the start. `answer` is a code; some worry."""

    __tablename__ = "engagement_check"
    __sealed_by__ = "engagement_id"
    __table_args__ = (UniqueConstraint("engagement_id", "weeks"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    engagement_id: Mapped[str] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"), index=True)
    weeks: Mapped[int]
    due_on: Mapped[date]
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(String(30))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    worries: Mapped[bool | None]
    opened_case_id: Mapped[str | None] = mapped_column(ForeignKey("case_record.id", ondelete="SET NULL"))
    outcome: Mapped[str | None] = mapped_column(SealedText)
    done_by: Mapped[str | None] = mapped_column(String(36))
