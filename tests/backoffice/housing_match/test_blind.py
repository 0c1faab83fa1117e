"""Who somebody is never enters matching: not their name, nationality, language, religion or gender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import true
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import CaseType, HousingIntake, PermitState
from backoffice.housing_match.candidates import (
    homes_for,
    household_of_case,
    households_for,
    pair_of,
)
from backoffice.housing_match.engine import why
from backoffice.housing_match.preferences import DEFAULT_WEIGHTS
from backoffice.housing_match.sides import Home, Household
from backoffice.housing_match.tables import HomeTable, HouseholdTable
from backoffice.housing_need.models import HousingNeed
from backoffice.person.details import Details
from backoffice.person.models import Person, PersonDetails
from tests.backoffice.case.cases import create_person
from tests.backoffice.factories import NOW, create_conversation
from tests.backoffice.homes import create_household, create_listing
from tests.backoffice.housing_match.pairs import homes, households

PAIRS = 2000

HOUSEHOLD = {
    "towns", "budget", "people", "minors", "rooms", "home_from", "near", "step_free", "furnished", "pets",
    "income", "employment", "guarantor", "deposit_available", "is_evicted", "days_to_eviction",
    "waiting_days",
}  # fmt: skip
HOME = {
    "town", "rooms", "rent", "expenses", "deposit", "max_people", "size_m2", "floor", "lift", "step_free",
    "furnishing", "energy_class", "near", "pets", "income_asked", "guarantor_accepted", "residence_allowed",
    "available_from",
}  # fmt: skip

NAMES = ("Олена Коваленко", "محمد المنصوري", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "Rosa Inventata", "王芳", "Aminata Sow", "")
LANGUAGES = ("it", "en", "fr", "es", "ro", "sq", "uk", "ar", "pa", "ur", "bn", "zh")
WORDS = ("sono musulmano e prego in casa", "siamo cattolici", "we are Sikh", "famiglia ucraina", None)


@dataclass(frozen=True)
class Identity:
    """Who somebody is, as far as Sportello may know it: person, details, case and words."""

    name: str
    language: str
    gender: str | None
    citizenship: str
    words: str | None
    permit: PermitState | None


identities = st.builds(
    Identity,
    name=st.sampled_from(NAMES),
    language=st.sampled_from(LANGUAGES),
    gender=st.sampled_from([None, "donna", "uomo", "altro"]),
    citizenship=st.sampled_from(["IT", "UA", "EG", "IN", "BD", "CN", "SN", "RO"]),
    words=st.sampled_from(WORDS),
    permit=st.none() | st.sampled_from(PermitState),
)


def test_the_types_of_matching_have_no_place_for_who_somebody_is() -> None:
    assert {field.name for field in fields(Household)} == HOUSEHOLD
    assert {field.name for field in fields(Home)} == HOME


def case_of(identity: Identity, needs: Household) -> tuple[Case, HousingNeed]:
    """Make a case as the chat would, of the real models: only the identity is another."""
    known: dict[str, Any] = {
        "municipalities": list(needs.towns),
        "budget_eur_month": needs.budget or 600,
        "people": needs.people or 3,
        "minors": needs.minors,
        "rooms": needs.rooms,
        "near": list(needs.near),
        "step_free": needs.step_free,
        "pets": needs.pets,
        "furnished": needs.furnished,
        "employment": needs.employment,
        "net_income_eur_month": needs.income,
        "guarantor": needs.guarantor,
        "needs": identity.words,
        "permit": identity.permit,
    }
    person = Person(name=identity.name, languages=[identity.language])
    known_of = Details(gender=identity.gender, citizenships=[identity.citizenship])
    person.known = PersonDetails(document=known_of.model_dump(mode="json"))
    intake = HousingIntake.model_validate(known).model_dump(mode="json")
    case = Case(type=CaseType.HOUSING, person=person, language=identity.language, intake=intake)
    return case, HousingNeed(case=case, created_at=NOW - timedelta(days=needs.waiting_days))


@settings(max_examples=PAIRS, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    needs=households,
    offered=st.lists(homes, min_size=1, max_size=4),
    others=st.lists(households, max_size=2),
    one=identities,
    other=identities,
)
def test_of_2000_pairs_that_differ_only_in_who_they_are_each_gets_the_same_matches_and_ranks(
    needs: Household, offered: Sequence[Home], others: Sequence[Household], one: Identity, other: Identity
) -> None:
    named = {str(number): home for number, home in enumerate(offered)}
    beside = {f"beside {number}": each for number, each in enumerate(others)}
    found = []
    for identity in (one, other):
        household = household_of_case(*case_of(identity, needs), now=NOW)
        of_home = HouseholdTable({**beside, "this": household}).households_for(offered[0], DEFAULT_WEIGHTS)
        said = [why(household, home) for home in offered]
        found.append((HomeTable(named).homes_for(household, DEFAULT_WEIGHTS), of_home, said))
    assert found[0] == found[1]


def test_a_person_who_becomes_somebody_else_in_the_database_keeps_every_match_and_rank(
    session: Session,
) -> None:
    listings = [create_listing(session, rent_eur_month=400 + 20 * number) for number in range(4)]
    conversation = create_conversation(session)
    person = create_person(session)
    case = create_household(session, person=person, conversation=conversation)
    create_household(session, people=4)
    session.flush()

    def everything() -> tuple[Any, ...]:
        session.expire_all()
        ranks = [households_for(session, listing, true(), now=NOW) for listing in listings]
        said = [pair_of(session, case, listing, now=NOW).why for listing in listings]
        return homes_for(session, case, now=NOW), ranks, said

    before = everything()
    assert len(before[0]) == 4
    for number, name in enumerate(NAMES):
        person.name, person.languages = name or None, [LANGUAGES[number]]
        case.language = conversation.language = LANGUAGES[-1 - number]
        known = Details(gender=("donna", "uomo")[number % 2], citizenships=[("UA", "EG")[number % 2]])
        row = session.get(PersonDetails, person.id)
        if row is None:
            row = PersonDetails(person_id=person.id, version=1, changed_by="service", changed_at=NOW)
            session.add(row)
        row.document = known.model_dump(mode="json")
        case.intake = {**case.intake, "needs": WORDS[number % len(WORDS)]}
        session.flush()
        assert everything() == before
