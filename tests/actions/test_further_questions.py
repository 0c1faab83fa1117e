"""Questions that an administrator added, asked after the form's own, in Italian and Arabic."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from actions.conversation import Stop
from actions.further import FurtherSets
from actions.housing import HousingForm, SubmitHousing
from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.schemas import FurtherAnswers, FurtherKind, FurtherOption, FurtherQuestion
from tests.actions.fakes import FakeBackoffice
from tests.actions.trackers import Outcome, act, tracker

FIXED: dict[str, Any] = {
    "municipalities": ["Crema"],
    "people": 1,
    "minors": 0,
    "rooms": 2,
    "budget_eur_month": 600,
    "move_in_from": "2027-02-01",
    "employment": "permanent",
    "housing_needs": "ascensore",
    "person_name": "Amina",
    "person_phone": "+393331234567",
}


def asked(
    code: str,
    kind: FurtherKind = FurtherKind.YES_NO,
    *,
    label: str = "Avete animali in casa?",
    title: str = "Animali",
    why: str = "alcuni proprietari lo chiedono",
    options: dict[str, str] | None = None,
    required: bool = False,
    minimum: int | None = None,
    maximum: int | None = None,
    unit: str = "",
) -> FurtherQuestion:
    return FurtherQuestion(
        code=code,
        kind=kind,
        title=title,
        label=label,
        help="",
        why=why,
        unit=unit,
        options=[FurtherOption(code=each, label=text) for each, text in (options or {}).items()],
        required=required,
        minimum=minimum,
        maximum=maximum,
    )


PETS = asked("pets")
FLOOR = asked(
    "floor", FurtherKind.ONE_OF, title="Piano", label="Quale piano?", options={"low": "Basso", "high": "Alto"}
)


def backoffice_with(*questions: FurtherQuestion, language: str = "it") -> FakeBackoffice:
    backoffice = FakeBackoffice()
    backoffice.further[language] = list(questions)
    return backoffice


def answer(
    backoffice: FakeBackoffice,
    slot: str,
    text: str = "",
    *,
    kept: dict[str, Any] | None = None,
    fixed: dict[str, Any] | None = None,
    progress: dict[str, Any] | None = None,
    **message: Any,
) -> Outcome:
    slots = {
        **FIXED,
        **(fixed or {}),
        "further_answers": {"set": "version-1", "answers": kept or {}},
        "form_progress": {"form": "housing_form", **(progress or {})},
    }
    at = tracker(text=text, slots=slots, form="housing_form", asked=slot, **message)
    return act(HousingForm, at, backoffice)


def test_they_come_after_the_form_s_own_questions_and_say_why_they_are_asked() -> None:
    said = answer(backoffice_with(PETS), "person_phone", "333 1234567", fixed={"person_phone": None})
    assert said.slots["requested_slot"] == "further.pets"
    assert said.text == "Avete animali in casa?\nPerché lo chiediamo: alcuni proprietari lo chiedono"
    assert said.titles == ["Sì", "No", "Preferisco non dirlo"]


def test_a_form_that_begins_takes_up_the_version_of_now() -> None:
    backoffice = backoffice_with(PETS)
    began = act(HousingForm, tracker("search_housing", begins="housing_form"), backoffice)
    assert began.slots["further_answers"] == {"set": "version-1", "answers": {}}
    assert began.slots["requested_slot"] == "municipalities"
    assert backoffice.further_reads == [None]


def test_without_a_published_version_nothing_is_asked_and_nothing_is_kept() -> None:
    backoffice = FakeBackoffice()
    began = act(HousingForm, tracker("search_housing", begins="housing_form"), backoffice)
    assert "further_answers" not in began.slots
    slots = {**FIXED, "person_phone": None, "form_progress": {"form": "housing_form"}}
    at = tracker(text="333 1234567", slots=slots, form="housing_form", asked="person_phone")
    assert act(HousingForm, at, backoffice).slots["requested_slot"] == "confirmed"
    assert backoffice.further_reads == [None]


def test_when_they_cannot_be_read_the_form_begins_without_them() -> None:
    class Lacking(FakeBackoffice):
        async def read_further_questions(self, *_args: Any, **_named: Any) -> Any:
            raise BackofficeUnavailable

    began = act(HousingForm, tracker("search_housing", begins="housing_form"), Lacking())
    assert began.slots["requested_slot"] == "municipalities"


@pytest.mark.parametrize(("text", "intent", "value"), [("Sì", "affirm", True), ("no", "deny", False)])
def test_yes_and_no_are_heard(text: str, intent: str, value: bool) -> None:
    said = answer(backoffice_with(PETS, FLOOR), "further.pets", text, intent=intent)
    assert said.slots["further_answers"] == {"set": "version-1", "answers": {"pets": value}}
    assert said.slots["requested_slot"] == "further.floor"


def test_a_button_says_its_code() -> None:
    said = answer(
        backoffice_with(PETS, FLOOR), "further.pets", entities=[("field", "further.pets"), ("choice", "no")]
    )
    assert said.slots["further_answers"]["answers"] == {"pets": False}
    floor = json.loads(said.payloads[0].removeprefix("/inform"))
    assert floor == {"field": "further.floor", "choice": "low"}


def test_the_words_of_an_option_are_heard() -> None:
    said = answer(backoffice_with(PETS, FLOOR), "further.floor", "meglio alto", kept={"pets": True})
    assert said.slots["further_answers"]["answers"] == {"pets": True, "floor": "high"}
    assert said.slots["requested_slot"] == "confirmed"
    assert "Animali: Sì" in said.text
    assert "Piano: Alto" in said.text


def test_several_are_chosen_one_after_the_other_until_it_is_enough() -> None:
    many = asked("rooms_wanted", FurtherKind.SEVERAL_OF, options={"bath": "Bagno", "cellar": "Cantina"})
    backoffice, slot = backoffice_with(many), "further.rooms_wanted"
    first = answer(backoffice, slot, entities=[("field", slot), ("choice", "bath")])
    assert first.slots["further_answers"]["answers"] == {"rooms_wanted": ["bath"]}
    assert "Basta così" in first.titles
    done = answer(
        backoffice,
        slot,
        kept={"rooms_wanted": ["bath"]},
        progress=first.slots["form_progress"],
        entities=[("field", slot), ("choice", "done")],
    )
    assert done.slots["requested_slot"] == "confirmed"
    typed = answer(backoffice, slot, "bagno e cantina")
    assert typed.slots["further_answers"]["answers"] == {"rooms_wanted": ["bath", "cellar"]}


def test_who_would_rather_not_say_goes_on() -> None:
    for text, intent in (("", "skip"), ("preferisco non dirlo", "nlu_fallback")):
        said = answer(backoffice_with(PETS), "further.pets", text, intent=intent)
        assert said.slots["requested_slot"] == "confirmed"
        assert said.slots["form_progress"]["skipped"] == ("further.pets",)
    story = asked("story", FurtherKind.LONG_TEXT)
    said = answer(backoffice_with(story), "further.story", "Preferisco non dirlo", intent="nlu_fallback")
    assert said.slots["further_answers"]["answers"] == {}
    assert said.slots["requested_slot"] == "confirmed"


def test_what_must_be_answered_has_no_way_around_it() -> None:
    required = asked("pets", required=True)
    said = answer(backoffice_with(required), "further.pets", intent="skip")
    assert said.slots["requested_slot"] == "further.pets"
    assert "Preferisco non dirlo" not in said.titles


def test_a_number_keeps_to_its_bounds_and_shows_its_unit() -> None:
    size = asked("size", FurtherKind.NUMBER, title="Misura", minimum=10, maximum=200, unit="metri quadri")
    backoffice = backoffice_with(size)
    small = answer(backoffice, "further.size", "5", entities=[("people", 5)])
    assert small.slots["further_answers"]["answers"] == {}
    assert "almeno 10 metri quadri" in small.text
    said = answer(backoffice, "further.size", "٥٠", entities=[("people", 50)])
    assert said.slots["further_answers"]["answers"] == {"size": 50}
    assert said.slots["people"] == 1
    assert "Misura: 50 metri quadri" in said.text


def test_a_town_and_a_day_change_no_answer_of_the_form() -> None:
    backoffice = backoffice_with(
        asked("work_town", FurtherKind.TOWN, title="Lavoro"), asked("since", FurtherKind.DATE, title="Dal")
    )
    town = answer(backoffice, "further.work_town", "a Pandino", entities=[("municipality", "Pandino")])
    assert town.slots["municipalities"] == ["Crema"]
    assert town.slots["further_answers"]["answers"] == {"work_town": "Pandino"}
    day = answer(backoffice, "further.since", "dal 15.03.2019", kept={"work_town": "Milano"})
    assert day.slots["move_in_from"] == "2027-02-01"
    assert day.slots["further_answers"]["answers"] == {"work_town": "Milano", "since": "2019-03-15"}
    assert "Dal: 15 marzo 2019" in day.text


def test_of_a_long_answer_the_summary_shows_the_beginning() -> None:
    backoffice = backoffice_with(asked("story", FurtherKind.LONG_TEXT))
    said = answer(backoffice, "further.story", "parola " * 100)
    assert len(said.slots["further_answers"]["answers"]["story"]) == 699
    assert len(said.text) < 1500
    assert "…" in said.text


def test_lone_braces_are_plain_text() -> None:
    strange = asked("story", FurtherKind.TEXT, label="Quanto {0}?", why="{why} {", title="{x}")
    backoffice = backoffice_with(strange)
    question = answer(backoffice, "person_phone", "333 1234567", fixed={"person_phone": None})
    assert question.text == "Quanto {0}?\nPerché lo chiediamo: {why} {"
    said = answer(backoffice, "further.story", "{0.__class__} }")
    assert "{x}: {0.__class__} }" in said.text


def test_an_answer_is_corrected_from_the_summary() -> None:
    backoffice = backoffice_with(PETS)
    which = answer(backoffice, "confirmed", kept={"pets": True}, intent="correct")
    assert "Animali" in which.titles
    chosen = answer(
        backoffice, "confirmed", kept={"pets": True}, intent="correct", entities=[("field", "further.pets")]
    )
    assert chosen.slots["requested_slot"] == "further.pets"
    assert chosen.slots["further_answers"]["answers"] == {}
    named = answer(backoffice, "confirmed", "cambia animali", kept={"pets": True}, intent="correct")
    assert named.slots["requested_slot"] == "further.pets"


def test_they_wait_with_a_form_that_is_stopped_and_go_on_under_the_same_version() -> None:
    kept = {"set": "version-0", "answers": {"pets": True}}
    slots = {**FIXED, "further_answers": kept, "form_progress": {"form": "housing_form"}}
    at = tracker("stop", "basta", slots=slots, form="housing_form", asked="further.floor")
    stopped = act(Stop, at)
    assert stopped.slots["further_answers"] is None
    paused = stopped.slots["paused_forms"]
    assert paused["housing_form"]["answers"]["further_answers"] == kept
    backoffice = backoffice_with(PETS, FLOOR)
    again = act(
        HousingForm,
        tracker(
            "search_housing",
            entities=[("choice", "resume")],
            slots={"paused_forms": paused},
            begins="housing_form",
        ),
        backoffice,
    )
    assert backoffice.further_reads == ["version-0"]
    assert again.slots["further_answers"] == kept
    assert again.slots["requested_slot"] == "further.floor"


def test_an_interruption_is_answered_and_the_question_stays_open() -> None:
    backoffice = backoffice_with(PETS)
    left = answer(
        backoffice, "further.pets", "come faccio la tessera?", intent="ask_health_care", confidence=0.9
    )
    assert left.events == []
    back = answer(
        backoffice,
        "further.pets",
        "come faccio la tessera?",
        intent="ask_health_care",
        after=["action_answer_guide"],
    )
    assert back.slots == {"requested_slot": "further.pets"}
    assert "Avete animali in casa?" in back.text


def test_what_is_not_understood_is_explained_and_not_taken() -> None:
    first = answer(backoffice_with(PETS), "further.pets", "azzurro", intent="nlu_fallback")
    assert first.says("bot.answer_not_understood")
    second = answer(
        backoffice_with(PETS),
        "further.pets",
        "eh",
        intent="nlu_fallback",
        progress=first.slots["form_progress"],
    )
    assert second.says("bot.further_help")


def test_in_arabic_they_are_asked_and_answered_in_arabic() -> None:
    arabic = asked("pets", label="هل لديكم حيوانات في البيت؟", title="حيوانات", why="يسأل عنها بعض المالكين")
    backoffice = backoffice_with(arabic, language="ar")
    question = answer(backoffice, "person_phone", "333 1234567", fixed={"person_phone": None}, language="ar")
    assert question.text.startswith("هل لديكم حيوانات في البيت؟\nلماذا نسأل عن هذا:")
    assert question.titles == ["نعم", "لا", "أفضّل عدم الإجابة"]
    said = answer(backoffice, "further.pets", "نعم", intent="nlu_fallback", language="ar")
    assert said.slots["further_answers"]["answers"] == {"pets": True}
    skipped = answer(backoffice, "further.pets", "أفضل عدم الإجابة", intent="nlu_fallback", language="ar")
    assert skipped.slots["requested_slot"] == "confirmed"


def test_the_answers_go_with_the_form_under_the_version_that_was_asked() -> None:
    backoffice = FakeBackoffice()
    slots = {
        **FIXED,
        "confirmed": "send",
        "further_answers": {"set": "version-0", "answers": {"pets": False, "rooms_wanted": ["bath"]}},
        "form_progress": {"form": "housing_form"},
    }
    sent = act(SubmitHousing, tracker(slots=slots), backoffice)
    [intake] = backoffice.intakes
    assert intake.further == FurtherAnswers(
        set_id="version-0", answers={"pets": False, "rooms_wanted": ["bath"]}
    )
    assert sent.slots["further_answers"] is None


def test_a_version_is_read_once_for_all_its_turns() -> None:
    backoffice = backoffice_with(PETS, FLOOR)
    sets = FurtherSets(backoffice)
    for _ in range(3):
        assert asyncio.run(sets.find("housing_form", "it", "version-1")) is not None
    assert backoffice.further_reads == ["version-1"]
