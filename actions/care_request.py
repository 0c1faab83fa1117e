"""A family that looks for a family assistant: what it is asked, and how it is sent.

No illness is asked: what the person needs is said in deeds. An illness that is told is not kept as an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.care_questions import AsksForMore, CareChoice, CareNumber, Several, Weekdays
from actions.care_slots import (
    CARE_REQUEST_MORE_SLOTS,
    CARE_WISHES,
    INTIMATE,
    care_request_intake,
    refused_care_wishes,
)
from actions.choices import LanguagesQuestion, ManyQuestion
from actions.contact import PhoneQuestion, TextQuestion
from actions.household import MoreQuestion, OfHousehold, SendOrMore, YesNo
from actions.lawful_form import LawfulForm
from actions.offer import FreeFrom, TownOfHome
from actions.questions import Hearing, Question, Reading, Remark
from actions.replies import LANGUAGES, Replies
from actions.slots import CARE_REQUEST_FORM, CONFIRMED, FORM_INTENT, MORE, slot_set
from actions.submission import Intake, SubmitForm
from actions.turn import Event, Turn
from actions.wishes import CARE_WORDS_FILE, WORDS_FILE
from backoffice.client.schemas import (
    CareAbility,
    CareSchedule,
    CareSkill,
    CaseType,
    DomesticTask,
    GenderWished,
    Relation,
)

OFFERED_NEEDS = (
    CareSkill.ELDERLY,
    CareSkill.DISABILITY,
    CareSkill.CHILDREN,
    CareSkill.CLEANING,
    CareSkill.COOKING,
)
"""What a family may say that it needs: no name of an illness."""

OFFERED_TASKS = (
    DomesticTask.CLEANING,
    DomesticTask.LAUNDRY,
    DomesticTask.IRONING,
    DomesticTask.KITCHEN_HELP,
    DomesticTask.PETS,
    DomesticTask.COMPANY,
)

WITH_PEOPLE = frozenset({CareSkill.ELDERLY, CareSkill.DISABILITY})
"""Needs of somebody who is cared for: only then it is asked what they can do alone."""

BUDGET_EUR_MONTH = (50, 6000)
MOST_HOURS_WEEK = 54

_TOLD_AT_FIRST = (Relation.CHILD, Relation.SPOUSE)
"""Relations that a first sentence tells ("for my mother"); "I" says nothing there."""


class RelationQuestion(CareChoice):
    """Who is cared for, seen from who asks."""

    def read(self, hearing: Hearing) -> Reading:
        """Read the answer, or what the first sentence tells of the person."""
        if hearing.asked or hearing.choice(self.slot) is not None:
            return super().read(hearing)
        if hearing.turn.intent != FORM_INTENT[CARE_REQUEST_FORM]:
            return Reading()
        titles = {code.value: f"relation_{code.value}" for code in _TOLD_AT_FIRST}
        return Reading(hearing.replies.code_typed(hearing.turn.text, titles))


class OfFamily(AsksForMore, ManyQuestion):
    """What the two questions share that every family is asked with several answers."""

    help_key = "bot.help_offer_choice"


class NeedsQuestion(OfFamily):
    """What help is needed. Who names an illness needs help with somebody old; the name is not kept."""

    def read(self, hearing: Hearing) -> Reading:
        """Read the needs without the illness, and say so."""
        reading = super().read(hearing)
        if CareSkill.DEMENTIA not in hearing.turn.values(self.entity):
            return reading
        others = [code for code in hearing.turn.values(self.entity) if code in self.codes]
        known = list(hearing.answers.get(self.slot) or []) if hearing.choosing or hearing.says_also else []
        value = list(dict.fromkeys([*known, CareSkill.ELDERLY.value, *others]))
        return Reading(value, (Remark(hearing.replies.text("bot.care_no_illness")),))


class ScheduleQuestion(OfFamily):
    """When somebody is needed: the words of a family are not those of who comes to work."""

    def name(self, code: str, replies: Replies) -> str:
        """Write one schedule."""
        is_live_in = code == CareSchedule.LIVE_IN
        return replies.text("bot.button.care_needed_live_in") if is_live_in else super().name(code, replies)


class TownOfCare(TownOfHome):
    """The one town where somebody is needed."""


class LanguagesWished(AsksForMore, OfHousehold, LanguagesQuestion):
    """The languages that the assistant should speak, so that both understand each other."""

    def read(self, hearing: Hearing) -> Reading:
        """Read languages only where they are asked for."""
        is_own = hearing.asked or hearing.choice(self.slot) is not None
        return super().read(hearing) if is_own else Reading()


class CareRequestForm(LawfulForm):
    """What a family that looks for an assistant is asked: a little, and more of who wants to."""

    action_name = "validate_care_request_form"
    form = CARE_REQUEST_FORM
    wishes_slot = CARE_WISHES
    refusal = "bot.care_wish_unlawful"
    words = (WORDS_FILE, CARE_WORDS_FILE)
    questions = (
        RelationQuestion("relation", [code.value for code in Relation]),
        NeedsQuestion("care_needs", "care_skill", [code.value for code in OFFERED_NEEDS]),
        YesNo("self_sufficient"),
        ScheduleQuestion("care_schedules", "care_schedule", [code.value for code in CareSchedule]),
        TownOfCare("care_municipality"),
        FreeFrom("start_from", optional=True),
        TextQuestion("person_name", longest=100, is_name=True),
        PhoneQuestion("person_phone", optional=True),
        MoreQuestion(CARE_REQUEST_MORE_SLOTS),
        Several(
            "abilities_needed", "care_ability", [code.value for code in CareAbility], none="no_such_help"
        ),
        CareChoice("gender_wished", [code.value for code in GenderWished], unknown="gender_wished_any"),
        Several("tasks_needed", "domestic_task", [code.value for code in OFFERED_TASKS], none="no_such_help"),
        Weekdays("care_days", none="care_days_none"),
        CareNumber(
            "hours_week",
            entity=None,
            bounds=(1, MOST_HOURS_WEEK),
            offered=(5, 10, 20, 25, 30, 40),
            unknown="permit_allows_work_unknown",
        ),
        YesNo("own_room"),
        CareNumber(
            "care_budget_eur_month",
            entity="money",
            bounds=BUDGET_EUR_MONTH,
            offered=(500, 800, 1200, 1600, 2000, 2500),
            is_money=True,
            unknown="permit_allows_work_unknown",
        ),
        YesNo("home_stairs"),
        YesNo("home_pets"),
        YesNo("home_smokers"),
        LanguagesWished("languages_wished", "language_name", list(LANGUAGES), optional=True),
        SendOrMore(CONFIRMED, why="bot.ask_more_care_request"),
    )

    def is_needed(self, question: Question, answers: Mapping[str, Any]) -> bool:
        """Tell whether to ask: nobody more than they want, and only what makes sense for them."""
        if question.slot == MORE:
            return False
        if question.slot in CARE_REQUEST_MORE_SLOTS and answers.get(MORE) != "yes":
            return False
        return _makes_sense(question.slot, answers)

    def consistent(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Take away what a later answer has made void: who is wished for is kept only with intimate care."""
        void = ("gender_wished", "own_room", "hours_week", "self_sufficient", "abilities_needed")
        kept = dict(answers)
        for slot in void:
            kept[slot] = answers.get(slot) if _makes_sense(slot, kept) else None
        return kept if _makes_sense("gender_wished", kept) else {**kept, "gender_wished": None}

    def kept_wish(self, turn: Turn, ground: str) -> Mapping[str, Any]:
        """Keep by what somebody would have been chosen, and no words of it."""
        return {"ground": ground}


class SubmitCareRequest(SubmitForm):
    """Sends the finished request and tells the number of the case."""

    action_name = "action_submit_care_request"
    form = CARE_REQUEST_FORM
    case_type = CaseType.CARE_REQUEST
    purpose = "care_request"

    def intake(self, slots: Mapping[str, Any]) -> Intake:
        """Return the family's answers, and apart from them by what it may not choose."""
        return {"care_request": care_request_intake(slots), "wishes": refused_care_wishes(slots)}

    def _finish(self, turn: Turn, replies: Replies, number: str) -> list[Event]:
        return [*super()._finish(turn, replies, number), slot_set(CARE_WISHES, None)]


def _makes_sense(slot: str, answers: Mapping[str, Any]) -> bool:
    needs = set(answers.get("care_needs") or ())
    is_live_in = CareSchedule.LIVE_IN in (answers.get("care_schedules") or ())
    match slot:
        case "self_sufficient" | "abilities_needed":
            return not needs or bool(WITH_PEOPLE & needs)
        case "gender_wished":
            return bool(INTIMATE & set(answers.get("abilities_needed") or ()))
        case "own_room":
            return is_live_in
        case "hours_week":
            return not is_live_in
    return True
