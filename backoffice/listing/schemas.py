"""Homes and owners as JSON. What is wrong with a value is said as on the pages, in English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from backoffice.case.schemas import Document
from backoffice.client.schemas import ContractType, Furnishing, LanguageCode, Near
from backoffice.home_owner.models import (
    Guarantee,
    HomeOwner,
    LostReason,
    OwnerContact,
    OwnerKind,
    RefusedWish,
    TaxRegime,
    WishGround,
    Worry,
)
from backoffice.listing.models import (
    Heating,
    Included,
    IncomeAsked,
    Listing,
    ListingState,
    VerifiedHow,
)

Sum = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
"""Wide enough that a wrong number gets its sentence instead of a formal refusal."""

Words = Annotated[str, Field(max_length=400)]
Id = Annotated[str, Field(max_length=36)]


class HomeFacts(Document):
    """What a home is like. Money in whole euros, a month's where the name says so."""

    municipality: Words | None = None
    area: Words | None = None
    address: Words | None = None
    reference: Words | None = None
    rooms: Sum | None = None
    size_m2: Sum | None = None
    floor: Sum | None = None
    lift: bool | None = None
    step_free: bool | None = None
    heating: Heating | None = None
    furnishing: Furnishing | None = None
    energy_class: Annotated[str, Field(max_length=10)] | None = None
    max_people: Sum | None = None
    rent_eur_month: Sum | None = None
    expenses_eur_month: Sum | None = None
    deposit_eur: Sum | None = None
    included: list[Included] = Field(default=[], max_length=20)
    contract_types: list[ContractType] = Field(default=[], max_length=20)
    near: list[Near] = Field(default=[], max_length=20)
    pets: bool | None = None
    income_asked: IncomeAsked = IncomeAsked.NONE
    guarantor_accepted: bool = True
    residence_allowed: bool = True
    available_from: date | None = None
    description: Annotated[str, Field(max_length=20_000)] | None = None


class HomeIn(HomeFacts):
    """A home of an owner. `not_discriminating`: why words that look like a forbidden wish are none."""

    owner: Id
    case: Id | None = None
    not_discriminating: Annotated[str, Field(max_length=2000)] | None = None


class HomeChange(HomeFacts):
    """What shall be different, and the version that the caller read; what is left out stays."""

    version: Annotated[int, Field(ge=0, le=2**31 - 1)]
    not_discriminating: Annotated[str, Field(max_length=2000)] | None = None


class HomeMove(Document):
    """Another state; of a withdrawal with why."""

    to: ListingState
    reason: LostReason | None = None


class HomeVerification(Document):
    """How somebody of the desk has checked the home."""

    how: VerifiedHow


class HomeOut(HomeFacts):
    """One home. In lists `address` and `description` are left out: reading one home is noted."""

    id: str
    code: str
    version: int
    state: ListingState
    owner: str
    case: str | None
    verified_at: datetime | None
    verified_how: str | None
    withdrawn_reason: str | None
    photos: list[str]
    created_at: datetime
    updated_at: datetime


class HomeList(Document):
    """Homes, the one that was changed last first."""

    items: list[HomeOut]
    next: str | None


class OwnerFactsIn(Document):
    """What is known of an owner beside name and phone."""

    kind: OwnerKind = OwnerKind.PERSON
    company: Words | None = None
    email: Words | None = None
    contact: OwnerContact = OwnerContact.PHONE
    contact_agreed_on: date | None = None
    worries: list[Worry] = Field(default=[], max_length=10)
    guarantees: list[Guarantee] = Field(default=[], max_length=10)
    tax_regime: TaxRegime = TaxRegime.UNDECIDED
    agency_involved: bool = False
    note: Annotated[str, Field(max_length=20_000)] | None = None


class OwnerIn(OwnerFactsIn):
    """An owner: somebody who is known by `person`, or somebody new by name and phone."""

    person: Id | None = None
    name: Words | None = None
    phone: Words | None = None
    language: LanguageCode = "it"


class OwnerChange(OwnerFactsIn):
    """What shall be different, and the version that the caller read; what is left out stays."""

    version: Annotated[int, Field(ge=0, le=2**31 - 1)]


class OwnerLoss(Document):
    """Why an owner lets nothing through the desk any more; null: they are back."""

    reason: LostReason | None


class WishIn(Document):
    """A wish of an owner that discriminates."""

    ground: WishGround
    words: Annotated[str, Field(max_length=2000)] | None = None


class WishOut(Document):
    """A wish that was refused, and what the law says."""

    id: str
    ground: WishGround
    refused_at: datetime
    law: str


class OwnerOut(OwnerFactsIn):
    """One owner. In lists `email` and `note` are left out: reading one owner is noted."""

    id: str
    version: int
    person: str
    name: str | None
    phone: str | None
    lost_on: date | None
    lost_reason: LostReason | None
    created_at: datetime


class OwnerList(Document):
    """Owners, the newest first."""

    items: list[OwnerOut]
    next: str | None


def raw_facts(facts: HomeFacts, *, only_sent: bool) -> dict[str, Any]:
    """Return a home as `facts.read_home` reads it."""
    names = set(HomeFacts.model_fields) & (
        facts.model_fields_set if only_sent else set(HomeFacts.model_fields)
    )
    sent = facts.model_dump(mode="json", include=names)
    return {name: _raw(value) for name, value in sent.items()}


def home_out(listing: Listing, photos: Sequence[str], *, whole: bool) -> HomeOut:
    """Return a home as JSON; `whole` with where it is and what is written of it."""
    facts = {name: getattr(listing, name) for name in HomeFacts.model_fields}
    if not whole:
        facts |= {"address": None, "description": None}
    return HomeOut(
        **facts,
        id=listing.id,
        code=listing.code,
        version=listing.version,
        state=listing.state,
        owner=listing.owner_id,
        case=listing.case_id,
        verified_at=listing.verified_at,
        verified_how=listing.verified_how,
        withdrawn_reason=listing.withdrawn_reason,
        photos=[f"/listings/{listing.id}/photos/{photo}" for photo in photos],
        created_at=listing.created_at,
        updated_at=listing.updated_at,
    )


def owner_out(owner: HomeOwner, *, whole: bool) -> OwnerOut:
    """Return an owner as JSON; `whole` with e-mail and note."""
    facts = {name: getattr(owner, name) for name in OwnerFactsIn.model_fields}
    if not whole:
        facts |= {"email": None, "note": None}
    return OwnerOut(
        **facts,
        id=owner.id,
        version=owner.version,
        person=owner.person_id,
        name=owner.person.name,
        phone=owner.person.phone,
        lost_on=owner.lost_on,
        lost_reason=owner.lost_reason,
        created_at=owner.created_at,
    )


def wish_out(wish: RefusedWish, law: str) -> WishOut:
    """Return a refused wish as JSON."""
    return WishOut(id=wish.id, ground=wish.ground, refused_at=wish.refused_at, law=law)


def _raw(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, list) else ("" if value is None else str(value))
