"""What speaks for a home and what to know before, as short codes: kept with a match, and told in the chat."""

from __future__ import annotations

from collections.abc import Iterator

from backoffice.client.schemas import Furnishing
from backoffice.housing_match.rules import Answer, Verdict
from backoffice.housing_match.sides import Home, Household
from backoffice.listing.models import IncomeAsked

LATER = "later"
"""How the sentence of a home ends that is free after the day that was wished."""


def reasons(household: Household, home: Home, rules: tuple[Verdict, ...]) -> list[str]:
    """Return what speaks for a home, in the order of the rules, then what was wished besides."""
    yes = [rule.code for rule in rules if rule.answer is Answer.YES and _was_wished(rule, household, home)]
    return yes + list(_liked(household, home))


def doubts(household: Household, home: Home, rules: tuple[Verdict, ...]) -> list[str]:
    """Return what a household should know before it looks at a home."""
    to_ask = {rule.code for rule in rules if rule.answer is Answer.ASK}
    found = []
    if home.expenses is None:
        found.append("expenses_unknown")
    if any(rule.code == "date" and rule.sentence.endswith(LATER) for rule in rules):
        found.append("later")
    if "step_free" in to_ask and household.step_free:
        found.append("stairs_unknown")
    if "income" in to_ask:
        found.append("asks_permanent" if home.income_asked is IncomeAsked.PERMANENT else "asks_contract")
    if household.furnished and home.furnishing is not Furnishing.FURNISHED:
        found.append("unfurnished_unknown" if home.furnishing is None else "unfurnished")
    if set(household.near) - set(home.near):
        found.append("near_unknown")
    return found


def _was_wished(rule: Verdict, household: Household, home: Home) -> bool:
    if rule.code == "date":
        return not rule.sentence.endswith(LATER)
    wished = {
        "town": True,
        "rent": True,
        "people": True,
        "rooms": household.rooms is not None,
        "step_free": bool(household.step_free and home.step_free),
        "pets": bool(household.pets and home.pets),
    }
    return wished.get(rule.code, False)


def _liked(household: Household, home: Home) -> Iterator[str]:
    if household.furnished and home.furnishing is Furnishing.FURNISHED:
        yield "furnished"
    for place in household.near:
        if place in home.near:
            yield f"near_{place}"
