from __future__ import annotations

from typing import Any

import pytest

from actions.housing import HousingForm, SubmitHousing
from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.schemas import HousingIntake
from tests.actions.fakes import FakeBackoffice
from tests.actions.trackers import Outcome, act, tracker

ALL_ANSWERS: dict[str, Any] = {
    "municipalities": ["Crema"],
    "people": 4,
    "minors": 2,
    "rooms": 2,
    "budget_eur_month": 600,
    "move_in_from": "2027-02-01",
    "employment": "permanent",
    "housing_needs": "ascensore",
    "person_name": "Amina",
    "person_phone": "+393331234567",
}
FIRST_MESSAGE = [("municipality", "Crema"), ("people", 4), ("money", 600), ("rooms", 2)]


def answer(
    asked: str, text: str = "", *, known: dict[str, Any] | None = None, progress: Any = None, **message: Any
) -> Outcome:
    slots = {**(known or {}), "form_progress": {"form": "housing_form", **(progress or {})}}
    at = tracker(text=text, slots=slots, form="housing_form", asked=asked, **message)
    return act(HousingForm, at)


def test_what_was_said_in_the_first_message_is_not_asked_again() -> None:
    began = act(
        HousingForm, tracker("search_housing", "cerco ...", entities=FIRST_MESSAGE, begins="housing_form")
    )
    assert began.slots["municipalities"] == ["Crema"]
    assert (began.slots["people"], began.slots["rooms"], began.slots["budget_eur_month"]) == (4, 2, 600)
    assert began.slots["requested_slot"] == "minors"
    assert began.says("bot.ask_minors")
    assert not began.says("bot.ask_municipalities")


def test_values_heard_before_the_form_began_are_kept() -> None:
    slots = {"heard": [{"entity": "municipality", "value": "Pandino"}]}
    began = act(HousingForm, tracker("search_housing", slots=slots, begins="housing_form"))
    assert began.slots["municipalities"] == ["Pandino"]
    assert began.slots["heard"] is None


def test_a_bare_number_counts_for_the_question_that_was_asked() -> None:
    # Whatever the understanding takes it for.
    said = answer(
        "budget_eur_month", "600", entities=[("people", 600)], known={"municipalities": [], "people": 4}
    )
    assert said.slots["budget_eur_month"] == 600
    assert said.slots["people"] == 4


def test_an_arabic_digit_is_a_number() -> None:
    assert answer("people", "٤", known={"municipalities": []}).slots["people"] == 4


def test_several_values_in_one_answer_are_all_taken_and_named() -> None:
    said = answer(
        "municipalities", "a Crema, siamo in 3", entities=[("municipality", "Crema"), ("people", 3)]
    )
    assert (said.slots["municipalities"], said.slots["people"]) == (["Crema"], 3)
    assert "Persone: 3" in said.text
    assert said.slots["requested_slot"] == "minors"


def test_saying_so_corrects_an_earlier_answer() -> None:
    said = answer(
        "rooms",
        "no, siamo in 5",
        intent="deny",
        entities=[("people", 5)],
        known={**ALL_ANSWERS, "rooms": None},
    )
    assert said.slots["people"] == 5
    assert "Persone: 5 (prima: 4)" in said.text
    assert said.slots["requested_slot"] == "rooms"


def test_the_summary_shows_everything_and_who_will_see_it() -> None:
    said = answer(
        "person_phone",
        "333 1234567",
        known={**ALL_ANSWERS, "person_phone": None},
        entities=[("phone", "+393331234567")],
    )
    assert said.says("bot.summary")
    assert said.says("bot.housing_form_who_sees")
    assert "1 febbraio 2027" in said.text
    assert said.titles == ["Invia", "Altre domande", "Correggi", "Annulla"]
    assert said.slots["requested_slot"] == "confirmed"


def test_yes_after_the_summary_ends_the_form() -> None:
    said = answer("confirmed", "sì", intent="affirm", known=ALL_ANSWERS)
    assert said.slots["confirmed"] == "send"
    assert said.slots["requested_slot"] is None


def test_yes_with_a_new_value_changes_it_and_sends_nothing() -> None:
    said = answer(
        "confirmed", "sì ma siamo in 5", intent="affirm", entities=[("people", 5)], known=ALL_ANSWERS
    )
    assert said.slots["confirmed"] is None
    assert said.slots["people"] == 5
    assert said.says("bot.summary")


def test_no_after_the_summary_asks_what_to_change() -> None:
    said = answer("confirmed", "no", intent="deny", known=ALL_ANSWERS)
    assert said.says("bot.which_to_correct")
    assert '/correct{"field": "people"}' in said.payloads


def test_a_field_chosen_for_correction_is_asked_again() -> None:
    said = answer("confirmed", intent="correct", entities=[("field", "people")], known=ALL_ANSWERS)
    assert said.slots["people"] is None
    assert said.slots["requested_slot"] == "people"


@pytest.mark.parametrize(
    ("asked", "text", "key"),
    [
        ("budget_eur_month", "0", "bot.budget_eur_month_too_low"),
        ("budget_eur_month", "90000", "bot.budget_eur_month_too_high"),
        ("people", "0", "bot.people_too_low"),
        ("people", "40", "bot.people_too_high"),
        ("rooms", "30", "bot.rooms_too_high"),
    ],
)
def test_an_impossible_number_is_refused_with_its_own_sentence(asked: str, text: str, key: str) -> None:
    known = {name: value for name, value in ALL_ANSWERS.items() if name != asked}
    said = answer(asked, text, known=known)
    assert said.says(key)
    assert said.slots[asked] is None
    assert said.slots["requested_slot"] == asked


def test_not_all_of_the_household_can_be_minors() -> None:
    said = answer("minors", "4", known={**ALL_ANSWERS, "minors": None})
    assert said.says("bot.minors_too_high")
    assert said.slots["minors"] is None


def test_a_household_that_shrinks_below_its_minors_is_asked_for_them_again() -> None:
    said = answer("confirmed", "siamo in 2", entities=[("people", 2)], known=ALL_ANSWERS)
    assert said.slots["requested_slot"] == "minors"


def test_who_lives_alone_is_not_asked_for_minors() -> None:
    said = answer("people", "1", known={"municipalities": []})
    assert said.slots["requested_slot"] == "rooms"


def test_no_means_no_minors() -> None:
    said = answer("minors", "no", intent="deny", known={"municipalities": [], "people": 2})
    assert said.slots["minors"] == 0


@pytest.mark.parametrize(
    ("day", "key"), [("2026-11-22", "bot.date_past"), ("2030-01-01", "bot.date_too_far")]
)
def test_a_day_that_cannot_be_is_refused(day: str, key: str) -> None:
    said = answer(
        "move_in_from", "dal ...", entities=[("date", day)], known={**ALL_ANSWERS, "move_in_from": None}
    )
    assert said.says(key)
    assert said.slots["move_in_from"] is None


def test_later_offers_the_months_to_come() -> None:
    said = answer(
        "move_in_from",
        entities=[("field", "move_in_from"), ("choice", "later")],
        known={**ALL_ANSWERS, "move_in_from": None},
    )
    assert said.titles[0] == "gennaio 2027"
    assert said.slots["requested_slot"] == "move_in_from"


def test_typed_words_of_a_choice_are_understood() -> None:
    said = answer(
        "employment", "ho un posto fisso", intent="nlu_fallback", known={**ALL_ANSWERS, "employment": None}
    )
    assert said.slots["employment"] == "permanent"


def test_an_ambiguous_town_is_asked_back_with_buttons() -> None:
    said = answer("municipalities", "a Casaletto", entities=[("municipality_ambiguous", "Casaletto")])
    assert said.titles == ["Casaletto Ceredano", "Casaletto Vaprio", "Casaletto di Sopra"]
    assert said.slots["requested_slot"] == "municipalities"
    assert len(said.messages) == 1


def test_a_town_of_another_district_is_told_kindly() -> None:
    said = answer("municipalities", "a Cremona", entities=[("municipality_outside", "Cremona")])
    assert said.says("bot.town_outside")
    assert "Cremona" in said.text
    assert said.slots["municipalities"] is None


def test_the_second_miss_explains_in_other_words_and_offers_a_person() -> None:
    known: dict[str, Any] = {"municipalities": []}
    first = answer("people", "boh", intent="nlu_fallback", known=known)
    assert first.says("bot.answer_not_understood")
    second = answer(
        "people", "boh", intent="nlu_fallback", known=known, progress=first.slots["form_progress"]
    )
    assert second.says("bot.help_people")
    assert "/ask_human" in second.payloads


def test_an_optional_question_can_be_skipped_and_a_needed_one_not() -> None:
    optional = answer("rooms", "non lo so", intent="skip", known={**ALL_ANSWERS, "rooms": None})
    assert optional.slots["rooms"] is None
    assert optional.slots["requested_slot"] == "confirmed"
    needed = answer("people", "non lo so", intent="skip", known={"municipalities": []})
    assert needed.says("bot.answer_needed")
    assert needed.slots["requested_slot"] == "people"


def test_free_text_takes_words_that_look_like_a_topic() -> None:
    known = {**ALL_ANSWERS, "housing_needs": None}
    said = answer(
        "housing_needs", "mio figlio è disabile", intent="ask_benefits", confidence=0.6, known=known
    )
    assert said.slots["housing_needs"] == "mio figlio è disabile"


@pytest.mark.parametrize(
    "intent", ["report_emergency", "ask_human", "stop", "change_language", "delete_my_data"]
)
def test_free_text_does_not_swallow_what_must_be_heard(intent: str) -> None:
    said = answer(
        "housing_needs", "qualunque cosa", intent=intent, known={**ALL_ANSWERS, "housing_needs": None}
    )
    assert said.events == []


@pytest.mark.parametrize("intent", ["ask_tax_code", "ask_office", "ask_privacy", "ask_case_status", "greet"])
def test_a_question_is_left_to_its_rule(intent: str) -> None:
    assert answer("people", "domanda?", intent=intent, known={"municipalities": []}).events == []


def test_after_an_interruption_the_open_question_is_asked_again() -> None:
    said = answer(
        "people",
        "codice fiscale?",
        intent="ask_tax_code",
        known={"municipalities": []},
        after=["action_answer_guide"],
    )
    assert said.says("bot.ask_people")
    assert said.slots == {"requested_slot": "people"}


def test_after_a_good_bye_nothing_more_is_asked() -> None:
    said = answer("people", "addio", intent="goodbye", known={"municipalities": []}, after=["action_goodbye"])
    assert said.messages == []


def test_after_a_change_of_language_the_question_comes_in_the_new_one() -> None:
    said = answer(
        "people",
        intent="change_language",
        known={"municipalities": []},
        after=["action_change_language"],
        set_now={"language": "en"},
    )
    assert said.says("bot.ask_people", "en")


def test_a_stopped_form_begins_anew_and_goes_on_only_by_its_button() -> None:
    paused = {"form": "housing_form", "reason": "stopped", "answers": {"people": 4}, "progress": {}}
    anew = act(
        HousingForm,
        tracker(
            "search_housing",
            "cerco casa",
            slots={"paused_forms": {"housing_form": paused}},
            begins="housing_form",
        ),
    )
    assert anew.slots["people"] is None
    resumed = act(
        HousingForm,
        tracker(
            "search_housing",
            entities=[("choice", "resume")],
            slots={"paused_forms": {"housing_form": paused}},
            begins="housing_form",
        ),
    )
    assert resumed.slots["people"] == 4
    assert resumed.says("bot.housing_form_resumed")


def test_a_form_left_for_a_person_goes_on_when_it_is_asked_for_again() -> None:
    paused = {"form": "housing_form", "reason": "left", "answers": {"people": 4}, "progress": {}}
    resumed = act(
        HousingForm,
        tracker(
            "search_housing",
            "cerco casa",
            slots={"paused_forms": {"housing_form": paused}},
            begins="housing_form",
        ),
    )
    assert resumed.slots["people"] == 4


def test_another_form_that_was_running_is_kept_for_later() -> None:
    slots = {"form_progress": {"form": "care_work_form"}, "skills": ["elderly"], "municipalities": ["Crema"]}
    began = act(HousingForm, tracker("search_housing", "cerco casa", slots=slots, begins="housing_form"))
    assert began.slots["paused_forms"]["care_work_form"]["answers"] == {
        "skills": ["elderly"],
        "municipalities": ["Crema"],
    }
    assert began.slots["municipalities"] is None
    assert began.slots["skills"] is None


def submit(
    backoffice: FakeBackoffice, *, turn_id: str = "turn-1", progress: Any = None, **more: Any
) -> Outcome:
    slots = {
        **ALL_ANSWERS,
        "confirmed": "send",
        "form_progress": {"form": "housing_form", **(progress or {})},
    }
    return act(SubmitHousing, tracker("affirm", "sì", slots=slots, turn_id=turn_id, **more), backoffice)


def test_the_number_is_told_from_the_backoffices_answer() -> None:
    backoffice = FakeBackoffice()
    said = submit(backoffice)
    assert "2026-0001" in said.text
    assert backoffice.keys == ["turn-1:action_submit_housing"]
    assert backoffice.intakes[0].housing == HousingIntake(
        municipalities=["Crema"],
        budget_eur_month=600,
        people=4,
        minors=2,
        rooms=2,
        move_in_from="2027-02-01",
        employment="permanent",
        needs="ascensore",
    )


def test_the_slots_are_empty_after_a_case_is_registered() -> None:
    said = submit(FakeBackoffice())
    assert all(said.slots[name] is None for name in (*ALL_ANSWERS, "confirmed", "form_progress"))


def test_the_same_turn_twice_registers_one_case() -> None:
    backoffice = FakeBackoffice()
    first, second = submit(backoffice), submit(backoffice)
    assert first.text == second.text
    assert len(backoffice.intakes) == 1


def test_a_failed_submission_keeps_the_answers_and_says_so() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    said = submit(backoffice)
    assert said.says("bot.not_registered_yet")
    assert "2026" not in said.text
    assert "people" not in said.slots
    assert said.slots["requested_slot"] == "confirmed"
    assert "/ask_human" in said.payloads


def test_a_retry_in_a_later_turn_cannot_become_a_second_case() -> None:
    backoffice = FakeBackoffice()
    submit(backoffice)  # it arrived, but its answer was lost
    again = submit(backoffice, turn_id="turn-2", progress={"submission": "turn-1"})
    assert "2026-0001" in again.text
    assert len(backoffice.intakes) == 1


def test_a_retry_in_another_language_tells_the_first_number() -> None:
    backoffice = FakeBackoffice()
    submit(backoffice)
    again = submit(backoffice, turn_id="turn-2", progress={"submission": "turn-1"}, language="en")
    assert "2026-0001" in again.text
    assert len(backoffice.intakes) == 1


@pytest.mark.parametrize(
    "words", ["nessuno", "nessun minore", "niente bambini", "senza figli", "siamo solo adulti"]
)
def test_nobody_is_no_minors(words: str) -> None:
    assert answer("minors", words, known={"municipalities": [], "people": 2}).slots["minors"] == 0


def test_one_word_for_two_people_answers_how_many_are_minors() -> None:
    known = {"municipalities": ["Crema"], "people": 4}
    said = answer("minors", "двоє", known=known, entities=[("people", "2")])
    assert said.slots["minors"] == 2
    assert said.slots["people"] == 4


def test_an_offered_answer_in_words_is_no_cry_for_help() -> None:
    known = {**ALL_ANSWERS, "employment": None}
    said = answer("employment", "lavoro in nero", intent="report_work_problem", confidence=0.96, known=known)
    assert said.slots["employment"] == "undeclared"


def test_a_named_answer_is_corrected_at_the_summary() -> None:
    said = answer("confirmed", "cambia le persone", intent="nlu_fallback", known=ALL_ANSWERS)
    assert said.slots["requested_slot"] == "people"


def test_a_town_outside_is_heard_where_it_looks_like_small_talk() -> None:
    entities = [("municipality_outside", "Milano")]
    said = answer("municipalities", "a Milano", intent="out_of_scope", confidence=0.95, entities=entities)
    assert said.says("bot.town_outside")


def test_free_text_takes_a_need_however_sure_the_topic_is() -> None:
    known = {**ALL_ANSWERS, "housing_needs": None}
    said = answer(
        "housing_needs",
        "vicino alla scuola dei bambini",
        intent="ask_school_enrolment",
        confidence=0.99,
        known=known,
    )
    assert said.slots["housing_needs"] == "vicino alla scuola dei bambini"


def test_a_question_without_its_mark_still_interrupts_free_text() -> None:
    known = {**ALL_ANSWERS, "housing_needs": None}
    said = answer(
        "housing_needs", "come faccio il codice fiscale", intent="ask_tax_code", confidence=0.6, known=known
    )
    assert said.events == []


def test_a_whole_sentence_is_no_name() -> None:
    known = {**ALL_ANSWERS, "person_name": None}
    said = answer(
        "person_name",
        "voglio rinnovare il mio permesso",
        intent="ask_residence_permit",
        confidence=0.95,
        known=known,
    )
    assert said.events == []


def test_later_in_words_offers_the_months() -> None:
    said = answer("move_in_from", "più avanti", intent="skip", known={**ALL_ANSWERS, "move_in_from": None})
    assert "gennaio 2027" in said.titles


def test_not_knowing_the_town_is_anywhere() -> None:
    for text, intent in (("dappertutto", "affirm"), ("non lo so", "skip")):
        assert answer("municipalities", text, intent=intent).slots["municipalities"] == []


def test_wanting_to_change_the_summary_is_no_question_on_contracts() -> None:
    said = answer(
        "confirmed", "cambia l'affitto", intent="ask_rental_contract", confidence=0.4, known=ALL_ANSWERS
    )
    assert said.says("bot.which_to_correct")


def test_trying_again_in_words_sends() -> None:
    said = answer("confirmed", "riprova", intent="nlu_fallback", known=ALL_ANSWERS)
    assert said.slots["confirmed"] == "send"
