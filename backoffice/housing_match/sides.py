"""What matching may know of a household and of a home: nothing else can enter a rule or a preference.

There is no field for a name, a nationality, a religion, a language, a gender, an origin or a permit, and
none may be added (`docs/matching.md`): who tried would have to change these types, which a test reads.
None, or an empty tuple, is "not known".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from backoffice.client.schemas import Employment, Furnishing, LeavingReason, Near
from backoffice.listing.models import IncomeAsked, Listing


@dataclass(frozen=True)
class Household:
    """What a household needs. Money in euros a month, `deposit_available` once. The first town counts most.

    `home_from`: the day from which a home is wanted, never a day that is past. `step_free`: somebody cannot
    climb stairs. `days_to_eviction` is 0 where the day is past; `waiting_days` counts since the search began.
    """

    towns: tuple[str, ...] = ()
    budget: int | None = None
    people: int | None = None
    minors: int | None = None
    rooms: int | None = None
    home_from: date | None = None
    near: tuple[str, ...] = ()
    step_free: bool | None = None
    furnished: bool | None = None
    pets: bool | None = None
    income: int | None = None
    employment: Employment | None = None
    guarantor: bool | None = None
    deposit_available: int | None = None
    is_evicted: bool | None = None
    days_to_eviction: int | None = None
    waiting_days: int = 0


@dataclass(frozen=True)
class Home:
    """What a home is like. Money in euros, rent and expenses a month; floor 0 is the ground floor."""

    town: str
    rooms: int
    rent: int | None = None
    expenses: int | None = None
    deposit: int | None = None
    max_people: int | None = None
    size_m2: int | None = None
    floor: int | None = None
    lift: bool | None = None
    step_free: bool | None = None
    furnishing: Furnishing | None = None
    energy_class: str | None = None
    near: tuple[str, ...] = ()
    pets: bool | None = None
    income_asked: IncomeAsked = IncomeAsked.NONE
    guarantor_accepted: bool = True
    residence_allowed: bool = True
    available_from: date | None = None

    @property
    def cost(self) -> int | None:
        """Rent and expenses of a month; None where either is unknown."""
        return None if self.rent is None or self.expenses is None else self.rent + self.expenses


HOME_COLUMNS = (
    Listing.municipality,
    Listing.rooms,
    Listing.rent_eur_month,
    Listing.expenses_eur_month,
    Listing.deposit_eur,
    Listing.max_people,
    Listing.size_m2,
    Listing.floor,
    Listing.lift,
    Listing.step_free,
    Listing.furnishing,
    Listing.energy_class,
    Listing.near,
    Listing.pets,
    Listing.income_asked,
    Listing.guarantor_accepted,
    Listing.residence_allowed,
    Listing.available_from,
)
"""The columns of a listing that a `Home` is read from."""


def home_of(listing: Listing | Row[*tuple[Any, ...]]) -> Home:
    """Return what matching may know of a home, from its listing or from a row with `HOME_COLUMNS`."""
    return Home(
        town=listing.municipality,
        rooms=listing.rooms,
        rent=listing.rent_eur_month,
        expenses=listing.expenses_eur_month,
        deposit=listing.deposit_eur,
        max_people=listing.max_people,
        size_m2=listing.size_m2,
        floor=listing.floor,
        lift=listing.lift,
        step_free=listing.step_free,
        furnishing=listing.furnishing,
        energy_class=listing.energy_class,
        near=_places(listing.near),
        pets=listing.pets,
        income_asked=listing.income_asked,
        guarantor_accepted=listing.guarantor_accepted,
        residence_allowed=listing.residence_allowed,
        available_from=listing.available_from,
    )


def household_of(intake: Mapping[str, Any], *, waiting_since: date, today: date) -> Household:
    """Return what matching may know of a household, from the intake of its case.

    An intake of another shape (an old one, a case without answers) gives what it has.
    """
    eviction, wanted = _day(intake.get("eviction_on")), _day(intake.get("move_in_from"))
    leaving, work = intake.get("leaving_reason"), intake.get("employment")
    return Household(
        towns=tuple(intake.get("municipalities") or ()),
        budget=intake.get("budget_eur_month"),
        people=intake.get("people"),
        minors=intake.get("minors"),
        rooms=intake.get("rooms"),
        home_from=None if wanted is None else max(wanted, today),
        near=_places(intake.get("near")),
        step_free=intake.get("step_free"),
        furnished=intake.get("furnished"),
        pets=intake.get("pets"),
        income=intake.get("net_income_eur_month"),
        employment=None if work is None else Employment(work),
        guarantor=intake.get("guarantor"),
        deposit_available=intake.get("deposit_available_eur"),
        is_evicted=True if eviction else None if leaving is None else leaving == LeavingReason.EVICTION,
        days_to_eviction=None if eviction is None else max((eviction - today).days, 0),
        waiting_days=max((today - waiting_since).days, 0),
    )


_KNOWN_PLACES = frozenset(each.value for each in Near)


def _places(codes: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(code for code in codes or () if code in _KNOWN_PLACES)


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
