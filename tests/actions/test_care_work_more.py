"""Who registers as a family assistant tells more only if they want to, now or after sending."""

from __future__ import annotations

from typing import Any

import pytest

from actions.care_slots import CARE_WORK_MORE_SLOTS
from actions.care_work import CareWorkForm, SubmitCareWork
from actions.case_status import TellCaseStatus
from actions.handoff import facts
from actions.menu import Greet
from actions.slots import CARE_WORK_FORM, FORM_SLOTS
from actions.turn import read_turn
from backoffice.client.schemas import CaseType, OwnCase, Phase
from tests.actions.fakes import NOW, FakeBackoffice
from tests.actions.test_care_work import ALL_ANSWERS as SHORT
from tests.actions.test_care_work import answer
from tests.actions.trackers import Outcome, act, tracker
from translations.catalog import text
from translations.languages import SUPPORTED

ALL_ANSWERS: dict[str, Any] = {**SHORT, "person_phone": "+393331234567"}
MORE = {**ALL_ANSWERS, "more_answers": "yes"}
TOLD: dict[str, Any] = {
    **MORE,
    "skill_origins": {"dementia": ["work_italy", "course"], "elderly": []},
    "transport": ["bicycle", "bus"],
    "care_abilities": ["washing", "lifting"],
    "cares_for": "women",
    "italian_level": "enough",
    "care_certificates": ["course_160_hours"],
    "eu_citizen": False,
    "permit": "valid",
    "permit_expires_on": "2027-06-30",
    "months_with_contract": 14,
    "days_not_possible": ["6"],
    "care_limits": [],
    "profile_agreed": True,
}


def press(asked: str, slot: str, choice: str, *, known: dict[str, Any], progress: Any = None) -> Outcome:
    return answer(asked, known=known, progress=progress, entities=[("field", slot), ("choice", choice)])


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_short_form_ends_with_send_or_tell_more(language: str) -> None:
    known = {**ALL_ANSWERS, "person_phone": None}
    shown = answer("person_phone", "333 1234567", known=known, language=language)
    assert shown.slots["requested_slot"] == "confirmed"
    assert shown.says("bot.ask_more_care_work", language)
    assert text("bot.button.more_answers_yes", language) in shown.titles
    assert press("confirmed", "confirmed", "send", known=ALL_ANSWERS).slots["requested_slot"] is None


def test_every_further_question_can_be_skipped() -> None:
    known, asked = dict(MORE), "skill_origins"
    progress: dict[str, Any] = {"skipped": []}
    seen = []
    while asked != "confirmed":
        seen.append(asked)
        said = answer(asked, intent="skip", known=known, progress=progress)
        progress, asked = said.slots["form_progress"], said.slots["requested_slot"]
    left_out = {"cares_for", "permit_expires_on"}
    assert seen == [slot for slot in CARE_WORK_MORE_SLOTS if slot not in left_out]


def test_enough_leads_back_to_the_summary_with_what_was_told() -> None:
    said = answer("care_abilities", "basta domande", known={**MORE, "transport": ["car"]})
    assert said.says("bot.summary")
    assert "Auto" in said.text
    assert said.titles == ["Invia", "Correggi", "Annulla"]


def test_each_skill_is_asked_by_name_and_may_have_several_origins() -> None:
    known = {**MORE, "skills": ["elderly", "cooking"]}
    began = press("confirmed", "more_answers", "yes", known={**known, "more_answers": None})
    assert "Anziani" in began.text
    first = press("skill_origins", "skill_origins", "work_italy", known=known)
    assert first.says("bot.ask_more_skill_origins")
    assert first.titles[-3:] == ["Uguale per il resto", "Basta così", "Basta domande"]
    progress = first.slots["form_progress"]
    second = press(
        "skill_origins", "skill_origins", "done", known={**known, **first.slots}, progress=progress
    )
    assert "Cucina" in second.text
    assert second.slots["requested_slot"] == "skill_origins"
    third = answer("skill_origins", "in famiglia", known={**known, **second.slots}, progress=progress)
    assert third.slots["skill_origins"] == {"elderly": ["work_italy"], "cooking": ["family"]}
    assert third.slots["requested_slot"] == "transport"


def test_the_same_origin_for_all_skills_is_one_button() -> None:
    known = {**MORE, "skills": ["elderly", "cooking", "children"], "skill_origins": {"elderly": ["family"]}}
    said = press(
        "skill_origins", "skill_origins", "same", known=known, progress={"choosing": "skill_origins"}
    )
    assert said.slots["skill_origins"] == {skill: ["family"] for skill in known["skills"]}
    assert said.slots["requested_slot"] == "transport"


def test_several_answers_are_typed_at_once() -> None:
    assert answer("transport", "bici no, autobus e bicicletta", known=MORE).slots["transport"] == [
        "bus",
        "bicycle",
    ]
    days = answer("days_not_possible", "sabato e domenica", known=MORE)
    assert days.slots["days_not_possible"] == ["5", "6"]
    assert answer("days_not_possible", "no", intent="deny", known=MORE).slots["days_not_possible"] == []


def test_a_cook_is_not_asked_about_washing() -> None:
    cook = {**MORE, "skills": ["cooking"], "skill_origins": {"cooking": ["family"]}, "transport": ["car"]}
    said = press("transport", "transport", "done", known=cook, progress={"choosing": "transport"})
    assert said.slots["requested_slot"] == "care_abilities"
    assert said.titles[:2] == ["Cucina italiana", "Guidare"]
    assert "Lavare" not in said.titles


def test_of_a_citizen_of_the_union_no_permit_is_asked() -> None:
    known = {**TOLD, "eu_citizen": None, "permit": "valid"}
    said = answer("eu_citizen", "sì", intent="affirm", known=known)
    assert (said.slots["eu_citizen"], said.slots["permit"], said.slots["permit_expires_on"]) == (
        True,
        None,
        None,
    )
    assert said.slots["requested_slot"] == "confirmed"


@pytest.mark.parametrize("language", ["it", "uk", "ar", "zh"])
def test_what_cannot_be_is_refused_and_nothing_is_lost(language: str) -> None:
    known = {**TOLD, "months_with_contract": None}
    said = answer("months_with_contract", "40", known=known, language=language)
    assert said.says("bot.further_too_high", language)
    assert (said.slots["requested_slot"], said.slots["care_abilities"]) == (
        "months_with_contract",
        ["washing", "lifting"],
    )


def test_an_answer_is_corrected_from_the_summary() -> None:
    said = answer("confirmed", intent="correct", entities=[("field", "italian_level")], known=TOLD)
    assert said.slots["requested_slot"] == "italian_level"
    assert said.slots["transport"] == ["bicycle", "bus"]


def test_a_question_to_the_guide_interrupts_and_the_form_stays() -> None:
    assert (
        answer("transport", "dove faccio l'ISEE?", intent="ask_benefits", confidence=0.95, known=MORE).events
        == []
    )


def test_pictures_count_from_the_question_for_papers_on() -> None:
    known = {**MORE, "skill_origins": {}, "transport": [], "care_abilities": [], "italian_level": None}
    asked = press("italian_level", "italian_level", "well", known=known)
    assert asked.says("bot.ask_care_certificates")
    assert asked.slots["papers_asked"] == {"certificate": NOW.isoformat()}
    kept = {
        **TOLD,
        "eu_citizen": None,
        "permit": None,
        "papers_asked": {"certificate": "2026-11-01T10:00:00+00:00"},
    }
    permit = answer("eu_citizen", "no", intent="deny", known=kept)
    assert permit.slots["papers_asked"] == {
        "certificate": "2026-11-01T10:00:00+00:00",
        "permit": NOW.isoformat(),
    }


def test_all_of_it_is_sent_with_its_own_consent_to_the_profile() -> None:
    backoffice = FakeBackoffice()
    slots = {
        **TOLD, "confirmed": "send", "form_progress": {"form": CARE_WORK_FORM},
        "papers_asked": {"certificate": NOW.isoformat()},
    }  # fmt: skip
    said = act(SubmitCareWork, tracker("affirm", "так", slots=slots, language="uk"), backoffice)
    [sent] = backoffice.intakes
    intake = sent.care_work
    assert intake is not None
    assert intake.skill_origins == {"dementia": ["work_italy", "course"]}
    assert (intake.months_with_contract, intake.days_not_possible, intake.cares_for) == (14, [6], "women")
    assert (intake.permit, str(intake.permit_expires_on)) == ("valid", "2027-06-30")
    assert [(each.kind, each.since) for each in sent.papers] == [("certificate", NOW)]
    assert sent.profile_consent is not None
    assert sent.profile_consent.text == text("bot.ask_profile_agreed", "uk")
    assert (sent.profile_consent.purpose, sent.consent.purpose) == ("care_profile", "care_work_register")
    assert all(said.slots[slot] is None for slot in FORM_SLOTS[CARE_WORK_FORM])
    assert said.slots["papers_asked"] is None
    assert not said.slots["paused_forms"]


@pytest.mark.parametrize("agreed", [None, False])
def test_who_does_not_agree_is_registered_without_a_profile(agreed: bool | None) -> None:
    backoffice = FakeBackoffice()
    slots = {**TOLD, "profile_agreed": agreed, "confirmed": "send", "form_progress": {"form": CARE_WORK_FORM}}
    act(SubmitCareWork, tracker("affirm", slots=slots), backoffice)
    assert backoffice.intakes[0].profile_consent is None


def test_who_sends_the_short_form_may_tell_more_later() -> None:
    slots = {**ALL_ANSWERS, "confirmed": "send", "form_progress": {"form": CARE_WORK_FORM}}
    sent = act(SubmitCareWork, tracker("affirm", slots=slots))
    assert sent.titles[0] == "Completa il profilo"
    kept = {"paused_forms": sent.slots["paused_forms"]}
    again = act(
        CareWorkForm,
        tracker("register_care_worker", slots=kept, entities=[("choice", "resume")], begins=CARE_WORK_FORM),
    )
    assert again.slots["requested_slot"] == "skill_origins"
    assert again.slots["years_experience"] == 5


def test_a_registration_that_was_sent_is_not_told_as_one_that_waits() -> None:
    slots = {**ALL_ANSWERS, "confirmed": "send", "form_progress": {"form": CARE_WORK_FORM}}
    kept = {"paused_forms": act(SubmitCareWork, tracker("affirm", slots=slots)).slots["paused_forms"]}
    assert "Riprendi: lavoro" not in act(Greet, tracker("greet", slots=kept)).titles
    assert facts(read_turn(tracker("ask_human", slots=kept), running="")) == []


@pytest.mark.parametrize("language", SUPPORTED)
def test_the_chat_tells_how_far_the_registration_and_the_request_are(language: str) -> None:
    backoffice = FakeBackoffice()
    about = {"phase": Phase.DELIVERY, "opened_at": NOW, "assignee_name": None}
    backoffice.cases = [
        OwnCase(number="A", type=CaseType.CARE_WORK, care_state="interview", **about),
        OwnCase(number="B", type=CaseType.CARE_REQUEST, care_state="matching", **about),
    ]
    said = act(TellCaseStatus, tracker("ask_case_status", language=language), backoffice)
    assert text("bot.worker_state_interview", language) in said.text
    assert text("bot.request_state_matching", language) in said.text
