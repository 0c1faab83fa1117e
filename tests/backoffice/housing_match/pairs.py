"""Households and homes of every kind for Hypothesis: known and unknown things, and the edges between."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from backoffice.client.schemas import Employment, Furnishing, Near
from backoffice.housing_match.preferences import ENERGY, PREFERENCES
from backoffice.housing_match.sides import Home, Household
from backoffice.listing.models import IncomeAsked
from backoffice.matching.scores import HEAVIEST

TOWNS = ("Crema", "Offanengo", "Pandino", "Milano")
DAY = date(2026, 12, 2)

towns = st.lists(st.sampled_from(TOWNS), max_size=3).map(tuple)
near = st.lists(st.sampled_from([each.value for each in Near]), max_size=3, unique=True).map(tuple)
maybe = st.none() | st.booleans()
money = st.none() | st.integers(300, 900)
days = st.none() | st.integers(-10, 130).map(lambda number: DAY + timedelta(days=number))

households = st.builds(
    Household,
    towns=towns,
    budget=st.none() | st.integers(400, 900),
    people=st.none() | st.integers(1, 6),
    minors=st.none() | st.integers(0, 5),
    rooms=st.none() | st.integers(1, 5),
    home_from=days,
    near=near,
    step_free=maybe,
    furnished=maybe,
    pets=maybe,
    income=st.none() | st.integers(0, 3000),
    employment=st.none() | st.sampled_from(Employment),
    guarantor=maybe,
    deposit_available=st.none() | st.integers(0, 3000),
    is_evicted=maybe,
    days_to_eviction=st.none() | st.integers(0, 120),
    waiting_days=st.integers(0, 500),
)
homes = st.builds(
    Home,
    town=st.sampled_from(TOWNS),
    rooms=st.integers(1, 6),
    rent=money,
    expenses=st.none() | st.integers(0, 120),
    deposit=st.none() | st.integers(0, 3000),
    max_people=st.none() | st.integers(1, 8),
    size_m2=st.none() | st.integers(20, 150),
    floor=st.none() | st.integers(-1, 6),
    lift=maybe,
    step_free=maybe,
    furnishing=st.none() | st.sampled_from(Furnishing),
    energy_class=st.none() | st.sampled_from([*ENERGY, "?"]),
    near=near,
    pets=maybe,
    income_asked=st.sampled_from(IncomeAsked),
    guarantor_accepted=st.booleans(),
    residence_allowed=st.sampled_from([True, True, True, False]),
    available_from=days,
)
weights = st.fixed_dictionaries({code: st.integers(0, HEAVIEST) for code in PREFERENCES})
