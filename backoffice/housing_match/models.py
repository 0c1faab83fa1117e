"""Matches, the holds on homes, and the weights that a coordinator sets."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.case.models import Case
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText
from backoffice.listing.models import Listing
from backoffice.matching.weights import SetWeights


class MatchState(StrEnum):
    """How far a match is (domain, project.md 5)."""

    PROPOSED = "proposed"
    SHOWN_TO_SEEKER = "shown_to_seeker"
    INTERESTED = "interested"
    VISIT_FIXED = "visit_fixed"
    VISITED = "visited"
    ACCEPTED_BY_SEEKER = "accepted_by_seeker"
    ACCEPTED_BY_OWNER = "accepted_by_owner"
    REFUSED = "refused"
    CONTRACT = "contract"


class MatchSide(StrEnum):
    """Who says yes or no."""

    SEEKER = "seeker"
    OWNER = "owner"
    DESK = "desk"


class RefusalReason(StrEnum):
    """Why a match came to nothing; what follows from each is in `housing_match.consequences`."""

    TOO_DEAR = "too_dear"
    TOO_SMALL = "too_small"
    TOO_FAR = "too_far"
    STAIRS = "stairs"
    CONDITION = "condition"
    NOT_NOW = "not_now"
    FOUND_ANOTHER = "found_another"
    NOT_LOOKING_ANY_MORE = "not_looking_any_more"
    INCOME = "income"
    GUARANTEES = "guarantees"
    TOO_MANY_PEOPLE = "too_many_people"
    GIVEN_TO_ANOTHER = "given_to_another"
    NOT_TO_LET_ANY_MORE = "not_to_let_any_more"
    NO_ANSWER = "no_answer"
    OWNER_REFUSES_FOREIGNERS = "owner_refuses_foreigners"
    OTHER = "other"


class HousingMatch(Base):
    """One home for one household. `score` from 0 to 1; `reasons` are the codes of what speaks for it.

    Both sides decide separately: `seeker_said`, `owner_said` (True yes, False no, None not yet).
    """

    __tablename__ = "housing_match"
    __sealed_by__ = "case_id"
    __table_args__ = (
        UniqueConstraint("case_id", "listing_id"),
        CheckConstraint("(state = 'refused') = (refusal_reason IS NOT NULL)", name="refused_with_reason"),
        CheckConstraint("(refusal_reason IS NULL) = (refused_by IS NULL)", name="refused_by_a_side"),
        Index("ix_housing_match_state", "organisation_id", "state", "state_since"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    state: Mapped[MatchState] = mapped_column(enum_column(MatchState, "match_state"))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    score: Mapped[float]
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    seeker_said: Mapped[bool | None]
    owner_said: Mapped[bool | None]
    refused_by: Mapped[MatchSide | None] = mapped_column(enum_column(MatchSide, "match_side"))
    refusal_reason: Mapped[RefusalReason | None] = mapped_column(enum_column(RefusalReason, "refusal_reason"))
    refusal_words: Mapped[str | None] = mapped_column(SealedText)
    not_again_before: Mapped[date | None]
    """Until when this home is not proposed to this household again; far away for never."""
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the chat wrote of it without being asked: once."""
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(lazy="raise")
    listing: Mapped[Listing] = relationship(lazy="raise")


class MatchEvent(Base):
    """One change of state of a match: by whom, when."""

    __tablename__ = "match_event"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    match_id: Mapped[str] = mapped_column(ForeignKey("housing_match.id", ondelete="CASCADE"), index=True)
    before: Mapped[str | None] = mapped_column(String(30))
    after: Mapped[str] = mapped_column(String(30))
    actor: Mapped[str] = mapped_column(String(36))
    """A staff id, `service` for the person in the chat, `owner` for who used a mailed link."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class HoldEnd(StrEnum):
    """Why a home is not held any more."""

    EXPIRED = "expired"
    GIVEN_BACK = "given_back"
    REFUSED = "refused"
    RENTED = "rented"


class Hold(Base):
    """A home that is kept for one household until a moment. One that is open a home: the database says so."""

    __tablename__ = "housing_hold"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_with_reason"),
        Index(
            "uq_housing_hold_open",
            "listing_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_housing_hold_until", "ended_at", "until"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"))
    match_id: Mapped[str] = mapped_column(ForeignKey("housing_match.id", ondelete="CASCADE"), index=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    held_by: Mapped[str] = mapped_column(String(36))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[HoldEnd | None] = mapped_column(enum_column(HoldEnd, "hold_end"))


class MatchingWeights(SetWeights, Base):
    """How much each preference counts in a body, from 0 to 10, by the code of the preference."""

    __tablename__ = "matching_weights"
