"""The ledger of erasures, and what the regular deletion did. Neither holds anything personal but ids."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id


class ErasedBecause(StrEnum):
    """Why a person's data went."""

    REQUEST = "request"
    """The person asked for it (GDPR art. 17)."""
    RETENTION = "retention"
    """Their time was over (GDPR art. 5(1)(e))."""


class Erasure(Base):
    """One erasure: played again after a backup from before it was restored.

    `number` stands on the receipt. `key_ids` were destroyed; `subjects` are the ids of the people,
    conversations and cases that were emptied, `counts` how many rows of each table.
    """

    __tablename__ = "erasure"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(11), unique=True)
    organisation_id: Mapped[str] = mapped_column(String(36), index=True)
    because: Mapped[ErasedBecause] = mapped_column(enum_column(ErasedBecause, "erased_because"))
    by: Mapped[str] = mapped_column(String(36))
    """A staff id, or `system`."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    subjects: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    key_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ErasureOrder(Base):
    """An erasure that staff have granted; it is done from `due_at` on, so that the receipt arrives before."""

    __tablename__ = "erasure_order"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(11), unique=True)
    case_id: Mapped[str] = mapped_column(String(36), unique=True)
    person_id: Mapped[str] = mapped_column(String(36))
    organisation_id: Mapped[str] = mapped_column(String(36))
    granted_by: Mapped[str] = mapped_column(String(36))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RetentionRun(Base):
    """What one run of the regular deletion did for one purpose."""

    __tablename__ = "retention_run"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    purpose: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    deleted: Mapped[int]
