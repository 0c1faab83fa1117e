"""Owners of homes. An owner is a person that the desk knows, with name, phone and key as every other."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText
from backoffice.person.models import Person


class OwnerKind(StrEnum):
    """Who lets the home (domain, project.md 5)."""

    PERSON = "person"
    COMPANY = "company"
    AGENCY = "agency"
    BODY = "body"


class Worry(StrEnum):
    """What an owner worries about."""

    ARREARS = "arrears"
    DAMAGE = "damage"
    OVERCROWDING = "overcrowding"
    NEIGHBOURS = "neighbours"
    PAPERWORK = "paperwork"
    GETTING_IT_BACK = "getting_it_back"


class Guarantee(StrEnum):
    """What an owner asks for, so as to be safe."""

    DEPOSIT = "deposit"
    GUARANTOR = "guarantor"
    GUARANTEE_FUND = "guarantee_fund"
    INSURANCE = "insurance"
    WORK_CONTRACT = "work_contract"
    DESK_FOLLOWS = "desk_follows"


class TaxRegime(StrEnum):
    """How the owner wants the rent taxed (domain, housing.md 3)."""

    ORDINARY = "ordinary"
    FLAT_TAX = "flat_tax"
    UNDECIDED = "undecided"


class OwnerContact(StrEnum):
    """How the owner wants to be reached."""

    MAIL = "mail"
    PHONE = "phone"
    CHAT = "chat"


class LostReason(StrEnum):
    """Why an owner does not let through the desk any more."""

    RENTED_ELSEWHERE = "rented_elsewhere"
    SOLD = "sold"
    BAD_EXPERIENCE = "bad_experience"
    TOO_SLOW = "too_slow"
    CONDITIONS = "conditions"
    CHANGED_MIND = "changed_mind"
    DISCRIMINATES = "discriminates"
    OTHER = "other"


class HomeOwner(Base):
    """Somebody who has homes to let. Name and phone are those of `person`.

    `contact_agreed_on`: when they said that the desk may write and call. `company` is the name of what is
    no natural person.
    """

    __tablename__ = "home_owner"
    __sealed_by__ = "person_id"
    __table_args__ = (CheckConstraint("(lost_on IS NULL) = (lost_reason IS NULL)", name="lost_with_reason"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[OwnerKind] = mapped_column(enum_column(OwnerKind, "owner_kind"))
    company: Mapped[str | None] = mapped_column(SealedText)
    email: Mapped[str | None] = mapped_column(SealedText)
    contact: Mapped[OwnerContact] = mapped_column(enum_column(OwnerContact, "owner_contact"))
    contact_agreed_on: Mapped[date | None]
    worries: Mapped[list[str]] = mapped_column(JSON, default=list)
    guarantees: Mapped[list[str]] = mapped_column(JSON, default=list)
    tax_regime: Mapped[TaxRegime] = mapped_column(
        enum_column(TaxRegime, "tax_regime"), default=TaxRegime.UNDECIDED
    )
    agency_involved: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(SealedText)
    lost_on: Mapped[date | None]
    lost_reason: Mapped[LostReason | None] = mapped_column(enum_column(LostReason, "owner_lost_reason"))
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="raise")


class WishGround(StrEnum):
    """What a wish discriminates by (D.Lgs. 286/1998 art. 43; D.Lgs. 215/2003)."""

    NATIONALITY = "nationality"
    ORIGIN = "origin"
    RELIGION = "religion"
    LANGUAGE = "language"
    SKIN = "skin"
    FAMILY = "family"
    OTHER = "other"


class RefusedWish(Base):
    """A wish of an owner that the law forbids: refused, counted, and never part of a match."""

    __tablename__ = "refused_wish"
    __sealed_by__ = "owner_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    owner_id: Mapped[str] = mapped_column(ForeignKey("home_owner.id", ondelete="CASCADE"), index=True)
    ground: Mapped[WishGround] = mapped_column(enum_column(WishGround, "wish_ground"))
    words: Mapped[str | None] = mapped_column(SealedText)
    refused_by: Mapped[str] = mapped_column(String(36))
    refused_at: Mapped[datetime] = mapped_column(UtcDateTime)
