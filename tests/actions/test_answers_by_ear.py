"""Answers as people really give them: beside the question, by half, with a word that changes all."""

from __future__ import annotations

from typing import Any

import pytest

from actions.care_work import CareWorkForm
from actions.housing import HousingForm
from tests.actions.trackers import Outcome, act, tracker


def housing(asked: str, text: str, *, known: Any = None, progress: Any = None, **message: Any) -> Outcome:
    slots = {**(known or {}), "form_progress": {"form": "housing_form", **(progress or {})}}
    return act(HousingForm, tracker(text=text, slots=slots, form="housing_form", asked=asked, **message))


def care_work(asked: str, text: str, *, known: Any = None, **message: Any) -> Outcome:
    slots = {**(known or {}), "form_progress": {"form": "care_work_form"}}
    return act(CareWorkForm, tracker(text=text, slots=slots, form="care_work_form", asked=asked, **message))


def test_children_of_the_first_message_are_not_asked_again() -> None:
    said = [("municipality", "Crema"), ("people", 4), ("minors", 2), ("number", 2)]
    began = act(HousingForm, tracker("search_housing", "cerco ...", entities=said, begins="housing_form"))
    assert (began.slots["people"], began.slots["minors"]) == (4, 2)
    assert began.slots["requested_slot"] == "rooms"


def test_children_are_not_the_whole_household() -> None:
    said = housing(
        "people", "ho tre figli", entities=[("minors", 3), ("number", 3)], known={"municipalities": []}
    )
    assert said.slots["people"] is None
    assert said.slots["minors"] == 3
    assert said.says("bot.ask_people")


def test_minors_are_measured_by_the_household_of_the_same_message() -> None:
    said = housing(
        "rooms",
        "no, siamo in 5 con 3 bambini",
        entities=[("people", 5), ("minors", 3)],
        known={"municipalities": [], "people": 2, "minors": 0},
    )
    assert (said.slots["people"], said.slots["minors"]) == (5, 3)


def test_the_towns_that_may_be_meant_are_offered_until_it_is_clear() -> None:
    asked_back = housing("municipalities", "a Casaletto", entities=[("municipality_ambiguous", "Casaletto")])
    progress = asked_back.slots["form_progress"]
    interrupted = act(
        HousingForm,
        tracker(
            "ask_office",
            "dove siete?",
            slots={"form_progress": progress},
            form="housing_form",
            asked="municipalities",
            after=["action_tell_office"],
        ),
    )
    assert interrupted.titles[:3] == ["Casaletto Ceredano", "Casaletto Vaprio", "Casaletto di Sopra"]
    pressed = [("field", "municipalities"), ("choice", "Casaletto Vaprio")]
    chosen = housing("municipalities", "", entities=pressed, progress=progress)
    assert chosen.slots["municipalities"] == ["Casaletto Vaprio"]
    assert chosen.slots["form_progress"]["unclear"] == {}


def test_also_adds_a_town_and_a_mere_name_replaces_it() -> None:
    pandino = [("municipality", "Pandino")]
    known = {"municipalities": ["Crema"]}
    assert housing("people", "anche Pandino", entities=pandino, known=known).slots["municipalities"] == [
        "Crema",
        "Pandino",
    ]
    assert housing("people", "no, Pandino", entities=pandino, known=known).slots["municipalities"] == [
        "Pandino"
    ]


def test_also_adds_a_schedule() -> None:
    said = care_work(
        "permit_allows_work",
        "anche di notte",
        entities=[("care_schedule", "nights")],
        known={"schedules": ["live_in", "hourly"]},
    )
    assert said.slots["schedules"] == ["live_in", "hourly", "nights"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("si ho il permesso", "yes"),
        ("Sì", "yes"),
        ("non ho il permesso di lavoro", "no"),
        ("no, sono senza documenti", "no"),
        ("sto aspettando il permesso", "unknown"),
        ("no, non sono cittadina europea", "unknown"),
    ],
)
def test_words_about_the_permit_answer_its_question(text: str, code: str) -> None:
    said = care_work("permit_allows_work", text, intent="ask_residence_permit", confidence=0.99)
    assert said.slots["permit_allows_work"] == code


def test_si_in_the_middle_of_a_sentence_is_no_yes() -> None:
    assert "permit_allows_work" not in care_work(
        "permit_allows_work", "mi hanno detto che si fa in posta"
    ).slots or (
        care_work("permit_allows_work", "mi hanno detto che si fa in posta").slots["permit_allows_work"]
        is None
    )


def test_a_telephone_that_is_too_short_is_told_so() -> None:
    assert housing("person_phone", "333").says("bot.phone_invalid")


def test_having_no_telephone_is_an_answer() -> None:
    said = housing("person_phone", "non ho telefono", intent="ask_office", confidence=0.96)
    assert "person_phone" in said.slots["form_progress"]["skipped"]


def test_an_earlier_answer_is_changed_in_words_before_the_summary() -> None:
    said = housing(
        "employment",
        "posso cambiare il numero di stanze",
        known={"municipalities": [], "people": 3, "rooms": 2},
    )
    assert said.slots["rooms"] is None


def test_a_need_that_is_only_guessed_becomes_no_case_inside_a_form() -> None:
    said = housing("municipalities", "mia madre usa la carrozzina", intent="hire_care_worker", confidence=0.4)
    assert said.slots["requested_slot"] == "municipalities"
    assert said.payloads[0] == "/hire_care_worker"
    assert said.says("bot.ask_municipalities")


def test_who_does_not_want_to_send_can_still_give_it_up() -> None:
    known = {"municipalities": [], "people": 1, "budget_eur_month": 500}
    said = housing("confirmed", "no", intent="deny", known=known)
    assert said.titles[-2:] == ["Invia", "Annulla"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My name is Bilal Ahmed", "Bilal Ahmed"),
        ("mi chiamo Sono", "Sono"),
        ("I'm Grace", "Grace"),
        ("Sara", "Sara"),
    ],
)
def test_a_name_is_kept_without_what_leads_to_it(text: str, name: str) -> None:
    said = housing("person_name", text, language="en")
    assert said.slots["person_name"] == name


def test_an_age_is_no_name() -> None:
    assert housing("person_name", "ho 45 anni").slots["person_name"] is None


@pytest.mark.parametrize(
    ("text", "sums", "rent"),
    [
        ("tra 500 e 600", [500, 600], 600),
        ("guadagno 1400 euro e posso pagare 600", [1400, 600], 600),
        ("guadagno 1400 euro al mese", [1400], None),
        ("adesso pago 300, la caparra era 900", [300, 900], None),
    ],
)
def test_what_somebody_earns_is_no_rent(text: str, sums: list[int], rent: int | None) -> None:
    said = housing("budget_eur_month", text, entities=[("money", each) for each in sums])
    assert said.slots["budget_eur_month"] == rent


def test_months_of_experience_are_no_years() -> None:
    said = care_work("years_experience", "ho 6 mesi di esperienza", entities=[("number", 6)])
    assert said.slots["years_experience"] == 0


def test_not_knowing_in_words_skips_what_need_not_be_known() -> None:
    said = housing(
        "rooms", "how many rooms? i dont know", language="en", known={"people": 3, "municipalities": []}
    )
    assert "rooms" in said.slots["form_progress"]["skipped"]


def test_which_one_asks_what_to_answer() -> None:
    said = housing("municipalities", "which one?", language="en", intent="ask_menu", confidence=0.65)
    assert said.says("bot.help_municipalities", "en")
    sure = housing("municipalities", "che cosa sai fare?", intent="ask_menu", confidence=0.95)
    assert sure.events == []


def test_a_written_day_that_is_past_is_told_so() -> None:
    assert housing("move_in_from", "1/1/2020", known={"municipalities": []}).says("bot.date_past")


def test_a_question_is_no_name() -> None:
    said = housing("person_name", "Can I change my name?", language="en", intent="nlu_fallback")
    assert said.slots["person_name"] is None


@pytest.mark.parametrize(
    "sign", ["\N{THUMBS UP SIGN}", "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-5}"]
)
def test_a_thumb_up_sends_what_the_summary_shows(sign: str) -> None:
    known = {"municipalities": [], "people": 1, "budget_eur_month": 500}
    assert housing("confirmed", sign, intent="nlu_fallback", known=known).slots["confirmed"] == "send"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "non inviare"),
        ("en", "please don't send it"),
        ("es", "no quiero enviar"),
        ("fr", "ne pas envoyer"),
        ("zh", "不要发送"),
        ("bn", "পাঠাবেন না"),
    ],
)
def test_do_not_send_sends_nothing(language: str, text: str) -> None:
    answers = {
        "municipalities": ["Crema"],
        "people": 1,
        "rooms": 1,
        "budget_eur_month": 500,
        "move_in_from": "2027-01-01",
        "employment": "permanent",
        "housing_needs": "...",
        "person_name": "Amina",
        "person_phone": "+393331234567",
    }
    said = housing("confirmed", text, known=answers, language=language)
    assert said.slots.get("confirmed") is None
