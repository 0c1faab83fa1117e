"""The contract of a household for a home, and the checklist that leads to it (domain, housing.md 8)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.client.schemas import ContractType
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText


class Tenancy(Base):
    """A letting that is made, or was. Days are days in Italy; money in whole euros."""

    __tablename__ = "tenancy"
    __sealed_by__ = "case_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    match_id: Mapped[str] = mapped_column(ForeignKey("housing_match.id", ondelete="CASCADE"), unique=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    contract_type: Mapped[ContractType | None] = mapped_column(enum_column(ContractType, "contract_type"))
    flat_tax: Mapped[bool | None]
    rent_eur_month: Mapped[int | None]
    expenses_eur_month: Mapped[int | None]
    deposit_eur: Mapped[int | None]
    signed_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    registered_on: Mapped[date | None]
    keys_on: Mapped[date | None]
    hospitality_noted_on: Mapped[date | None]
    """When the authority was told who lives there (TUI art. 7)."""
    ended_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(SealedText)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StepState(StrEnum):
    """Whether a step of the checklist is still to be done."""

    OPEN = "open"
    DONE = "done"
    NOT_NEEDED = "not_needed"


class AccompanimentStep(Base):
    """One step of the checklist. `code` names it (`accompaniment.checklist`).

    `match_id` None: a step with the household alone, which stays when a contract comes to nothing.
    `overdue_told_at`: its one alarm.
    """

    __tablename__ = "accompaniment_step"
    __sealed_by__ = "case_id"
    __table_args__ = (
        UniqueConstraint("case_id", "match_id", "code"),
        CheckConstraint("(state = 'open') = (done_on IS NULL)", name="done_with_day"),
        Index("ix_accompaniment_step_due", "state", "due_on"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    match_id: Mapped[str | None] = mapped_column(
        ForeignKey("housing_match.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str] = mapped_column(String(40))
    state: Mapped[StepState] = mapped_column(enum_column(StepState, "step_state"), default=StepState.OPEN)
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    done_by: Mapped[str | None] = mapped_column(String(36))
    document_id: Mapped[str | None] = mapped_column(ForeignKey("case_document.id", ondelete="SET NULL"))
    note: Mapped[str | None] = mapped_column(SealedText)
    overdue_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
