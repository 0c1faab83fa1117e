"""What is typed of a home: read as it is meant, or refused with its own sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backoffice.listing.adding import with_people
from backoffice.listing.facts import proposed_people, raw_of, read_home
from tests.backoffice.homes import create_listing
from tests.hostile_texts import hostile_texts

TODAY = date(2026, 12, 2)
RAW: dict[str, Any] = {"municipality": "crema", "rooms": "3", "rent_eur_month": "1.200 €"}


def why(**raw: Any) -> dict[str, str]:
    return {fault.field: fault.why for fault in read_home({**RAW, **raw}, today=TODAY).faults}


def test_numbers_and_days_are_read_as_italians_write_them() -> None:
    typed = {**RAW, "expenses_eur_month": "60,00", "available_from": "31/1/2027", "lift": "no"}
    read = read_home(typed, today=TODAY)
    assert read.faults == []
    assert read.home == {
        "municipality": "Crema",
        "rooms": 3,
        "rent_eur_month": 1200,
        "expenses_eur_month": 60,
        "available_from": date(2027, 1, 31),
        "lift": False,
    }


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("rent_eur_month", "", "rent_missing"),
        ("rent_eur_month", "0", "rent_zero"),
        ("rent_eur_month", "-5", "rent_zero"),
        ("rent_eur_month", "tanto", "number"),
        ("rent_eur_month", "99999999999999999999", "number"),
        ("rent_eur_month", "٥٠٠", "number"),
        ("max_people", "40", "people_many"),
        ("max_people", "0", "range"),
        ("available_from", "2026-12-01", "day_past"),
        ("available_from", "2035-01-01", "day_far"),
        ("available_from", "31.02.2027", "day"),
        ("municipality", "Milano", "town_strange"),
        ("municipality", " ", "town_missing"),
        ("rooms", "", "rooms_missing"),
        ("deposit_eur", "4000", "deposit"),
        ("heating", "stufa", "choice"),
        ("near", ["moon"], "choice"),
        ("lift", "maybe", "choice"),
        ("energy_class", "Z", "choice"),
        ("reference", "<b>", "reference"),
        ("area", "x" * 121, "long"),
    ],
)
def test_each_mistake_has_its_own_sentence(field: str, typed: object, reason: str) -> None:
    found = read_home({**RAW, field: typed}, today=TODAY).faults
    assert [(fault.field, fault.why) for fault in found] == [(field, reason)]
    for language in ("it", "en"):
        assert "{" not in found[0].sentence(language)


def test_a_home_whose_rent_is_open_comes_without() -> None:
    assert read_home({**RAW, "rent_eur_month": ""}, today=TODAY, rent_wanted=False).faults == []


def test_hostile_texts_are_words_or_refused_and_never_an_error() -> None:
    for words in hostile_texts():
        for field in ("municipality", "area", "description", "rent_eur_month", "available_from"):
            why(**{field: words})


def test_a_past_day_that_stands_already_may_stay(session: Session) -> None:
    listing = create_listing(session, available_from=date(2026, 1, 1))
    assert read_home({"available_from": "2026-01-01"}, today=TODAY, known=listing).faults == []


def test_a_published_home_cannot_lose_what_it_needs(session: Session) -> None:
    listing = create_listing(session)
    raw = raw_of(listing) | {"contract_types": [], "address": ""}
    faults = read_home(raw, today=TODAY, known=listing).faults
    assert {(fault.field, fault.why) for fault in faults} == {
        ("contract_types", "needed"),
        ("address", "needed"),
    }


def test_what_a_form_shows_is_read_back_as_it_was(session: Session) -> None:
    listing = create_listing(session, pets=True, included=["water"], description="Con balcone")
    read = read_home(raw_of(listing), today=TODAY, known=listing)
    assert read.faults == []
    assert {name: getattr(listing, name) for name in read.home} == read.home


def test_the_room_standards_propose_how_many_people() -> None:
    assert proposed_people({"size_m2": 75, "rooms": 3}) == 5
    assert proposed_people({"size_m2": 40, "rooms": 1}) == 2
    assert proposed_people({"rooms": 3}) is None
    assert with_people({"size_m2": 75, "rooms": 3, "max_people": None})["max_people"] == 5
    assert with_people({"size_m2": 75, "rooms": 3, "max_people": 2})["max_people"] == 2
