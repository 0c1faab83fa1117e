"""The register of family assistants: what a worker is asked, and how it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.amounts import NumberQuestion
from actions.care_questions import CareChoice, CareNumber, Several, SkillOrigins, Weekdays
from actions.care_slots import (
    CARE_WORK_MORE_SLOTS,
    INTIMATE,
    PAPERS,
    care_work_intake,
    papers_asked,
)
from actions.choices import ChoiceQuestion, LanguagesQuestion, ManyQuestion
from actions.consent import consent_to
from actions.contact import PhoneQuestion, TextQuestion
from actions.dates import DateQuestion
from actions.form import FormStep
from actions.household import WITH_END, DayQuestion, MoreQuestion, SendOrMore, YesNo
from actions.menu import complete_button
from actions.questions import Hearing, Question
from actions.replies import LANGUAGES, Button, Replies
from actions.slots import (
    CARE_WORK_FORM,
    CONFIRMED,
    MORE,
    keep_paused,
    read_paused,
    slot_set,
    snapshot,
)
from actions.submission import Intake, SubmitForm
from actions.towns import TownsQuestion
from actions.turn import Event, Turn
from backoffice.client.schemas import (
    CareAbility,
    CareCertificate,
    CareLimit,
    CareSchedule,
    CaresFor,
    CareSkill,
    CaseType,
    ConsentGiven,
    ItalianLevel,
    PermitState,
    SkillOrigin,
    Transport,
)

WITH_PEOPLE = frozenset({CareSkill.ELDERLY, CareSkill.DEMENTIA, CareSkill.DISABILITY})
"""Skills whose work is with somebody's body: only then it is asked what one does for them."""

IN_THE_HOUSE = (CareAbility.ITALIAN_COOKING, CareAbility.DRIVING)

PERMITS = (PermitState.VALID, PermitState.LONG_TERM, PermitState.BEING_RENEWED, PermitState.NONE)
"""Of citizens of the Union no permit is asked."""

PAPERS_OF = {"care_certificates": "certificate", "permit": "permit"}
"""Questions from which on a picture in the chat shows a paper, and which."""


class AbilitiesQuestion(Several):
    """What somebody does for a person, as far as their skills are with people."""

    def offered(self, hearing: Hearing) -> Sequence[str]:
        """Leave out care of the body where nobody is cared for."""
        cares = WITH_PEOPLE & set(hearing.answers.get("skills") or ())
        return self.codes if cares else [code.value for code in IN_THE_HOUSE]


class ProfileQuestion(YesNo):
    """Whether families may see the profile without the name: a consent of its own."""

    help_key = "bot.help_profile_agreed"


class CareWorkForm(FormStep):
    """What a person who wants to work as a family assistant is asked: a little, and more of who wants to."""

    action_name = "validate_care_work_form"
    form = CARE_WORK_FORM
    questions = (
        ManyQuestion("skills", "care_skill", [code.value for code in CareSkill]),
        NumberQuestion("years_experience", entity="years", bounds=(0, 60), offered=(0, 1, 2, 3, 5, 10)),
        ManyQuestion("schedules", "care_schedule", [code.value for code in CareSchedule]),
        TownsQuestion("municipalities", key="work_municipalities"),
        LanguagesQuestion("spoken_languages", "language_name", list(LANGUAGES), optional=True),
        ChoiceQuestion(
            "permit_allows_work",
            ("yes", "no", "unknown"),
            meanings={"affirm": "yes", "deny": "no", "skip": "unknown"},
            optional=True,
        ),
        DateQuestion("availability_from", optional=True),
        TextQuestion("person_name", longest=100, is_name=True),
        PhoneQuestion("person_phone", optional=True),
        MoreQuestion(CARE_WORK_MORE_SLOTS),
        SkillOrigins([code.value for code in SkillOrigin]),
        Several("transport", "transport", [code.value for code in Transport]),
        AbilitiesQuestion("care_abilities", "care_ability", [code.value for code in CareAbility]),
        CareChoice("cares_for", [code.value for code in CaresFor]),
        CareChoice("italian_level", [code.value for code in ItalianLevel]),
        Several(
            "care_certificates",
            "care_certificate",
            [code.value for code in CareCertificate],
            none="care_certificates_none",
        ),
        YesNo("eu_citizen"),
        CareChoice("permit", [code.value for code in PERMITS], key="work_permit"),
        DayQuestion("permit_expires_on", days_ago=730, days_ahead=3660, key="work_permit_expires_on"),
        CareNumber(
            "months_with_contract",
            entity=None,
            bounds=(0, 24),
            offered=(0, 3, 6, 12, 18, 24),
            no_is_zero=True,
            unknown="permit_allows_work_unknown",
        ),
        Weekdays("days_not_possible", none="days_not_possible_none"),
        Several("care_limits", "care_limit", [code.value for code in CareLimit], none="care_limits_none"),
        ProfileQuestion("profile_agreed"),
        SendOrMore(CONFIRMED, why="bot.ask_more_care_work"),
    )

    def is_needed(self, question: Question, answers: Mapping[str, Any]) -> bool:
        """Tell whether to ask: nobody more than they want, and only what makes sense for them."""
        if question.slot == MORE:
            return False
        if question.slot in CARE_WORK_MORE_SLOTS:
            return answers.get(MORE) == "yes" and _makes_sense(question.slot, answers)
        return True

    def consistent(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Take away what a later answer has made void."""
        kept = dict(answers)
        if answers.get("skill_origins"):
            skills = answers.get("skills") or ()
            kept["skill_origins"] = {s: given for s, given in answers["skill_origins"].items() if s in skills}
        for slot in ("cares_for", "permit", "permit_expires_on"):
            kept[slot] = answers.get(slot) if _makes_sense(slot, answers) else None
        return kept

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Take the message into the form, and note since when pictures of a paper are asked for."""
        events = await super().act(turn, replies)
        asked = next((e["value"] for e in reversed(events) if e.get("name") == "requested_slot"), None)
        known = dict(turn.slots.get(PAPERS) or {})
        if asked in PAPERS_OF and PAPERS_OF[asked] not in known:
            events.append(slot_set(PAPERS, {**known, PAPERS_OF[asked]: self.clock().isoformat()}))
        return events


class SubmitCareWork(SubmitForm):
    """Sends the registration and tells the number of the case; who told little may tell more later."""

    action_name = "action_submit_care_work"
    form = CARE_WORK_FORM
    case_type = CaseType.CARE_WORK
    purpose = "care_work_register"

    def intake(self, slots: Mapping[str, Any]) -> Intake:
        """Return the worker's answers, and since when pictures of papers were asked for."""
        return {"care_work": care_work_intake(slots), "papers": papers_asked(slots)}

    def profile_consent(self, slots: Mapping[str, Any], replies: Replies) -> ConsentGiven | None:
        """Return the yes to families seeing the profile, in the words in which it was asked."""
        if slots.get("profile_agreed") is not True:
            return None
        return consent_to(replies, "bot.ask_profile_agreed", purpose="care_profile")

    def first_buttons(self, replies: Replies, slots: Mapping[str, Any]) -> list[Button]:
        """Offer to tell more to who has not."""
        return [complete_button(replies)] if _may_tell_more(slots) else []

    def _finish(self, turn: Turn, replies: Replies, number: str) -> list[Event]:
        events = super()._finish(turn, replies, number)
        waiting = read_paused(turn.slots)
        waiting.pop(CARE_WORK_FORM, None)
        if _may_tell_more(turn.slots):
            sent = snapshot(turn.slots, CARE_WORK_FORM, "sent")
            progress = {**sent.progress, "submission": None}
            waiting[CARE_WORK_FORM] = replace(sent, answers={**sent.answers, MORE: "yes"}, progress=progress)
        return [*events, keep_paused(waiting), slot_set(PAPERS, None)]


def _may_tell_more(slots: Mapping[str, Any]) -> bool:
    return slots.get(MORE) != "yes"


def _makes_sense(slot: str, answers: Mapping[str, Any]) -> bool:
    match slot:
        case "skill_origins":
            return bool(answers.get("skills"))
        case "cares_for":
            return bool(INTIMATE & set(answers.get("care_abilities") or ()))
        case "permit":
            return answers.get("eu_citizen") is not True
        case "permit_expires_on":
            return answers.get("eu_citizen") is not True and answers.get("permit") in WITH_END
        case "months_with_contract":
            return answers.get("years_experience") != 0 and _may_have_worked_here(answers)
    return True


def _may_have_worked_here(answers: Mapping[str, Any]) -> bool:
    origins = (answers.get("skill_origins") or {}).values()
    given = {origin for places in origins for origin in places}
    return not given or SkillOrigin.WORK_ITALY in given
