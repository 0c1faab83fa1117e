"""The register of family assistants: what a worker is asked, and how it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.amounts import NumberQuestion
from actions.choices import ChoiceQuestion, ConfirmQuestion, LanguagesQuestion, ManyQuestion
from actions.contact import PhoneQuestion, TextQuestion
from actions.dates import DateQuestion
from actions.form import FormStep
from actions.replies import LANGUAGES
from actions.slots import CARE_WORK_FORM, CONFIRMED, care_work_intake
from actions.submission import Intake, SubmitForm
from actions.towns import TownsQuestion
from backoffice.client.schemas import CareSchedule, CareSkill, CaseType


class CareWorkForm(FormStep):
    """What a person who wants to work as a family assistant is asked."""

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
        ConfirmQuestion(CONFIRMED),
    )


class SubmitCareWork(SubmitForm):
    """Sends the finished registration and tells the number of the case."""

    action_name = "action_submit_care_work"
    form = CARE_WORK_FORM
    case_type = CaseType.CARE_WORK
    purpose = "care_work_register"

    def intake(self, slots: Mapping[str, Any]) -> Intake:
        """Return the worker's answers."""
        return {"care_work": care_work_intake(slots)}
