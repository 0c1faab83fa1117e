"""How far a home meets each preference, and what the weights make of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from backoffice.client.schemas import Furnishing
from backoffice.housing_match.engine import homes_one_by_one, why
from backoffice.housing_match.forms import WeightsForm
from backoffice.housing_match.preferences import DEFAULT_WEIGHTS, PREFERENCES, parts_of
from backoffice.housing_match.sides import Home, Household
from backoffice.matching.scores import score_of

WANTED = date(2026, 12, 2)
RENT = {"rent": 500, "expenses": 60}

TABLE: list[tuple[str, dict[str, Any], dict[str, Any], float | None]] = [
    ("same_town", {"towns": ("Crema", "Offanengo")}, {}, 1.0),
    ("same_town", {"towns": ("Offanengo", "Crema")}, {}, 0.5),
    ("same_town", {"towns": ("Offanengo",)}, {}, 0.0),
    ("same_town", {}, {}, None),
    ("near", {"near": ("bus", "school")}, {"near": ("bus", "shops")}, 0.5),
    ("near", {"near": ("bus",)}, {}, None),
    ("spare_rent", {"budget": 800}, RENT, 1.0),
    ("spare_rent", {"budget": 560}, RENT, 0.0),
    ("spare_rent", {"budget": 560}, {"rent": 500}, None),
    ("fair_rent", {"income": 1680}, RENT, 1.0),
    ("fair_rent", {"income": 1120}, RENT, 0.0),
    ("fair_rent", {"income": 0}, RENT, None),
    ("rooms_for_minors", {"minors": 3}, {"rooms": 4}, 1.0),
    ("rooms_for_minors", {"minors": 3}, {"rooms": 3}, 0.5),
    ("rooms_for_minors", {"minors": 0}, {}, None),
    ("space", {"people": 4}, {"size_m2": 80}, 1.0),
    ("space", {"people": 4}, {"size_m2": 36}, 0.0),
    ("furnished", {"furnished": True}, {"furnishing": Furnishing.FURNISHED}, 1.0),
    ("furnished", {"furnished": False}, {"furnishing": Furnishing.FURNISHED}, 0.0),
    ("furnished", {"furnished": True}, {"furnishing": Furnishing.KITCHEN_ONLY}, 0.5),
    ("furnished", {}, {"furnishing": Furnishing.FURNISHED}, None),
    ("deposit", {"deposit_available": 600}, {"deposit": 1200}, 0.5),
    ("deposit", {}, {"deposit": 0}, 1.0),
    ("deposit", {}, {"deposit": 1200}, None),
    ("few_stairs", {}, {"floor": 0}, 1.0),
    ("few_stairs", {}, {"floor": 3, "lift": False}, 0.25),
    ("few_stairs", {}, {"floor": 3}, None),
    ("free_soon", {"home_from": WANTED}, {"available_from": date(2027, 1, 1)}, 0.5),
    ("free_soon", {"home_from": WANTED}, {}, None),
    ("energy_class", {}, {"energy_class": "A2"}, 1.0),
    ("energy_class", {}, {"energy_class": "G"}, 0.0),
    ("energy_class", {}, {}, None),
    ("waiting", {"waiting_days": 73}, {}, 0.2),
    ("eviction", {"days_to_eviction": 0}, {}, 1.0),
    ("eviction", {"days_to_eviction": 90}, {}, 0.0),
    ("eviction", {"is_evicted": True}, {}, 0.7),
    ("eviction", {"is_evicted": False}, {}, 0.0),
    ("eviction", {}, {}, None),
]


@pytest.mark.parametrize(("code", "needs", "offer", "value"), TABLE)
def test_a_preference_gives(
    code: str, needs: dict[str, Any], offer: dict[str, Any], value: float | None
) -> None:
    home = Home(**{"town": "Crema", "rooms": 3, **offer})
    assert PREFERENCES[code](Household(**needs), home) == (None if value is None else pytest.approx(value))


def test_every_preference_has_its_rows_a_weight_and_a_field_of_the_form() -> None:
    assert {code for code, *_ in TABLE} == set(PREFERENCES)
    assert list(DEFAULT_WEIGHTS) == list(PREFERENCES) == list(WeightsForm().weights)


def test_what_is_not_known_counts_half() -> None:
    nothing_known = {code: int(code == "deposit") for code in PREFERENCES}
    assert why(Household(), Home("Crema", 3), nothing_known).score == 0.5


def test_without_any_weight_all_do_equally_well() -> None:
    parts = parts_of(Household(), Home("Crema", 3), dict.fromkeys(PREFERENCES, 0))
    assert score_of(parts) == 0.5


def test_a_weight_decides_which_home_comes_first() -> None:
    household = Household(towns=("Crema",), budget=800, near=("school",))
    homes = {
        "cheap": Home("Crema", 3, rent=400, expenses=0, near=("bus",)),
        "near": Home("Crema", 3, rent=780, expenses=0, near=("school",)),
    }
    for heavy, first in (("near", "near"), ("spare_rent", "cheap")):
        set_so = {code: 10 if code == heavy else 1 for code in PREFERENCES}
        assert homes_one_by_one(household, homes, set_so)[0].id == first
