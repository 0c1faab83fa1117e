"""The effects that were had, by the key of the request that caused them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.database import Base, UtcDateTime
from backoffice.encryption.columns import SealedJson


class Effect(Base):
    """What one request of one caller brought about. `result` is empty only inside its own transaction."""

    __tablename__ = "effect"
    __sealed_by__ = None

    principal: Mapped[str] = mapped_column(String(60), primary_key=True)
    """Whose key it is: `service`, or `staff:<id>`."""
    operation: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the request's canonical JSON."""
    result: Mapped[Any] = mapped_column(SealedJson(), nullable=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
