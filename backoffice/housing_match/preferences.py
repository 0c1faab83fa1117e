"""The preferences: each says from 0 to 1 how well a home does in one respect, or None where nothing is known.

What is not known counts as `NEUTRAL`: neither for a pair nor against it. The score of a pair is the mean of
the preferences, weighted as a coordinator has set it; it orders what fits and excludes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backoffice.client.schemas import Furnishing
from backoffice.housing_match.sides import Home, Household
from backoffice.matching.scores import Part, Weights, within

SPARE_SHARE = 0.3
"""Who pays so much less than the budget has all there is to gain."""

FAIR_SHARE, HARD_SHARE = 1 / 3, 1 / 2
"""Rent and expenses as a share of the income: a third is fair (domain, housing.md 8), half is too much."""

M2_CLOSE, M2_AMPLE = 9, 20
"""Square metres for each person."""

SOON_DAYS, YEAR_DAYS, EVICTION_DAYS = 60, 365, 90
EVICTED_WITHOUT_DAY = 0.7
LISTED_TOWN = 0.5
HALF_FURNISHED = 0.5
LOST_A_FLOOR = 0.25
LOST_A_ROOM = 0.5

ENERGY: Mapping[str, float] = {
    **dict.fromkeys(("A4", "A3", "A2", "A1", "A"), 1.0),
    "B": 0.85,
    "C": 0.7,
    "D": 0.5,
    "E": 0.35,
    "F": 0.15,
    "G": 0.0,
}


Preference = Callable[[Household, Home], float | None]


def same_town(household: Household, home: Home) -> float | None:
    """The town that was named first, before the others that were named."""
    if not household.towns:
        return None
    if household.towns[0] == home.town:
        return 1.0
    return LISTED_TOWN if home.town in household.towns else 0.0


def near(household: Household, home: Home) -> float | None:
    """How much of what it should be near to the home is near to."""
    if not household.near or not home.near:
        return None
    return len(set(household.near) & set(home.near)) / len(set(household.near))


def spare_rent(household: Household, home: Home) -> float | None:
    """How far rent and expenses stay under the budget."""
    if household.budget is None or home.cost is None:
        return None
    return within((household.budget - home.cost) / household.budget / SPARE_SHARE)


def fair_rent(household: Household, home: Home) -> float | None:
    """How small a share of the income rent and expenses take."""
    if not household.income or home.cost is None:
        return None
    return within((HARD_SHARE - home.cost / household.income) / (HARD_SHARE - FAIR_SHARE))


def rooms_for_minors(household: Household, home: Home) -> float | None:
    """A room to live in, one for the grown-ups, and one for every two minors."""
    if not household.minors:
        return None
    lacking = 2 + (household.minors + 1) // 2 - home.rooms
    return within(1 - LOST_A_ROOM * lacking)


def space(household: Household, home: Home) -> float | None:
    """Square metres for each person."""
    if household.people is None or home.size_m2 is None:
        return None
    return within((home.size_m2 / household.people - M2_CLOSE) / (M2_AMPLE - M2_CLOSE))


def furnished(household: Household, home: Home) -> float | None:
    """Furniture for who has none, an empty home for who brings their own."""
    if household.furnished is None or home.furnishing is None:
        return None
    if home.furnishing is Furnishing.KITCHEN_ONLY:
        return HALF_FURNISHED
    return float(household.furnished == (home.furnishing is Furnishing.FURNISHED))


def deposit(household: Household, home: Home) -> float | None:
    """How much of the deposit the household has ready."""
    if home.deposit == 0:
        return 1.0
    if home.deposit is None or household.deposit_available is None:
        return None
    return within(household.deposit_available / home.deposit)


def few_stairs(_household: Household, home: Home) -> float | None:
    """A lift, or few floors to climb."""
    if home.lift or (home.floor is not None and home.floor <= 0):
        return 1.0
    if home.floor is None or home.lift is None:
        return None
    return within(1 - LOST_A_FLOOR * home.floor)


def free_soon(household: Household, home: Home) -> float | None:
    """Free when it is wanted, or soon after."""
    if household.home_from is None or home.available_from is None:
        return None
    return within(1 - (home.available_from - household.home_from).days / SOON_DAYS)


def energy_class(_household: Household, home: Home) -> float | None:
    """A home that is cheap to heat."""
    return ENERGY.get(home.energy_class or "")


def waiting(household: Household, _home: Home) -> float | None:
    """Who has looked for long comes before who has just begun."""
    return within(household.waiting_days / YEAR_DAYS)


def eviction(household: Household, _home: Home) -> float | None:
    """Who has to leave soon comes first."""
    if household.days_to_eviction is not None:
        return within(1 - household.days_to_eviction / EVICTION_DAYS)
    if household.is_evicted is None:
        return None
    return EVICTED_WITHOUT_DAY if household.is_evicted else 0.0


PREFERENCES: Mapping[str, Preference] = {
    "same_town": same_town,
    "near": near,
    "spare_rent": spare_rent,
    "fair_rent": fair_rent,
    "rooms_for_minors": rooms_for_minors,
    "space": space,
    "furnished": furnished,
    "deposit": deposit,
    "few_stairs": few_stairs,
    "free_soon": free_soon,
    "energy_class": energy_class,
    "waiting": waiting,
    "eviction": eviction,
}
"""Every preference by its code, in the order in which they are added up."""

DEFAULT_WEIGHTS: Weights = {
    "same_town": 6,
    "near": 6,
    "spare_rent": 5,
    "fair_rent": 7,
    "rooms_for_minors": 6,
    "space": 4,
    "furnished": 4,
    "deposit": 5,
    "few_stairs": 3,
    "free_soon": 5,
    "energy_class": 3,
    "waiting": 4,
    "eviction": 7,
}
"""From 0, which leaves a preference out, to `HEAVIEST`, until a coordinator sets others."""


def parts_of(household: Household, home: Home, weights: Weights) -> list[Part]:
    """Return what each preference gives to a pair."""
    return [Part(code, value(household, home), weights[code]) for code, value in PREFERENCES.items()]
