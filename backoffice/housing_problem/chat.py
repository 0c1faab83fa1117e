"""What a person answers about a problem at home, and what they hear of it: the first step, never advice.

`problem:<code>`, `problem:eviction:<when>`: buttons that the assistant shows with the number of the case.
They count whoever holds the floor. Facts, numbers and their sources: domain, housing.md 5 and 11,
emergency.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.audit.service import SERVICE
from backoffice.case.history import record_event
from backoffice.case.models import Case, CaseEventKind
from backoffice.case.needs import Need
from backoffice.case.progress import set_urgent
from backoffice.case.queries import cases_of_person
from backoffice.client.schemas import (
    CHOICE_PAYLOAD,
    CaseType,
    EvictionDay,
    HousingProblem,
    Phase,
    ReplyButton,
)
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.housing_problem.triage import is_urgent
from translations.catalog import text

_EVICTION_DAYS = tuple(EvictionDay)


def answer_problem(
    session: Session, conversation: Conversation, parts: Sequence[str], *, now: datetime
) -> None:
    """Act on an answer; without a case of a problem at home it changes nothing."""
    case = problem_case(session, conversation)
    if case is None:
        return
    match parts:
        case ["eviction", day] if day in _EVICTION_DAYS:
            _note(session, case, HousingProblem.EVICTION, EvictionDay(day), now=now)
            _say_first_step(session, conversation, case, f"eviction_{day}", now=now)
        case [problem] if problem in tuple(HousingProblem):
            _note(session, case, HousingProblem(problem), None, now=now)
            _ask_or_tell(session, conversation, case, HousingProblem(problem), now=now)


def problem_case(session: Session, conversation: Conversation) -> Case | None:
    """Return the open case about a home that the person of a conversation has told of last."""
    if conversation.person_id is None:
        return None
    return next(
        (
            case
            for case in cases_of_person(session, conversation.person_id)
            if case.type is CaseType.RECEPTION
            and Need.RENT.value in case.needs
            and case.phase is not Phase.CLOSED
        ),
        None,
    )


def _note(
    session: Session, case: Case, problem: HousingProblem, eviction: EvictionDay | None, *, now: datetime
) -> None:
    told: dict[str, Any] = {**case.intake, "problem": problem.value}
    told.pop("eviction", None)
    if eviction is not None:
        told["eviction"] = eviction.value
    if told != case.intake:
        after = "problem eviction" if eviction else "problem"
        case.intake = told
        record_event(session, case, CaseEventKind.INTAKE_CHANGED, by=SERVICE, now=now, after=after)
    if is_urgent(problem, eviction):
        set_urgent(session, case, True, by=SERVICE, now=now)


def _ask_or_tell(
    session: Session, conversation: Conversation, case: Case, problem: HousingProblem, *, now: datetime
) -> None:
    if problem is not HousingProblem.EVICTION:
        _say_first_step(session, conversation, case, problem.value, now=now)
        return
    language = conversation.language
    buttons = [_button(f"eviction_{day}", language, f"eviction:{day}") for day in _EVICTION_DAYS]
    say(session, conversation, "problem_when_eviction", now=now, buttons=buttons)


def _say_first_step(
    session: Session, conversation: Conversation, case: Case, key: str, *, now: datetime
) -> None:
    language = conversation.language
    human = ReplyButton(title=text("bot.button.human", language), payload="/ask_human", lasting=True)
    say(session, conversation, f"problem_first_{key}", now=now)
    said = "problem_urgent" if case.urgent else "problem_next"
    say(session, conversation, said, now=now, buttons=[human], number=case.number)


def _button(key: str, language: str, what: str) -> ReplyButton:
    return ReplyButton(
        title=text(f"system.button.problem_{key}", language),
        payload=f"{CHOICE_PAYLOAD}problem:{what}",
        lasting=True,
    )
