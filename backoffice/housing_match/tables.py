"""The same as `engine`, for thousands of pairs at once: columns of numbers instead of single pairs.

What is not known is NaN, which no comparison is true of: so it excludes nobody, as in `rules`. The sums are
made in the order of `preferences`, so that the scores are the same to the last digit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from backoffice.client.schemas import Employment, Furnishing, Near
from backoffice.housing_match import preferences as p
from backoffice.housing_match.engine import cheapness
from backoffice.housing_match.rules import WAITS_AT_MOST, WITH_CONTRACT
from backoffice.housing_match.sides import Home, Household
from backoffice.listing.models import IncomeAsked
from backoffice.matching.columns import NAN, Column, Numbers, Rows, all_within, ranked, transposed
from backoffice.matching.scores import NEUTRAL, Fit, Weights

_NEAR_BIT = {place.value: 1 << place_number for place_number, place in enumerate(Near)}
_BITS: Numbers = np.array([bin(mask).count("1") for mask in range(1 << len(_NEAR_BIT))], dtype=np.float64)
_ASKED = {IncomeAsked.NONE: 0.0, IncomeAsked.ANY_CONTRACT: 1.0, IncomeAsked.PERMANENT: 2.0}
_FURNISHING = {Furnishing.FURNISHED: 1.0, Furnishing.KITCHEN_ONLY: NAN, Furnishing.UNFURNISHED: 0.0}
_NO_ROWS: Rows = np.array([], dtype=np.intp)


@dataclass(frozen=True)
class _Needs:
    """Households as columns, or one of them as numbers."""

    budget: Column
    people: Column
    minors: Column
    rooms: Column
    home_from: Column
    near: Column
    step_free: Column
    furnished: Column
    pets: Column
    income: Column
    work: Column
    guarantor: Column
    deposit_available: Column
    waiting: Column
    eviction: Column


@dataclass(frozen=True)
class _Offers:
    """Homes as columns, or one of them as numbers."""

    known_rent: Column
    cost: Column
    deposit: Column
    max_people: Column
    rooms: Column
    size_m2: Column
    stairs: Column
    furnishing: Column
    half_furnished: Column
    near: Column
    pets: Column
    income_asked: Column
    guarantor_accepted: Column
    residence_allowed: Column
    available_from: Column
    few_stairs: Column
    energy_class: Column


class HomeTable:
    """Homes by town, ready to be held against households."""

    def __init__(self, homes: Mapping[str, Home]) -> None:
        self.ids = sorted(homes, key=lambda key: (*cheapness(homes[key]), key))
        listed = [homes[key] for key in self.ids]
        self._table = transposed([_offer(home) for home in listed], len(_Offers.__dataclass_fields__))
        self._rows = _rows_by_town((home.town,) for home in listed)
        self._towns = np.array([home.town for home in listed], dtype=object)
        self._all: Rows = np.arange(len(listed))

    def homes_for(self, household: Household, weights: Weights) -> list[Fit]:
        """Return the homes that fit a household, the best first."""
        rows = self._in_towns(household.towns)
        if not rows.size:
            return []
        needs = _Needs(*_need(household))
        rows = rows[~_excluded(needs, _Offers(*self._table[:, rows]))]
        if not rows.size:
            return []
        town = self._town_values(household.towns, rows)
        return ranked(self.ids, rows, _scores(needs, _Offers(*self._table[:, rows]), town, weights))

    def _in_towns(self, towns: Sequence[str]) -> Rows:
        if not towns:
            return self._all
        found = [self._rows[town] for town in dict.fromkeys(towns) if town in self._rows]
        return np.sort(np.concatenate(found)) if len(found) > 1 else found[0] if found else _NO_ROWS

    def _town_values(self, towns: Sequence[str], rows: Rows) -> Column:
        if not towns:
            return NEUTRAL
        return np.where(self._towns[rows] == towns[0], 1.0, p.LISTED_TOWN)


class HouseholdTable:
    """Households by town, ready to be held against homes."""

    def __init__(self, households: Mapping[str, Household]) -> None:
        self.ids = sorted(households, key=lambda key: (-households[key].waiting_days, key))
        listed = [households[key] for key in self.ids]
        self._table = transposed([_need(each) for each in listed], len(_Needs.__dataclass_fields__))
        self._rows = _rows_by_town(each.towns or (None,) for each in listed)
        self._first = np.array([each.towns[0] if each.towns else None for each in listed], dtype=object)

    def households_for(self, home: Home, weights: Weights) -> list[Fit]:
        """Return the households that a home fits, the best first."""
        rows = np.sort(np.concatenate([self._rows.get(town, _NO_ROWS) for town in (home.town, None)]))
        offer = _Offers(*_offer(home))
        if rows.size:
            rows = rows[~_excluded(_Needs(*self._table[:, rows]), offer)]
        if not rows.size:
            return []
        first = self._first[rows]
        town = np.where(first == home.town, 1.0, np.where(first == None, NEUTRAL, p.LISTED_TOWN))  # noqa: E711
        return ranked(self.ids, rows, _scores(_Needs(*self._table[:, rows]), offer, town, weights))


def every_match(
    households: Mapping[str, Household], homes: Mapping[str, Home], weights: Weights
) -> Iterator[tuple[str, list[Fit]]]:
    """Match all with all: each household with the homes that fit it, the best first."""
    table = HomeTable(homes)
    for key, household in households.items():
        yield key, table.homes_for(household, weights)


def _need(household: Household) -> tuple[float, ...]:
    work = household.employment
    level = 2.0 if work is Employment.PERMANENT else 1.0 if work in WITH_CONTRACT else 0.0
    return (
        _number(household.budget),
        _number(household.people),
        _number(household.minors or None),
        _number(household.rooms),
        _ordinal(household.home_from),
        float(_mask(household.near)),
        _number(household.step_free),
        _number(household.furnished),
        _number(household.pets),
        _number(household.income or None),
        NAN if work is None else level,
        _number(household.guarantor),
        _number(household.deposit_available),
        _number(p.waiting(household, _NOWHERE)),
        _number(p.eviction(household, _NOWHERE)),
    )


def _offer(home: Home) -> tuple[float, ...]:
    climbs = home.floor is not None and home.floor > 0 and home.lift is False
    return (
        _number(home.rent if home.cost is None else home.cost),
        _number(home.cost),
        _number(home.deposit),
        _number(home.max_people),
        float(home.rooms),
        _number(home.size_m2),
        float(not home.step_free and (home.step_free is False or climbs)),
        NAN if home.furnishing is None else _FURNISHING[home.furnishing],
        float(home.furnishing is Furnishing.KITCHEN_ONLY),
        float(_mask(home.near)),
        _number(home.pets),
        _ASKED[home.income_asked],
        float(home.guarantor_accepted),
        float(home.residence_allowed),
        _ordinal(home.available_from),
        _number(p.few_stairs(_NOBODY, home)),
        _number(p.energy_class(_NOBODY, home)),
    )


def _excluded(needs: _Needs, home: _Offers) -> npt.NDArray[np.bool_]:
    """Tell of each pair whether a rule says no; the town has been asked by the index already."""
    helped = (home.guarantor_accepted == 1) & (needs.guarantor != 0)
    return np.asarray(
        (home.known_rent > needs.budget)
        | (needs.people > home.max_people)
        | (home.available_from - needs.home_from > WAITS_AT_MOST.days)
        | (home.residence_allowed == 0)
        | ((needs.step_free == 1) & (home.stairs == 1))
        | ((needs.work < home.income_asked) & ~np.asarray(helped))
        | ((needs.pets == 1) & (home.pets == 0))
        | (home.rooms < needs.rooms)
    )


def _scores(needs: _Needs, home: _Offers, town: Column, weights: Weights) -> Numbers:
    """Return the weighted mean of the preferences of each pair."""
    values = _values(needs, home, town)
    heavy = sum(weights[code] for code in p.PREFERENCES)
    size = max(np.size(needs.budget), np.size(home.cost))
    total: Numbers = np.zeros(size)
    if heavy == 0:
        return total + NEUTRAL
    for code in p.PREFERENCES:
        value = values[code]
        total += weights[code] * np.where(np.isnan(value), NEUTRAL, value)
    return total / heavy


def _values(needs: _Needs, home: _Offers, town: Column) -> dict[str, Column]:
    wished, there = np.asarray(needs.near, dtype=np.intp), np.asarray(home.near, dtype=np.intp)
    furnished = np.where(needs.furnished == home.furnishing, 1.0, 0.0) + needs.furnished * 0
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "same_town": town,
            "near": np.where((wished == 0) | (there == 0), NAN, _BITS[wished & there] / _BITS[wished]),
            "spare_rent": all_within((needs.budget - home.cost) / needs.budget / p.SPARE_SHARE),
            "fair_rent": all_within(
                (p.HARD_SHARE - home.cost / needs.income) / (p.HARD_SHARE - p.FAIR_SHARE)
            ),
            "rooms_for_minors": all_within(
                1 - p.LOST_A_ROOM * (2 + np.floor((needs.minors + 1) / 2) - home.rooms)
            ),
            "space": all_within((home.size_m2 / needs.people - p.M2_CLOSE) / (p.M2_AMPLE - p.M2_CLOSE)),
            "furnished": np.where(
                home.half_furnished == 1,
                p.HALF_FURNISHED + needs.furnished * 0,
                furnished + home.furnishing * 0,
            ),
            "deposit": np.where(home.deposit == 0, 1.0, all_within(needs.deposit_available / home.deposit)),
            "few_stairs": home.few_stairs,
            "free_soon": all_within(1 - (home.available_from - needs.home_from) / p.SOON_DAYS),
            "energy_class": home.energy_class,
            "waiting": needs.waiting,
            "eviction": needs.eviction,
        }


def _rows_by_town(towns: Iterable[Sequence[str | None]]) -> dict[str | None, Rows]:
    found: dict[str | None, list[int]] = defaultdict(list)
    for row, named in enumerate(towns):
        for town in dict.fromkeys(named):
            found[town].append(row)
    return {town: np.array(rows, dtype=np.intp) for town, rows in found.items()}


def _mask(places: Iterable[str]) -> int:
    return sum(_NEAR_BIT[place] for place in set(places))


def _number(value: float | None) -> float:
    return NAN if value is None else float(value)


def _ordinal(day: date | None) -> float:
    return NAN if day is None else float(day.toordinal())


_NOBODY, _NOWHERE = Household(), Home(town="", rooms=1)
