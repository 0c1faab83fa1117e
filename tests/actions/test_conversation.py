from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.conversation import AskBack, AskPurpose, ChangeLanguage, HearAnswer, SayGoodbye, Stop
from actions.menu import GUIDE_INTENTS, Greet, ShowMenu
from actions.reception import DeleteMyData
from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.schemas import WaitingReason
from tests.actions.fakes import FakeBackoffice
from tests.actions.trackers import act, tracker

Earlier = list[tuple[str, dict[str, Any]]]


def unavailable() -> FakeBackoffice:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    return backoffice


def test_a_greeting_offers_the_languages_by_their_own_names_and_the_menu() -> None:
    said = act(Greet, tracker("greet", "ciao"))
    assert "Italiano" in said.titles
    assert "Cerco casa" in said.titles


def test_a_greeting_in_a_form_is_short() -> None:
    said = act(Greet, tracker("greet", "ciao", form="housing_form", asked="people"))
    assert said.says("bot.greet_again")
    assert said.titles == []


def test_the_menu_leads_to_the_sixteen_topics() -> None:
    said = act(ShowMenu, tracker("ask_menu", entities=[("choice", "services")]))
    assert said.payloads == [f"/{intent}" for intent in GUIDE_INTENTS]
    assert len(said.payloads) == 16


def test_a_form_that_waits_is_offered_with_the_menu() -> None:
    paused = {"form": "housing_form", "reason": "left", "answers": {}, "progress": {}}
    said = act(ShowMenu, tracker("ask_menu", slots={"paused_forms": {"housing_form": paused}}))
    assert said.payloads[0] == '/search_housing{"choice": "resume"}'


def test_a_named_language_is_changed_to_and_spoken_at_once() -> None:
    backoffice = FakeBackoffice()
    said = act(
        ChangeLanguage,
        tracker("change_language", "italiano", entities=[("language_name", "it")], language="xx"),
        backoffice,
    )
    assert backoffice.languages == ["it"]
    assert said.slots == {"language": "it"}
    assert "Italiano" in said.text


def test_a_language_that_is_not_spoken_offers_those_that_are() -> None:
    said = act(ChangeLanguage, tracker("change_language", "wolof", entities=[("language_name", "wo")]))
    assert said.says("bot.language_unknown")
    assert "Italiano" in said.titles
    assert said.slots == {}


def test_a_language_that_cannot_be_stored_is_not_pretended() -> None:
    said = act(
        ChangeLanguage, tracker("change_language", "it", entities=[("language_name", "it")]), unavailable()
    )
    assert said.says("bot.language_unavailable")
    assert said.slots == {}


def test_stop_ends_a_form_and_offers_to_take_it_up_again() -> None:
    slots = {"people": 4, "form_progress": {"form": "housing_form"}}
    said = act(Stop, tracker("stop", "basta", slots=slots, form="housing_form", asked="minors"))
    assert said.says("bot.stopped")
    assert said.ends_form
    assert said.slots["people"] is None
    assert '/search_housing{"choice": "resume"}' in said.payloads


def test_stop_keeps_the_other_form_that_waits() -> None:
    waiting = {"form": "care_work_form", "reason": "left", "answers": {"skills": ["elderly"]}, "progress": {}}
    slots = {
        "people": 4,
        "form_progress": {"form": "housing_form"},
        "paused_forms": {"care_work_form": waiting},
    }
    said = act(Stop, tracker("stop", "basta", slots=slots, form="housing_form", asked="minors"))
    assert list(said.slots["paused_forms"]) == ["care_work_form", "housing_form"]


def test_a_form_without_answers_is_not_kept() -> None:
    slots = {"form_progress": {"form": "housing_form"}}
    said = act(Stop, tracker("stop", "basta", slots=slots, form="housing_form", asked="municipalities"))
    assert said.slots["paused_forms"] is None
    assert said.payloads == ["/ask_human", "/ask_menu"]


def test_a_form_that_a_mediator_cut_off_is_offered_after_the_hand_back() -> None:
    slots = {"people": 4, "form_progress": {"form": "housing_form"}}
    said = act(ShowMenu, tracker("ask_menu", slots=slots))
    assert said.payloads[0] == '/search_housing{"choice": "resume"}'


def test_stop_where_nothing_runs_offers_what_waits() -> None:
    paused = {
        "housing_form": {
            "form": "housing_form",
            "reason": "stopped",
            "answers": {"people": 4},
            "progress": {},
        }
    }
    assert "Riprendi: casa" in act(Stop, tracker("stop", "basta", slots={"paused_forms": paused})).titles


def test_stop_where_nothing_runs_says_so() -> None:
    assert act(Stop, tracker("stop", "basta")).says("bot.nothing_to_stop")


def test_a_good_bye_in_a_form_says_that_nothing_was_sent() -> None:
    assert act(SayGoodbye, tracker("goodbye", "ciao", form="housing_form")).says("bot.goodbye_in_form")


def test_values_out_of_nowhere_are_asked_for_their_purpose_and_kept() -> None:
    said = act(
        AskPurpose, tracker("inform", "4 a Crema", entities=[("municipality", "Crema"), ("people", 4)])
    )
    assert said.payloads == [
        "/search_housing", "/register_care_worker", "/hire_care_worker", "/ask_menu",
    ]  # fmt: skip
    assert said.slots["heard"] == [
        {"entity": "municipality", "value": "Crema"},
        {"entity": "people", "value": "4"},
    ]


def test_what_was_not_understood_offers_the_two_likeliest_meanings() -> None:
    ranking = ["nlu_fallback", "search_housing", "inform", "ask_rental_contract", "ask_benefits"]
    said = act(AskBack, tracker("nlu_fallback", "boh", ranking=ranking))
    assert said.titles == ["Cerco casa", "Contratto di affitto", "Nessuna di queste", "Insegnami a capire"]
    assert said.slots["misses"] == 1


MISSED: Earlier = [("nlu_fallback", {"misses": 1})]


def missed_again() -> Tracker:
    return tracker("nlu_fallback", "boh", ranking=["search_housing"], earlier=MISSED, slots={"misses": 1})


def test_a_second_miss_in_a_row_opens_the_queue_and_offers_the_menu() -> None:
    backoffice = FakeBackoffice()
    said = act(AskBack, missed_again(), backoffice)
    [request] = backoffice.handoffs
    assert (request.reason, request.urgent) == (WaitingReason.NOT_UNDERSTOOD, False)
    assert said.says("bot.not_understood_twice")
    assert said.says("bot.handoff_desk_open")
    assert "/search_housing" in said.payloads
    assert "/give_example" not in said.payloads  # it would end the wait
    assert said.slots["misses"] == 2


def test_where_danger_is_hinted_at_the_first_miss_opens_the_queue_already() -> None:
    backoffice = FakeBackoffice()
    hinted = tracker("nlu_fallback", "ho paura a tornare", ranking=["ask_office", "report_emergency"])
    said = act(AskBack, hinted, backoffice)
    assert [request.reason for request in backoffice.handoffs] == [WaitingReason.NOT_UNDERSTOOD]
    assert said.payloads[0] == "/report_emergency"
    assert said.slots["misses"] == 1


def test_a_second_miss_without_a_backoffice_offers_menu_and_person() -> None:
    said = act(AskBack, missed_again(), unavailable())
    assert said.says("bot.still_not_understood")
    assert said.payloads[0] == "/ask_human"
    assert said.slots["misses"] == 2


def test_an_understood_message_between_resets_the_count() -> None:
    earlier: Earlier = [("nlu_fallback", {"misses": 1}), ("ask_office", {})]
    said = act(
        AskBack,
        tracker("nlu_fallback", "boh", ranking=["search_housing"], earlier=earlier, slots={"misses": 1}),
    )
    assert said.slots["misses"] == 1


def test_deleting_needs_a_yes_in_the_next_message() -> None:
    backoffice = FakeBackoffice()
    asked = act(DeleteMyData, tracker("delete_my_data", "cancella tutto"), backoffice)
    assert asked.says("bot.delete_question")
    assert backoffice.receptions == []
    earlier: Earlier = [("delete_my_data", asked.slots)]
    said = act(
        HearAnswer, tracker("affirm", "sì", earlier=earlier, slots=asked.slots, turn_id="turn-2"), backoffice
    )
    assert "2026-0001" in said.text
    assert backoffice.receptions[0].need == "data_erasure"
    assert said.slots["awaiting"] is None


def test_a_yes_that_comes_later_deletes_nothing() -> None:
    backoffice = FakeBackoffice()
    earlier: Earlier = [("delete_my_data", {"awaiting": "delete_my_data"}), ("ask_office", {})]
    said = act(
        HearAnswer, tracker("affirm", "sì", earlier=earlier, slots={"awaiting": "delete_my_data"}), backoffice
    )
    assert backoffice.receptions == []
    assert said.says("bot.what_now")


def test_a_no_keeps_the_data() -> None:
    slots = {"awaiting": "delete_my_data"}
    said = act(HearAnswer, tracker("deny", "no", earlier=[("delete_my_data", slots)], slots=slots))
    assert said.says("bot.delete_not")


def test_a_form_that_waits_is_offered_where_nothing_was_understood() -> None:
    paused = {"form": "housing_form", "reason": "left", "answers": {"people": 4}, "progress": {}}
    slots = {"paused_forms": {"housing_form": paused}}
    said = act(AskBack, tracker("nlu_fallback", "boh", ranking=["ask_office"], slots=slots))
    assert said.titles == ["Orari e indirizzo", "Riprendi: casa", "Nessuna di queste", "Insegnami a capire"]
