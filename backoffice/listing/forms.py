"""What the pages of homes and owners post and are asked for, read from forms and addresses."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, Field

from backoffice.home_owner.faults import Fault
from backoffice.home_owner.models import OwnerKind
from backoffice.home_owner.queries import OwnerFilters
from backoffice.listing.models import ListingState
from backoffice.listing.queries import ListingFilters
from backoffice.posted import day_typed

Code = TypeVar("Code", bound=StrEnum)

Short = Annotated[str, Field(max_length=400)]
Codes = Annotated[list[str], Field(max_length=20)]


class HomeForm(BaseModel):
    """A home as it was typed; empty is unknown. What is wrong, `facts.read_home` says."""

    owner: Annotated[str, Field(max_length=36)] = ""
    case: Annotated[str, Field(max_length=36)] = ""
    version: int | None = None
    rent_open: bool = False
    """The rent is not agreed yet: the home stays a draft."""
    wish_reason: Annotated[str, Field(max_length=2000)] = ""
    """Why words that look like a wish that discriminates are none."""
    municipality: Short = ""
    area: Short = ""
    address: Short = ""
    reference: Short = ""
    rooms: Short = ""
    size_m2: Short = ""
    floor: Short = ""
    lift: Short = ""
    step_free: Short = ""
    heating: Short = ""
    furnishing: Short = ""
    energy_class: Short = ""
    max_people: Short = ""
    rent_eur_month: Short = ""
    expenses_eur_month: Short = ""
    deposit_eur: Short = ""
    included: Codes = []
    contract_types: Codes = []
    near: Codes = []
    pets: Short = ""
    income_asked: Short = ""
    guarantor_accepted: Short = ""
    residence_allowed: Short = ""
    available_from: Short = ""
    description: Annotated[str, Field(max_length=20_000)] = ""

    @property
    def raw(self) -> dict[str, Any]:
        """What was typed about the home."""
        return self.model_dump(exclude={"owner", "case", "version", "rent_open", "wish_reason"})


class OwnerForm(BaseModel):
    """An owner as typed; `person` is somebody who is known, `is_new`: nobody of those found is."""

    version: int | None = None
    person: Annotated[str, Field(max_length=36)] = ""
    is_new: bool = False
    name: Short = ""
    phone: Short = ""
    language: Annotated[str, Field(max_length=10)] = "it"
    kind: Short = "person"
    company: Short = ""
    email: Short = ""
    contact: Short = "phone"
    contact_agreed_on: Short = ""
    worries: Codes = []
    guarantees: Codes = []
    tax_regime: Short = "undecided"
    agency_involved: bool = False
    note: Annotated[str, Field(max_length=20_000)] = ""


class HomeSearch(BaseModel):
    """The filters of homes as they stand in the address. What no list knows narrows nothing."""

    state: Annotated[str, Field(max_length=40)] = ""
    municipality: Annotated[str, Field(max_length=80)] = ""
    rent: Annotated[str, Field(max_length=20)] = ""
    people: Annotated[str, Field(max_length=20)] = ""
    free: Annotated[str, Field(max_length=20)] = ""
    owner: Annotated[str, Field(max_length=36)] = ""
    q: Annotated[str, Field(max_length=200)] = ""
    cursor: Annotated[str, Field(max_length=200)] = ""

    @property
    def filters(self) -> ListingFilters:
        """Return them as a list is narrowed by them."""
        return ListingFilters(
            state=known_code(ListingState, self.state),
            municipality=self.municipality or None,
            rent_most=_number(self.rent),
            people=_number(self.people),
            free_by=day_typed(self.free),
            owner_id=self.owner or None,
            q=self.q,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(self.model_dump(exclude={"cursor"}).values())

    def address(self, **changed: str) -> str:
        """Return the address of the list with some parts changed."""
        return _address("/listings", {**self.model_dump(), **changed})


class OwnerSearch(BaseModel):
    """The filters of owners as they stand in the address."""

    q: Annotated[str, Field(max_length=200)] = ""
    kind: Annotated[str, Field(max_length=40)] = ""
    lost: Annotated[str, Field(max_length=10)] = ""
    cursor: Annotated[str, Field(max_length=200)] = ""

    @property
    def filters(self) -> OwnerFilters:
        """Return them as a list is narrowed by them."""
        return OwnerFilters(
            q=self.q, kind=known_code(OwnerKind, self.kind), lost={"yes": True, "no": False}.get(self.lost)
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(self.model_dump(exclude={"cursor"}).values())

    def address(self, **changed: str) -> str:
        """Return the address of the list with some parts changed."""
        return _address("/owners", {**self.model_dump(), **changed})


HomesAsked = Annotated[HomeSearch, Query()]
OwnersAsked = Annotated[OwnerSearch, Query()]


def by_field(faults: Sequence[Fault]) -> dict[str, Fault]:
    """Return the first fault of each field."""
    found: dict[str, Fault] = {}
    for fault in faults:
        found.setdefault(fault.field, fault)
    return found


def known_code(kind: type[Code], value: str) -> Code | None:
    """Return the code of an enumeration, or None where it has none of that name."""
    try:
        return kind(value)
    except ValueError:
        return None


def _address(path: str, parts: dict[str, Any]) -> str:
    asked = {name: value for name, value in parts.items() if value}
    return f"{path}?{urlencode(asked)}" if asked else path


def _number(typed: str) -> int | None:
    plain = typed.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 7 else None
