"""What is computed for thousands at once is what is computed for one pair."""

from __future__ import annotations

from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.housing_match.engine import homes_one_by_one, households_one_by_one
from backoffice.housing_match.preferences import DEFAULT_WEIGHTS
from backoffice.housing_match.sides import Home, Household
from backoffice.housing_match.tables import HomeTable, HouseholdTable, every_match
from backoffice.matching.scores import Weights
from tests.backoffice.housing_match.pairs import homes, households, weights

Thing = TypeVar("Thing")


def named(things: list[Thing]) -> dict[str, Thing]:
    return {f"{number:03d}": thing for number, thing in enumerate(things)}


many_homes = st.lists(homes, max_size=12).map(named)
many_households = st.lists(households, max_size=12).map(named)


@settings(max_examples=150, deadline=None)
@given(household=households, offered=many_homes, set_so=weights)
def test_the_homes_of_a_household_are_those_of_its_pairs_in_the_same_order_with_the_same_scores(
    household: Household, offered: dict[str, Home], set_so: Weights
) -> None:
    assert HomeTable(offered).homes_for(household, set_so) == homes_one_by_one(household, offered, set_so)


@settings(max_examples=150, deadline=None)
@given(home=homes, looking=many_households, set_so=weights)
def test_the_households_of_a_home_are_those_of_its_pairs_in_the_same_order_with_the_same_scores(
    home: Home, looking: dict[str, Household], set_so: Weights
) -> None:
    assert HouseholdTable(looking).households_for(home, set_so) == households_one_by_one(
        home, looking, set_so
    )


@settings(max_examples=40, deadline=None)
@given(looking=many_households, offered=many_homes)
def test_all_with_all_is_each_with_all(looking: dict[str, Household], offered: dict[str, Home]) -> None:
    found = dict(every_match(looking, offered, DEFAULT_WEIGHTS))
    assert found == {
        key: homes_one_by_one(household, offered, DEFAULT_WEIGHTS) for key, household in looking.items()
    }


def test_homes_that_do_equally_well_stand_the_cheaper_first_then_by_their_id() -> None:
    alike = {
        key: Home("Crema", 3, rent=rent, expenses=0) for key, rent in (("b", 500), ("a", 500), ("c", 400))
    }
    found = HomeTable(alike).homes_for(Household(), DEFAULT_WEIGHTS)
    assert [fit.id for fit in found] == ["c", "a", "b"]
    assert len({fit.score for fit in found}) == 1
