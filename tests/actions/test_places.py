"""Where a topic of the guide is dealt with: the town is asked once, places are told a few at a time."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from actions.conversation import AskBack, AskPurpose
from actions.menu import GUIDE_INTENTS
from actions.municipalities import MUNICIPALITIES
from actions.services_guide import AnswerGuide
from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.schemas import PlaceFound
from tests.actions.fakes import FakeBackoffice, place
from tests.actions.trackers import Outcome, act, tracker
from translations.languages import SUPPORTED, direction

ASKED = {"awaiting": "where:health_care"}


def pressed(choice: str, backoffice: FakeBackoffice | None = None, **message: Any) -> Outcome:
    at = tracker("ask_health_care", entities=[("choice", choice)], **message)
    return act(AnswerGuide, at, backoffice)


def typed(
    town: str, backoffice: FakeBackoffice | None = None, entity: str = "municipality", **message: Any
) -> Outcome:
    at = tracker(
        "inform",
        town,
        entities=[(entity, town)],
        slots=ASKED,
        earlier=[("ask_health_care", ASKED)],
        **message,
    )
    return act(AskPurpose, at, backoffice)


def knowing(*places: PlaceFound) -> FakeBackoffice:
    backoffice = FakeBackoffice()
    backoffice.places = list(places)
    return backoffice


def choices(said: Outcome) -> list[str]:
    found = [
        json.loads(each.partition("{")[1] + each.partition("{")[2]) for each in said.payloads if "{" in each
    ]
    return [each["choice"] for each in found]


def test_every_topic_of_the_guide_offers_its_places() -> None:
    for intent in GUIDE_INTENTS:
        said = act(AnswerGuide, tracker(intent, "..."))
        assert said.payloads[0] == f'/{intent}{{"choice": "where"}}'


def test_the_town_is_asked_by_button_or_typed_and_every_town_has_its_button() -> None:
    said = pressed("where")
    assert said.says("directory.which_town")
    assert said.slots["awaiting"] == "where:health_care"
    offered = said.titles + pressed("where:other").titles
    assert set(MUNICIPALITIES) <= set(offered)
    assert "where:at::0:all" in choices(said)
    assert said.payloads[-2:] == ["/ask_human", "/ask_menu"]


def test_a_town_that_was_named_before_is_not_asked_again() -> None:
    backoffice = knowing(place())
    pressed("where", backoffice, earlier=[("inform", {})], entities_earlier=[("municipality", "Offanengo")])
    pressed("where", backoffice, slots={"municipalities": ["Pandino"]})
    pressed(
        "where",
        backoffice,
        earlier=[("ask_tax_code", {})],
        entities_earlier=[("choice", "where:at:Rivolta d'Adda:0:all")],
    )
    asked = [("health_care", town) for town in ("Offanengo", "Pandino", "Rivolta d'Adda")]
    assert backoffice.places_asked == asked


def test_a_typed_town_brings_the_places_for_the_topic_that_was_asked() -> None:
    backoffice = knowing(place())
    said = typed("Pandino", backoffice)
    assert backoffice.places_asked == [("health_care", "Pandino")]
    assert said.slots["awaiting"] is None
    for words in ("Ambulatorio Inventato", "Via Inventata 1, Crema", "0373 000001", "circa 6 km"):
        assert words in said.text
    assert said.says("directory.hours_unknown")
    assert "esempio.it" in said.text
    assert "/orari" not in said.text
    at = tracker("nlu_fallback", "pandino", slots=ASKED, earlier=[("ask_health_care", ASKED)])
    assert "Ambulatorio Inventato" in act(AskBack, at, backoffice).text


def test_a_town_that_is_several_or_outside_is_asked_again() -> None:
    several = typed("Casaletto", entity="municipality_ambiguous")
    assert several.says("bot.town_ambiguous")
    assert "Casaletto Vaprio" in several.titles
    outside = typed("Milano", entity="municipality_outside")
    assert outside.says("bot.town_outside")
    assert outside.slots["awaiting"] == "where:health_care"


def test_words_that_are_no_town_are_heard_as_ever_and_danger_goes_before() -> None:
    at = tracker("nlu_fallback", "boh", slots=ASKED, earlier=[("ask_health_care", ASKED)])
    assert act(AskBack, at).says("bot.still_not_understood")
    at = tracker(
        "nlu_fallback",
        "Crema",
        slots=ASKED,
        earlier=[("ask_health_care", ASKED)],
        ranking=["report_emergency"],
    )
    assert act(AskBack, at, knowing(place())).says("bot.not_understood_twice")


def test_inside_a_form_the_town_is_asked_by_button_alone_since_words_answer_the_form() -> None:
    said = pressed("where", form="housing_form", asked="people")
    assert said.says("directory.which_town_press")
    assert "awaiting" not in said.slots


def test_places_come_three_at_a_time() -> None:
    backoffice = knowing(*(place(f"Posto {number}") for number in range(1, 6)))
    first = pressed("where:at:Crema:0:all", backoffice)
    assert "Posto 3" in first.text
    assert "Posto 4" not in first.text
    assert "where:at:Crema:3:all" in choices(first)
    rest = pressed("where:at:Crema:3:all", backoffice)
    assert "Posto 5" in rest.text
    assert "Posto 3" not in rest.text
    assert not any(choice.startswith("where:at:Crema:6") for choice in choices(rest))
    beyond = pressed("where:at:Crema:99:all", backoffice)
    assert "Posto 1" in beyond.text


def test_who_speaks_ones_language_comes_first_and_can_be_asked_for_alone() -> None:
    backoffice = knowing(place("Vicino"), place("Parla arabo", languages=["ar", "fr"], kilometres=12.0))
    said = pressed("where:at:Crema:0:all", backoffice, language="ar")
    assert said.text.index("Parla arabo") < said.text.index("Vicino")
    assert said.says("directory.speaks_yours", "ar")
    alone = pressed("where:at:Crema:0:mine", backoffice, language="ar")
    assert "Vicino" not in alone.text
    assert "where:at:Crema:0:all" in choices(alone)
    nobody = pressed("where:at:Crema:0:mine", backoffice, language="zh")
    assert nobody.says("directory.none_speaking", "zh")
    assert "where:at:Crema:0:all" in choices(nobody)
    assert "where:at:Crema:0:mine" not in choices(pressed("where:at:Crema:0:all", backoffice))


def test_open_now_next_opening_and_what_nobody_knows_are_told_in_the_district_s_time() -> None:
    noon = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
    backoffice = knowing(
        place("A", state="open", closes_at=noon),
        place("B", state="closed", opens_next=datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
        place("C", phones=[], verified_on=None, call_first=True),
    )
    said = pressed("where:at:Crema:0:all", backoffice)
    assert "Adesso è aperto, fino alle 12:30." in said.text
    assert "Apre: martedì 24 novembre 2026, 09:00." in said.text
    assert said.says("directory.nothing_known")
    old = pressed("where:at:Crema:0:all", knowing(place(call_first=True)))
    assert old.says("bot.guide_call_first")


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_places_are_told_in_every_language_and_numbers_keep_their_direction(language: str) -> None:
    places = (
        place("A", state="open", closes_at=datetime(2026, 11, 23, 11, 30, tzinfo=UTC), step_free=True),
        place("B", state="closed", languages=["uk", "bn"]),
        place("C", languages=[language]),
    )
    for choice in ("where", "where:at:Crema:0:all", "where:at::0:all", "where:at:Crema:0:mine"):
        said = pressed(choice, knowing(*places), language=language)
        assert said.messages
        for title in said.titles:
            assert title
    said = pressed("where:at:Crema:0:all", knowing(*places), language=language)
    assert "0373 000001" in said.text
    if direction(language) == "rtl":
        assert "\u20680373 000001\u2069" in said.text
    none = pressed("where:at:Crema:0:all", language=language)
    assert none.says("directory.none", language)
    assert "/ask_human" in none.payloads


def test_without_the_backoffice_the_person_is_told_and_can_ask_the_same_again() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    said = pressed("where:at:Crema:3:all", backoffice)
    assert said.says("directory.unavailable")
    assert "where:at:Crema:3:all" in choices(said)
