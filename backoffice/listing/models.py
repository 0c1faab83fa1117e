"""Homes to let, and their pictures."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.attachment.models import Attachment
from backoffice.client.schemas import Furnishing
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText
from backoffice.home_owner.models import HomeOwner
from backoffice.search.indexing import FoundBy
from backoffice.search.models import Indexed


class ListingState(StrEnum):
    """How far a home is (domain, project.md 5). Only what is `published` is matched and shown."""

    DRAFT = "draft"
    CHECKED = "checked"
    PUBLISHED = "published"
    RESERVED = "reserved"
    RENTED = "rented"
    WITHDRAWN = "withdrawn"


class Heating(StrEnum):
    """How a home is heated."""

    OWN = "own"
    CENTRAL = "central"
    NONE = "none"


class IncomeAsked(StrEnum):
    """What income the owner asks for; a guarantor may take its place."""

    NONE = "none"
    ANY_CONTRACT = "any_contract"
    PERMANENT = "permanent"


class VerifiedHow(StrEnum):
    """How somebody of the desk has checked a home."""

    VISIT = "visit"
    PAPERS = "papers"
    PHOTOS = "photos"


class Included(StrEnum):
    """What the rent, or the expenses with it, already pay for."""

    CONDOMINIUM = "condominium"
    HEATING = "heating"
    WATER = "water"
    ELECTRICITY = "electricity"
    GAS = "gas"
    INTERNET = "internet"
    WASTE_TAX = "waste_tax"


class Listing(Base):
    """A home. Money in whole euros (a month, where the name says so); `municipality` is an Italian name.

    `address` is hidden from a household until a viewing is fixed; `area` says where it is in words that
    find nobody's door. `max_people`: by the room standards, see `listing.room_standards`. `near`,
    `contract_types` are codes of `backoffice.client.schemas`, `included` of `Included`.
    """

    __tablename__ = "listing"
    __sealed_by__ = "owner_id"
    __found_by__ = ("code", "reference", "municipality", "area", "address", "description")
    __table_args__ = (
        Index("ix_listing_state_town", "organisation_id", "state", "municipality"),
        Index("ix_listing_updated", "organisation_id", "updated_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(11), unique=True)
    """What staff, owner and household call it by, such as `C-7K2M`: it tells nothing."""
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    owner_id: Mapped[str] = mapped_column(ForeignKey("home_owner.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_record.id"), index=True)
    """The case of type `housing_offer` that it came from."""
    reference: Mapped[str | None] = mapped_column(String(40))
    """What the owner calls it, such as an agency's number: a list that is imported again knows it by it."""
    state: Mapped[ListingState] = mapped_column(enum_column(ListingState, "listing_state"))
    municipality: Mapped[str] = mapped_column(String(80))
    area: Mapped[str | None] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(SealedText)
    rooms: Mapped[int]
    size_m2: Mapped[int | None]
    floor: Mapped[int | None]
    """0 is the ground floor."""
    lift: Mapped[bool | None]
    step_free: Mapped[bool | None]
    heating: Mapped[Heating | None] = mapped_column(enum_column(Heating, "heating"))
    furnishing: Mapped[Furnishing | None] = mapped_column(enum_column(Furnishing, "furnishing"))
    energy_class: Mapped[str | None] = mapped_column(String(2))
    max_people: Mapped[int | None]
    rent_eur_month: Mapped[int | None]
    """None while it is a draft: nothing is published without its rent."""
    expenses_eur_month: Mapped[int | None]
    deposit_eur: Mapped[int | None]
    included: Mapped[list[str]] = mapped_column(JSON, default=list)
    contract_types: Mapped[list[str]] = mapped_column(JSON, default=list)
    near: Mapped[list[str]] = mapped_column(JSON, default=list)
    pets: Mapped[bool | None]
    income_asked: Mapped[IncomeAsked] = mapped_column(
        enum_column(IncomeAsked, "income_asked"), default=IncomeAsked.NONE
    )
    guarantor_accepted: Mapped[bool] = mapped_column(default=True)
    residence_allowed: Mapped[bool] = mapped_column(default=True)
    available_from: Mapped[date | None]
    description: Mapped[str | None] = mapped_column(SealedText)
    verified_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_how: Mapped[str | None] = mapped_column(String(30))
    """`visit`, `papers` or `photos`."""
    withdrawn_reason: Mapped[str | None] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    owner: Mapped[HomeOwner] = relationship(lazy="raise")

    def found_by(self) -> FoundBy:
        """Return what the home is found by."""
        words = (self.code, self.reference, self.municipality, self.area, self.address, self.description)
        return FoundBy(Indexed.LISTING, self.id, words, is_all=True)


class ListingPhoto(Base):
    """One picture of a home, drawn anew without position and camera as every picture is."""

    __tablename__ = "listing_photo"
    __table_args__ = (UniqueConstraint("listing_id", "attachment_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id"), index=True)
    place: Mapped[int]
    """From 1; the first is the one on the card."""
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    attachment: Mapped[Attachment] = relationship(lazy="raise")


class ListingEvent(Base):
    """One change of state of a home: by whom, when."""

    __tablename__ = "listing_event"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    before: Mapped[str | None] = mapped_column(String(30))
    after: Mapped[str] = mapped_column(String(30))
    actor: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class WishClearance(Base):
    """Words of a home that looked like a wish that discriminates, and why somebody said they are none."""

    __tablename__ = "wish_clearance"
    __sealed_by__ = "listing_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    listing_id: Mapped[str] = mapped_column(ForeignKey("listing.id", ondelete="CASCADE"), index=True)
    phrase: Mapped[str] = mapped_column(SealedText)
    reason: Mapped[str] = mapped_column(SealedText)
    cleared_by: Mapped[str] = mapped_column(String(36))
    cleared_at: Mapped[datetime] = mapped_column(UtcDateTime)
