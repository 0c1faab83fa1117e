"""How far a household's search is. What it needs stands in the intake of its case (`HousingIntake`)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.case.models import Case
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime


class SearchState(StrEnum):
    """How far a housing case is (domain, project.md 5)."""

    NEW = "new"
    INTERVIEWED = "interviewed"
    READY_TO_SEARCH = "ready_to_search"
    SEARCHING = "searching"
    VISITING = "visiting"
    APPLICATION_MADE = "application_made"
    GUARANTEE_PENDING = "guarantee_pending"
    OFFER = "offer"
    CONTRACT_DRAFTED = "contract_drafted"
    SIGNED = "signed"
    REGISTERED = "registered"
    KEYS_GIVEN = "keys_given"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"


class HousingNeed(Base):
    """The search of one case of type `housing`; each change of state is an event of the case too.

    `parked_until`: a household that refused everything for now is asked again then, and matched with
    nothing until. `tells_of_homes`: whether the chat writes when something fits, which the person asked
    for and ends with one word.
    """

    __tablename__ = "housing_need"
    __table_args__ = (Index("ix_housing_need_state", "organisation_id", "state"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[SearchState] = mapped_column(enum_column(SearchState, "search_state"))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    parked_until: Mapped[date | None]
    tells_of_homes: Mapped[bool] = mapped_column(default=False, server_default=false())
    tells_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(lazy="raise")


class SearchStep(Base):
    """One change of state of a search: what the funnel counts, and how long each state took."""

    __tablename__ = "search_step"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    before: Mapped[str | None] = mapped_column(String(30))
    after: Mapped[str] = mapped_column(String(30))
    actor: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
