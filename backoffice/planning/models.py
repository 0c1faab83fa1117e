"""Releases: the figures of a year as they were told, each time that a period was over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.database import Base, UtcDateTime, new_id


class PlanningRelease(Base):
    """One figure of one year. `document`: what is told of it (`planning.release`), the newest row counts.

    `cells` are its raw counts, small ones too, so that what was told once is told again as it was though
    cases were corrected since: the next release is made of them, and nothing else reads them.
    """

    __tablename__ = "planning_release"
    __table_args__ = (UniqueConstraint("figure", "year", "until"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    figure: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    until: Mapped[date]
    """The day, in Italy, on which it was made: periods that were over by then are told."""
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
