from __future__ import annotations

from typing import Any, get_args

import pytest
import yaml

from actions.offer import OfferForm, SubmitOffer
from actions.slots import FORM_SLOTS, OFFER_FORM
from actions.wishes import WORDS_FILE, ground_of
from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.schemas import UnlawfulWish
from tests.actions.fakes import NOW, FakeBackoffice
from tests.actions.trackers import Outcome, act, tracker
from translations.languages import SUPPORTED

ALL_ANSWERS: dict[str, Any] = {
    "home_municipality": "Crema",
    "rent_eur_month": 600,
    "expenses_eur_month": 80,
    "home_rooms": 3,
    "max_people": 4,
    "available_from": "2027-02-01",
    "furnishing": "furnished",
    "contract_type": "agreed",
    "home_note": "secondo piano con ascensore",
    "person_name": "Rosa Inventata",
    "person_phone": "+393331234567",
    "contact_agreed": "yes",
}


def answer(asked: str, text: str = "", *, known: dict[str, Any] | None = None, **message: Any) -> Outcome:
    slots = {**(known or {}), "form_progress": {"form": OFFER_FORM}}
    at = tracker(text=text, slots=slots, form=OFFER_FORM, asked=asked, **message)
    return act(OfferForm, at)


def without(*slots: str) -> dict[str, Any]:
    return {name: value for name, value in ALL_ANSWERS.items() if name not in slots}


def test_what_the_owner_said_first_is_not_asked_again() -> None:
    said = [("municipality", "Crema"), ("rooms", 3), ("money", 600)]
    began = act(OfferForm, tracker("offer_housing", "affitto ...", entities=said, begins=OFFER_FORM))
    assert (began.slots["home_municipality"], began.slots["home_rooms"]) == ("Crema", 3)
    assert began.slots["rent_eur_month"] == 600
    assert began.slots["requested_slot"] == "expenses_eur_month"
    assert began.slots["offer_began_at"] == NOW.isoformat()
    assert began.says("bot.ask_offer_expenses")


@pytest.mark.parametrize(
    ("asked", "text", "key"),
    [
        ("rent_eur_month", "0", "bot.rent_eur_month_too_low"),
        ("rent_eur_month", "90000", "bot.rent_eur_month_too_high"),
        ("expenses_eur_month", "5000", "bot.expenses_eur_month_too_high"),
        ("home_rooms", "0", "bot.home_rooms_too_low"),
        ("home_rooms", "40", "bot.home_rooms_too_high"),
        ("max_people", "0", "bot.max_people_too_low"),
        ("max_people", "200", "bot.max_people_too_high"),
        ("available_from", "01/02/2020", "bot.date_past"),
    ],
)
@pytest.mark.parametrize("language", ["it", "ar", "zh"])
def test_what_cannot_be_is_refused_with_its_own_sentence_and_nothing_is_lost(
    asked: str, text: str, key: str, language: str
) -> None:
    said = answer(asked, text, known=without(asked), language=language)
    assert said.says(key, language)
    assert said.slots["requested_slot"] == asked
    assert said.slots["home_note"] == "secondo piano con ascensore"


def test_a_town_of_another_district_is_named_kindly() -> None:
    said = answer("home_municipality", "a Milano", entities=[("municipality_outside", "Milano")])
    assert "Milano" in said.text
    assert "47" in said.text
    assert said.slots["home_municipality"] is None
    assert said.slots["requested_slot"] == "home_municipality"


def test_of_two_towns_the_owner_chooses_one() -> None:
    said = answer(
        "home_municipality", "...", entities=[("municipality", "Crema"), ("municipality", "Pandino")]
    )
    assert said.says("bot.which_home_municipality")
    assert said.titles == ["Crema", "Pandino"]


def test_a_home_is_in_one_town_and_not_anywhere() -> None:
    assert "Va bene ovunque" not in answer("home_municipality", "boh").titles


def test_expenses_are_no_rent() -> None:
    said = answer(
        "expenses_eur_month", "80 euro", entities=[("money", 80)], known=without("expenses_eur_month")
    )
    assert (said.slots["rent_eur_month"], said.slots["expenses_eur_month"]) == (600, 80)


def test_rent_and_expenses_in_one_sentence_are_a_rent() -> None:
    said = answer("rent_eur_month", "650 e 80 di spese", entities=[("money", 650), ("money", 80)])
    assert said.slots["rent_eur_month"] == 650


def test_no_expenses_are_nought() -> None:
    said = answer("expenses_eur_month", "no", intent="deny", known=without("expenses_eur_month"))
    assert said.slots["expenses_eur_month"] == 0


@pytest.mark.parametrize("asked", ["expenses_eur_month", "max_people", "furnishing", "contract_type"])
def test_what_the_owner_does_not_know_is_left_out(asked: str) -> None:
    said = answer(asked, "non lo so", intent="skip", known=without(asked))
    assert said.slots[asked] is None
    assert said.slots["requested_slot"] != asked


def test_whether_the_desk_may_call_is_not_left_out() -> None:
    said = answer("contact_agreed", "boh", intent="skip", known=without("contact_agreed"))
    assert said.slots["requested_slot"] == "contact_agreed"


@pytest.mark.parametrize(
    ("text", "language", "ground"),
    [
        ("Bella casa. Solo italiani!", "it", "nationality"),
        ("va bene tutto, ma niente musulmani", "it", "religion"),
        ("no foreigners please", "en", "nationality"),
        ("pas d'étrangers", "fr", "nationality"),
        ("без мусульман, будь ласка", "uk", "religion"),
        ("للإيطاليين فقط", "ar", "nationality"),
        ("房子很好，只租给中国人。", "zh", "nationality"),
        ("শুধু মুসলিম", "bn", "religion"),
    ],
)
def test_a_wish_that_discriminates_gets_the_law_and_the_rest_is_kept(
    text: str, language: str, ground: str
) -> None:
    said = answer("home_note", text, known=without("home_note"), language=language)
    assert said.says("bot.offer_wish_unlawful", language)
    [wish] = said.slots["offer_wishes"]
    assert (wish["ground"], wish["words"]) == (ground, text)
    assert said.slots["home_note"] == text
    assert said.slots["requested_slot"] == "confirmed"


def test_a_wish_that_looks_like_another_topic_stays_in_the_form() -> None:
    said = answer(
        "home_rooms", "niente stranieri", intent="ask_legal_aid", confidence=0.95, known=without("home_rooms")
    )
    assert said.says("bot.offer_wish_unlawful")
    assert said.slots["requested_slot"] == "home_rooms"


def test_the_same_wish_twice_is_one_and_another_one_is_added() -> None:
    first = {"ground": "nationality", "words": "solo italiani"}
    again = answer("home_note", "solo italiani", known={**without("home_note"), "offer_wishes": [first]})
    assert again.slots["offer_wishes"] == [first]
    other = answer("home_note", "no musulmani", known={**without("home_note"), "offer_wishes": [first]})
    assert [wish["ground"] for wish in other.slots["offer_wishes"]] == ["nationality", "religion"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("va bene anche per stranieri", "it"),
        ("sono straniera anch'io", "it"),
        ("affitto a una famiglia ucraina, non solo italiani", "it"),
        ("muri solo bianchi, mobili non neri", "it"),
        ("i vicini sono musulmani e italiani", "it"),
        ("not only Italians, everybody is welcome", "en"),
        ("не тільки італійцям", "uk"),
        ("ليس للإيطاليين فقط", "ar"),
        ("不只租给意大利人", "zh"),
        ("শুধু মুসলিম নয়, সবাই", "bn"),
    ],
)
def test_a_welcome_is_no_wish(text: str, language: str) -> None:
    said = answer("home_note", text, known=without("home_note"), language=language)
    assert not said.says("bot.offer_wish_unlawful")
    assert "offer_wishes" not in said.slots


def test_the_offer_is_sent_with_its_wishes_apart_and_asks_for_photos() -> None:
    backoffice = FakeBackoffice()
    wish = {"ground": "religion", "words": "no musulmani"}
    slots = {
        **ALL_ANSWERS, "confirmed": "send", "form_progress": {"form": OFFER_FORM},
        "offer_wishes": [wish], "offer_began_at": NOW.isoformat(),
    }  # fmt: skip
    said = act(SubmitOffer, tracker("affirm", "sì", slots=slots), backoffice)
    [sent] = backoffice.intakes
    assert sent.housing_offer is not None
    assert (sent.housing_offer.municipality, sent.housing_offer.rent_eur_month) == ("Crema", 600)
    assert (sent.housing_offer.rooms, sent.housing_offer.contact_agreed) == (3, True)
    assert [(each.ground, each.words) for each in sent.wishes] == [("religion", "no musulmani")]
    assert sent.began_at == NOW
    assert "foto" in said.text
    assert all(said.slots[name] is None for name in (*FORM_SLOTS[OFFER_FORM], "offer_wishes"))


def test_an_offer_that_could_not_be_sent_stays() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    slots = {**ALL_ANSWERS, "confirmed": "send", "form_progress": {"form": OFFER_FORM}}
    said = act(SubmitOffer, tracker("affirm", "sì", slots=slots), backoffice)
    assert said.says("bot.not_registered_yet")
    assert said.slots["requested_slot"] == "confirmed"
    assert "home_municipality" not in said.slots


def test_every_phrase_of_the_list_is_known_and_every_welcome_is_none() -> None:
    listed = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
    assert set(listed) == set(SUPPORTED)
    grounds = set(get_args(UnlawfulWish.model_fields["ground"].annotation))
    for language, by_ground in listed.items():
        assert set(by_ground) - {"welcome"} <= grounds
        for ground, phrases in by_ground.items():
            for phrase in phrases:
                assert (ground_of(f"bla {phrase}.", language) is None) == (ground == "welcome"), phrase
