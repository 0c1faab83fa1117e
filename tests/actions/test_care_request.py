"""A family asks for help: little is asked, no illness is kept, nobody is chosen by origin or faith."""

from __future__ import annotations

from typing import Any, get_args

import pytest
import yaml

from actions.care_request import CareRequestForm, SubmitCareRequest
from actions.care_slots import CARE_REQUEST_MORE_SLOTS
from actions.slots import CARE_REQUEST_FORM, FORM_SLOTS
from actions.wishes import CARE_WORDS_FILE, WORDS_FILE, ground_of
from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.schemas import UnlawfulWish
from tests.actions.fakes import FakeBackoffice
from tests.actions.trackers import Outcome, act, tracker
from translations.languages import SUPPORTED

ALL_ANSWERS: dict[str, Any] = {
    "relation": "child",
    "care_needs": ["elderly", "cleaning"],
    "self_sufficient": False,
    "care_schedules": ["live_in"],
    "care_municipality": "Crema",
    "start_from": "2027-01-10",
    "person_name": "Rosa Inventata",
    "person_phone": "+393331234567",
}
MORE = {**ALL_ANSWERS, "more_answers": "yes"}
FILES = (WORDS_FILE, CARE_WORDS_FILE)


def answer(
    asked: str, said: str = "", *, known: dict[str, Any] | None = None, progress: Any = None, **message: Any
) -> Outcome:
    slots = {**(known or {}), "form_progress": {"form": CARE_REQUEST_FORM, **(progress or {})}}
    return act(
        CareRequestForm, tracker(text=said, slots=slots, form=CARE_REQUEST_FORM, asked=asked, **message)
    )


def press(asked: str, slot: str, choice: str, *, known: dict[str, Any], progress: Any = None) -> Outcome:
    return answer(asked, known=known, progress=progress, entities=[("field", slot), ("choice", choice)])


def without(*slots: str) -> dict[str, Any]:
    return {name: value for name, value in ALL_ANSWERS.items() if name not in slots}


def test_what_was_said_first_is_not_asked_again() -> None:
    entities = [
        ("care_skill", "elderly"),
        ("care_schedule", "live_in"),
        ("municipality", "Crema"),
        ("money", 1500),
    ]
    words = "cerco una badante fissa a Crema per mia madre, 1500 euro"
    began = act(
        CareRequestForm, tracker("hire_care_worker", words, entities=entities, begins=CARE_REQUEST_FORM)
    )
    assert began.says("bot.care_request_form_start")
    assert (began.slots["relation"], began.slots["care_needs"]) == ("child", ["elderly"])
    assert (began.slots["care_schedules"], began.slots["care_municipality"]) == (["live_in"], "Crema")
    assert began.slots["care_budget_eur_month"] == 1500
    assert began.slots["requested_slot"] == "self_sufficient"


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_short_form_ends_with_send_or_tell_more(language: str) -> None:
    said = answer("person_phone", "333 1234567", known=without("person_phone"), language=language)
    assert said.slots["requested_slot"] == "confirmed"
    assert said.says("bot.ask_more_care_request", language)
    assert said.says("bot.care_request_form_who_sees", language)


def test_an_illness_is_not_kept() -> None:
    said = answer(
        "care_needs", "ha l'Alzheimer", entities=[("care_skill", "dementia")], known=without("care_needs")
    )
    assert said.says("bot.care_no_illness")
    assert said.slots["care_needs"] == ["elderly"]
    assert "Alzheimer" not in str(said.slots)
    offered = answer("relation", "per mia madre", known=without("relation", "care_needs"))
    assert "Demenza, Alzheimer" not in offered.titles


def test_who_needs_the_house_cleaned_is_not_asked_about_washing() -> None:
    known = {**without("self_sufficient"), "care_needs": ["cleaning"], "care_schedules": None}
    assert press("care_needs", "care_needs", "done", known=known).slots["requested_slot"] == "care_schedules"


def test_every_further_question_can_be_skipped() -> None:
    asked = "abilities_needed"
    progress: dict[str, Any] = {"skipped": []}
    seen = []
    while asked != "confirmed":
        seen.append(asked)
        said = answer(asked, intent="skip", known=MORE, progress=progress)
        progress, asked = said.slots["form_progress"], said.slots["requested_slot"]
    assert seen == [slot for slot in CARE_REQUEST_MORE_SLOTS if slot not in ("gender_wished", "hours_week")]


def test_a_woman_or_a_man_is_asked_only_where_somebody_is_washed_and_kept_only_then() -> None:
    known = {**MORE, "abilities_needed": ["washing"]}
    asked = press(
        "abilities_needed", "abilities_needed", "done", known=known, progress={"choosing": "abilities_needed"}
    )
    assert asked.slots["requested_slot"] == "gender_wished"
    assert asked.titles[:3] == ["Una donna", "Un uomo", "Non importa"]
    wished = {**known, "abilities_needed": None, "gender_wished": "woman"}
    changed = answer("abilities_needed", "guidare", known=wished)
    assert (changed.slots["abilities_needed"], changed.slots["gender_wished"]) == (["driving"], None)


def test_who_does_not_know_the_cost_says_so_with_a_button() -> None:
    known = {**MORE, "abilities_needed": [], "tasks_needed": [], "care_days": [], "own_room": None}
    asked = press("own_room", "own_room", "yes", known=known)
    assert asked.says("bot.ask_care_budget_eur_month")
    assert "Non lo so" in asked.titles
    told = answer(
        "care_budget_eur_month", "1400 euro", entities=[("money", 1400)], known={**known, "own_room": True}
    )
    assert told.slots["care_budget_eur_month"] == 1400


@pytest.mark.parametrize(
    ("asked", "typed", "key"),
    [
        ("hours_week", "90", "bot.further_too_high"),
        ("care_budget_eur_month", "3", "bot.further_too_low"),
        ("start_from", "01/02/2020", "bot.date_past"),
        ("person_phone", "12345", "bot.phone_invalid"),
    ],
)
@pytest.mark.parametrize("language", ["it", "fr", "pa", "bn"])
def test_what_cannot_be_is_refused_and_nothing_is_lost(
    asked: str, typed: str, key: str, language: str
) -> None:
    known = {**MORE, "care_schedules": ["hourly"], asked: None}
    said = answer(asked, typed, known=known, language=language)
    assert said.says(key, language)
    assert said.slots["relation"] == "child"
    assert said.slots[asked] is None


def test_a_town_of_another_district_is_named_kindly() -> None:
    said = answer(
        "care_municipality",
        "a Milano",
        entities=[("municipality_outside", "Milano")],
        known=without("care_municipality"),
    )
    assert "Milano" in said.text
    assert said.slots["requested_slot"] == "care_municipality"


def test_an_answer_is_corrected_from_the_summary() -> None:
    said = answer("confirmed", intent="correct", entities=[("field", "care_schedules")], known=ALL_ANSWERS)
    assert said.slots["requested_slot"] == "care_schedules"
    assert "Vive in casa (fissa)" in said.titles


def test_a_question_to_the_guide_interrupts_and_the_form_stays() -> None:
    said = answer("relation", "quanto costa un contratto?", intent="ask_care_contract", confidence=0.95)
    assert said.events == []


@pytest.mark.parametrize(
    ("words", "language", "ground"),
    [
        ("cerco una badante italiana", "it", "nationality"),
        ("non musulmana, per favore", "it", "religion"),
        ("solo giovane", "it", "age"),
        ("badante senza figli", "it", "family"),
        ("niente persone di colore", "it", "skin"),
        ("no zingari", "it", "origin"),
        ("not older than 50", "en", "age"),
        ("pas de musulmane", "fr", "religion"),
        ("mujer italiana", "es", "nationality"),
        ("doar italiancă", "ro", "nationality"),
        ("vetëm italiane", "sq", "nationality"),
        ("лише українку", "uk", "nationality"),
        ("مسلمة فقط", "ar", "religion"),
        ("ਸਿਰਫ਼ ਸਿੱਖ", "pa", "religion"),
        ("صرف پاکستانی عورت", "ur", "nationality"),
        ("শুধু বাঙালি", "bn", "nationality"),
        ("不要黑人", "zh", "skin"),
    ],
)
def test_a_wish_that_discriminates_is_refused_with_why_and_only_counted(
    words: str, language: str, ground: str
) -> None:
    said = answer("relation", words, language=language, intent="nlu_fallback")
    assert said.says("bot.care_wish_unlawful", language)
    assert said.slots["care_wishes"] == [{"ground": ground}]
    assert words not in str(said.events)


def test_such_a_wish_in_the_first_sentence_begins_the_form_all_the_same() -> None:
    words = "cerco una badante italiana per mia madre"
    began = act(CareRequestForm, tracker("hire_care_worker", words, begins=CARE_REQUEST_FORM))
    assert began.says("bot.care_wish_unlawful")
    assert began.slots["care_wishes"] == [{"ground": "nationality"}]
    assert began.slots["relation"] == "child"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("che parli italiano", "it"),
        ("cucina solo italiana", "it"),
        ("non solo italiane", "it"),
        ("mia madre è italiana e cattolica", "it"),
        ("not only Italian", "en"),
        ("cuisine italienne", "fr"),
        ("не лише українку", "uk"),
        ("不只要中国人", "zh"),
    ],
)
def test_a_welcome_or_a_need_is_no_wish(words: str, language: str) -> None:
    assert ground_of(words, language, FILES) is None


def test_every_phrase_of_the_list_is_known_and_every_welcome_is_none() -> None:
    listed = yaml.safe_load(CARE_WORDS_FILE.read_text(encoding="utf-8"))
    assert set(listed) == set(SUPPORTED)
    grounds = set(get_args(UnlawfulWish.model_fields["ground"].annotation))
    for language, by_ground in listed.items():
        assert set(by_ground) - {"welcome"} <= grounds
        for ground, phrases in by_ground.items():
            for phrase in phrases:
                expected = None if ground == "welcome" else ground
                assert ground_of(phrase, language, (CARE_WORDS_FILE,)) == expected, (language, phrase)


def test_the_request_is_sent_without_a_word_of_the_wish() -> None:
    backoffice = FakeBackoffice()
    slots = {
        **MORE, "abilities_needed": ["washing", "feeding"], "gender_wished": "woman",
        "tasks_needed": ["laundry"], "care_days": ["0", "2"], "own_room": True, "care_budget_eur_month": 1500,
        "home_stairs": True,
        "home_pets": False, "home_smokers": False, "languages_wished": ["it"], "confirmed": "send",
        "care_wishes": [{"ground": "nationality"}], "form_progress": {"form": CARE_REQUEST_FORM},
    }  # fmt: skip
    said = act(SubmitCareRequest, tracker("affirm", "sì", slots=slots), backoffice)
    [sent] = backoffice.intakes
    intake = sent.care_request
    assert intake is not None
    assert (intake.relation, intake.needs, intake.schedules) == (
        "child",
        ["elderly", "cleaning"],
        ["live_in"],
    )
    assert (intake.abilities, intake.gender_wished, intake.days) == (["washing", "feeding"], "woman", [0, 2])
    assert (intake.budget_eur_month, intake.own_room, intake.stairs, intake.pets) == (1500, True, True, False)
    assert intake.note is None
    assert [(wish.ground, wish.words) for wish in sent.wishes] == [("nationality", "")]
    assert sent.consent.purpose == "care_request"
    assert "2026-0001" in said.text
    assert all(said.slots[name] is None for name in (*FORM_SLOTS[CARE_REQUEST_FORM], "care_wishes"))


def test_a_request_that_could_not_be_sent_stays() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    slots = {**ALL_ANSWERS, "confirmed": "send", "form_progress": {"form": CARE_REQUEST_FORM}}
    said = act(SubmitCareRequest, tracker("affirm", "sì", slots=slots), backoffice)
    assert said.says("bot.not_registered_yet")
    assert "care_needs" not in said.slots
