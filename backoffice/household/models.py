"""Households and their members."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedJson, SealedText


class Relation(StrEnum):
    """What a member is to the person whose household was written down."""

    SELF = "self"
    PARTNER = "partner"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    OTHER_RELATIVE = "other_relative"
    NOT_RELATED = "not_related"


class Household(Base):
    """Who lives together. `facts`: ISEE and income (`household.schemas.HouseholdFacts`)."""

    __tablename__ = "household"
    __sealed_by__ = "organisation_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    facts: Mapped[Any] = mapped_column(SealedJson)
    changed_by: Mapped[str] = mapped_column(String(36))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    members: Mapped[list[HouseholdMember]] = relationship(
        order_by="HouseholdMember.place", cascade="all, delete-orphan"
    )


class HouseholdMember(Base):
    """One member: a person of the system or a name alone. Nobody is in two households at a time."""

    __tablename__ = "household_member"
    __sealed_by__ = "household_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    household_id: Mapped[str] = mapped_column(ForeignKey("household.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    place: Mapped[int]
    name: Mapped[str | None] = mapped_column(SealedText)
    relation: Mapped[Relation] = mapped_column(enum_column(Relation, "relation"))
    traits: Mapped[Any] = mapped_column(SealedJson)
    """`minor` and `dependant`, yes or no."""
