from __future__ import annotations

from typing import Any

from actions.care_work import CareWorkForm, SubmitCareWork
from backoffice.client.errors import BackofficeUnavailable
from tests.actions.fakes import FakeBackoffice
from tests.actions.trackers import Outcome, act, tracker

ALL_ANSWERS: dict[str, Any] = {
    "skills": ["dementia"],
    "years_experience": 5,
    "schedules": ["live_in"],
    "municipalities": [],
    "spoken_languages": ["uk", "it"],
    "permit_allows_work": "yes",
    "availability_from": "2026-12-01",
    "person_name": "Оксана",
}


def answer(
    asked: str, text: str = "", *, known: dict[str, Any] | None = None, progress: Any = None, **message: Any
) -> Outcome:
    slots = {**(known or {}), "form_progress": {"form": "care_work_form", **(progress or {})}}
    return act(CareWorkForm, tracker(text=text, slots=slots, form="care_work_form", asked=asked, **message))


def without(slot: str) -> dict[str, Any]:
    return {name: value for name, value in ALL_ANSWERS.items() if name != slot}


def test_one_message_can_say_skills_years_and_schedule() -> None:
    entities = [("years", 5), ("care_schedule", "live_in"), ("care_skill", "dementia")]
    began = act(
        CareWorkForm, tracker("register_care_worker", "...", entities=entities, begins="care_work_form")
    )
    assert began.slots["skills"] == ["dementia"]
    assert began.slots["schedules"] == ["live_in"]
    assert began.slots["years_experience"] == 5
    assert began.slots["requested_slot"] == "municipalities"


def test_buttons_add_skills_until_done() -> None:
    first = answer("skills", entities=[("field", "skills"), ("choice", "elderly")])
    assert first.says("bot.ask_more_skills")
    assert "Anziani" not in first.titles
    assert first.titles[-1] == "Basta così"
    second = answer(
        "skills",
        entities=[("field", "skills"), ("choice", "cooking")],
        known={"skills": ["elderly"]},
        progress=first.slots["form_progress"],
    )
    done = answer(
        "skills",
        entities=[("field", "skills"), ("choice", "done")],
        known={"skills": second.slots["skills"]},
        progress=second.slots["form_progress"],
    )
    assert done.slots["skills"] == ["elderly", "cooking"]
    assert done.slots["requested_slot"] == "years_experience"


def test_no_more_ends_the_choosing() -> None:
    said = answer(
        "skills", "no", intent="deny", known={"skills": ["elderly"]}, progress={"choosing": "skills"}
    )
    assert said.slots["skills"] == ["elderly"]
    assert said.slots["requested_slot"] == "years_experience"


def test_naming_languages_answers_the_question_and_changes_nothing() -> None:
    entities = [("language_name", "uk"), ("language_name", "it")]
    said = answer(
        "spoken_languages",
        "українська",
        intent="change_language",
        entities=entities,
        known=without("spoken_languages"),
    )
    assert said.slots["spoken_languages"] == ["uk", "it"]


def test_a_language_button_changes_the_language_even_there() -> None:
    said = answer(
        "spoken_languages",
        intent="change_language",
        entities=[("language_name", "uk")],
        known=without("spoken_languages"),
    )
    assert said.events == []


def test_yes_no_and_not_knowing_answer_the_permit() -> None:
    for intent, code in (("affirm", "yes"), ("deny", "no"), ("skip", "unknown")):
        said = answer("permit_allows_work", "...", intent=intent, known=without("permit_allows_work"))
        assert said.slots["permit_allows_work"] == code


def test_anywhere_is_the_empty_list() -> None:
    said = answer(
        "municipalities",
        entities=[("field", "municipalities"), ("choice", "anywhere")],
        known=without("municipalities"),
    )
    assert said.slots["municipalities"] == []


def test_a_telephone_that_cannot_be_is_refused() -> None:
    said = answer("person_phone", "12345", known=ALL_ANSWERS)
    assert said.says("bot.phone_invalid")


def test_a_typed_telephone_is_kept_with_its_country() -> None:
    said = answer("person_phone", "il mio numero è 333 1234567", known=ALL_ANSWERS, intent="nlu_fallback")
    assert said.slots["person_phone"] == "+393331234567"


def test_registering_sends_the_codes_and_tells_the_number() -> None:
    backoffice = FakeBackoffice()
    slots = {**ALL_ANSWERS, "confirmed": "send", "form_progress": {"form": "care_work_form"}}
    said = act(SubmitCareWork, tracker("affirm", "так", slots=slots, language="uk"), backoffice)
    intake = backoffice.intakes[0].care_work
    assert intake is not None
    assert (intake.years_experience, intake.skills, intake.schedules) == (5, ["dementia"], ["live_in"])
    assert intake.languages == ["uk", "it"]
    assert "2026-0001" in said.text


def test_a_failed_registration_keeps_the_form() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    slots = {**ALL_ANSWERS, "confirmed": "send", "form_progress": {"form": "care_work_form"}}
    said = act(SubmitCareWork, tracker("affirm", "sì", slots=slots), backoffice)
    assert said.says("bot.not_registered_yet")
    assert said.slots["form_progress"]["submission"] == "turn-1"
