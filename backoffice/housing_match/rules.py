"""The hard rules: each asks one thing of a household and a home, and says yes, no, or "ask".

A home fits where no rule says no. What is not known excludes nobody: it is asked. A permit is no rule: the
law asks no length of it for a lease (domain, housing.md 6). The sentences are `backoffice.housing.rule.*`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from backoffice.client.schemas import Employment
from backoffice.housing_match.sides import Home, Household
from backoffice.listing.models import IncomeAsked

WAITS_AT_MOST = timedelta(days=60)
"""A home that is free later than wished still fits, within this time."""

WITH_CONTRACT = (Employment.PERMANENT, Employment.FIXED_TERM, Employment.SELF_EMPLOYED)
"""Work that can be shown on paper: what an owner may ask for."""


class Answer(StrEnum):
    """What a rule says."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


class Reference(StrEnum):
    """Where a rule comes from; its words are `backoffice.housing.reference.*`."""

    DESIGN = "design"
    OWN_LIMIT = "own_limit"
    ROOM_STANDARDS = "room_standards"
    RESIDENCE = "residence"
    OWNER_ASKS = "owner_asks"


Value = str | int | date | tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What one rule says of one pair: `sentence` is a key of the catalogue, `values` are put into it."""

    code: str
    answer: Answer
    sentence: str
    reference: Reference
    values: dict[str, Value] = field(default_factory=dict)


Rule = Callable[[Household, Home], Verdict]


def town(household: Household, home: Home) -> Verdict:
    """The home is in one of the towns that were named; none named: anywhere, and it is asked."""
    if not household.towns:
        return _say("town", Answer.ASK, Reference.OWN_LIMIT, town=home.town)
    fits = _yes(home.town in household.towns)
    return _say("town", fits, Reference.OWN_LIMIT, None, town=home.town, towns=household.towns)


def rent(household: Household, home: Home) -> Verdict:
    """Rent and expenses of a month are within the budget."""
    if household.budget is None:
        return _say("rent", Answer.ASK, Reference.OWN_LIMIT, "no_budget")
    if home.rent is None:
        return _say("rent", Answer.ASK, Reference.OWN_LIMIT, "no_rent", budget=household.budget)
    known = home.rent if home.cost is None else home.cost
    if known <= household.budget and home.cost is None:
        return _say(
            "rent", Answer.ASK, Reference.OWN_LIMIT, "no_expenses", rent=home.rent, budget=household.budget
        )
    fits = _yes(known <= household.budget)
    return _say("rent", fits, Reference.OWN_LIMIT, cost=known, budget=household.budget)


def people(household: Household, home: Home) -> Verdict:
    """The home holds as many people as the household has, by the room standards that its desk applied."""
    if household.people is None or home.max_people is None:
        return _say("people", Answer.ASK, Reference.ROOM_STANDARDS)
    fits = _yes(household.people <= home.max_people)
    return _say("people", fits, Reference.ROOM_STANDARDS, people=household.people, most=home.max_people)


def free_in_time(household: Household, home: Home) -> Verdict:
    """The home is free when it is wanted, or not much later."""
    if household.home_from is None or home.available_from is None:
        return _say("date", Answer.ASK, Reference.DESIGN)
    days = (home.available_from - household.home_from).days
    dates: dict[str, Value] = {"free": home.available_from, "wanted": household.home_from}
    if days <= 0:
        return _say("date", Answer.YES, Reference.DESIGN, **dates)
    if days <= WAITS_AT_MOST.days:
        return _say("date", Answer.YES, Reference.DESIGN, "later", days=days, **dates)
    return _say("date", Answer.NO, Reference.DESIGN, days=days, most=WAITS_AT_MOST.days, **dates)


def residence(_household: Household, home: Home) -> Verdict:
    """Who lives there may have their residence there."""
    return _say("residence", _yes(home.residence_allowed), Reference.RESIDENCE)


def step_free(household: Household, home: Home) -> Verdict:
    """Who cannot climb stairs gets in without; a home is asked about where it is not known."""
    if home.step_free or household.step_free is False:
        return _say("step_free", Answer.YES, Reference.OWN_LIMIT, None if home.step_free else "not_needed")
    if household.step_free is None:
        return _say("step_free", Answer.ASK, Reference.OWN_LIMIT, "not_asked")
    has_stairs = home.step_free is False or (home.floor is not None and home.floor > 0 and home.lift is False)
    return _say("step_free", Answer.NO if has_stairs else Answer.ASK, Reference.OWN_LIMIT)


def income(household: Household, home: Home) -> Verdict:
    """The household has the work that the owner asks for, or a guarantor whom the owner accepts."""
    if home.income_asked is IncomeAsked.NONE:
        return _say("income", Answer.YES, Reference.OWNER_ASKS, "nothing")
    enough = (Employment.PERMANENT,) if home.income_asked is IncomeAsked.PERMANENT else WITH_CONTRACT
    kind = home.income_asked.value
    if household.employment in enough:
        return _say("income", Answer.YES, Reference.OWNER_ASKS, kind)
    if home.guarantor_accepted and household.guarantor:
        return _say("income", Answer.YES, Reference.OWNER_ASKS, "guarantor")
    if household.employment is None or (home.guarantor_accepted and household.guarantor is None):
        return _say("income", Answer.ASK, Reference.OWNER_ASKS, kind)
    return _say("income", Answer.NO, Reference.OWNER_ASKS, kind)


def pets(household: Household, home: Home) -> Verdict:
    """Pets may come along, where there are any."""
    if household.pets is False or home.pets:
        return _say("pets", Answer.YES, Reference.OWNER_ASKS, None if home.pets else "none")
    if household.pets and home.pets is False:
        return _say("pets", Answer.NO, Reference.OWNER_ASKS)
    return _say("pets", Answer.ASK, Reference.OWNER_ASKS)


def rooms(household: Household, home: Home) -> Verdict:
    """The home has as many rooms as were asked for; nobody has to ask for any."""
    if household.rooms is None:
        return _say("rooms", Answer.YES, Reference.OWN_LIMIT, "not_asked", rooms=home.rooms)
    fits = _yes(home.rooms >= household.rooms)
    return _say("rooms", fits, Reference.OWN_LIMIT, rooms=home.rooms, wanted=household.rooms)


RULES: tuple[Rule, ...] = (town, rent, people, free_in_time, residence, step_free, income, pets, rooms)
"""Every rule, in the order in which they are told."""


def _yes(is_so: bool) -> Answer:
    return Answer.YES if is_so else Answer.NO


def _say(
    code: str, answer: Answer, reference: Reference, shade: str | None = None, /, **values: Value
) -> Verdict:
    sentence = f"housing.rule.{code}.{answer.value}" + (f".{shade}" if shade else "")
    return Verdict(code, answer, sentence, reference, values)
