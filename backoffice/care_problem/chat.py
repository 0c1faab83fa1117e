"""What a person answers about a problem at work, and what they hear of it: the first step, never advice.

`work:<code>`, `work:<code>:<detail>`: buttons that the assistant shows with the number of the case. They
count whoever holds the floor. Danger is answered with the numbers and wakes a person, with or without a case.
Facts, numbers and their sources: domain, care_work.md 3, 5 and 11, emergency.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.audit.service import SERVICE
from backoffice.care_problem.triage import DANGER, DETAIL_IS_URGENT, is_urgent
from backoffice.case.history import record_event
from backoffice.case.models import Case, CaseEventKind
from backoffice.case.needs import Need
from backoffice.case.progress import set_urgent
from backoffice.case.queries import cases_of_person
from backoffice.case.service import change_needs
from backoffice.client.schemas import (
    CHOICE_PAYLOAD,
    CaseType,
    HandoffRequest,
    Phase,
    ReplyButton,
    WaitingReason,
    WorkDetail,
    WorkProblem,
)
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.handoff.queue import request_handoff
from translations.catalog import text
from translations.languages import SOURCE

_WAYS_ON = {
    WorkProblem.UNPAID: "count_pay",
    WorkProblem.CONTRACT: "count_pay",
    WorkProblem.DISMISSED: "count_notice",
}
"""What the assistant can work out of a problem."""


def answer_work_problem(
    session: Session, conversation: Conversation, parts: Sequence[str], *, now: datetime
) -> None:
    """Act on an answer; one that nobody offered, or without a case, changes nothing unless it is danger."""
    found = _read(parts)
    if found is None:
        return
    problem, detail = found
    case = work_case(session, conversation)
    if case is not None:
        _note(session, case, problem, detail, now=now)
    if problem in DANGER:
        _wake_somebody(session, conversation, case, problem, now=now)
    elif case is not None and problem in DETAIL_IS_URGENT and detail is None:
        _ask(session, conversation, problem, now=now)
    elif case is not None:
        _say_first_step(session, conversation, case, problem, detail, now=now)


def work_case(session: Session, conversation: Conversation) -> Case | None:
    """Return the open case about work that the person of a conversation has told of last."""
    if conversation.person_id is None:
        return None
    return next(
        (
            case
            for case in cases_of_person(session, conversation.person_id)
            if case.type is CaseType.RECEPTION
            and Need.WORK.value in case.needs
            and case.phase is not Phase.CLOSED
        ),
        None,
    )


def _read(parts: Sequence[str]) -> tuple[WorkProblem, WorkDetail | None] | None:
    match parts:
        case [code] if code in tuple(WorkProblem):
            return WorkProblem(code), None
        case [code, detail] if detail in DETAIL_IS_URGENT.get(_known(code), {}):
            return WorkProblem(code), WorkDetail(detail)
    return None


def _known(code: str) -> WorkProblem:
    return WorkProblem(code) if code in tuple(WorkProblem) else WorkProblem.OTHER


def _note(
    session: Session, case: Case, problem: WorkProblem, detail: WorkDetail | None, *, now: datetime
) -> None:
    told: dict[str, Any] = {**case.intake, "work_problem": problem.value}
    told.pop("work_detail", None)
    if detail is not None:
        told["work_detail"] = detail.value
    if told != case.intake:
        after = "work_problem work_detail" if detail else "work_problem"
        case.intake = told
        record_event(session, case, CaseEventKind.INTAKE_CHANGED, by=SERVICE, now=now, after=after)
    if problem in DANGER:
        needs = {*map(Need, case.needs), DANGER[problem]}
        change_needs(session, case, needs, by=SERVICE, now=now)
    if is_urgent(problem, detail):
        set_urgent(session, case, True, by=SERVICE, now=now)


def _wake_somebody(
    session: Session, conversation: Conversation, case: Case | None, problem: WorkProblem, *, now: datetime
) -> None:
    """Say the numbers first, then put the conversation before the others."""
    key = "violence" if problem is WorkProblem.VIOLENCE else "danger"
    say(session, conversation, f"work_first_{key}", now=now)
    what = text(f"backoffice.work_problem.{problem.value}", SOURCE)
    number = case.number if case is not None else "-"
    fact = text("backoffice.care_problem.fact", SOURCE, problem=what, number=number)
    request = HandoffRequest(reason=WaitingReason.EMERGENCY, urgent=True, topic="emergency", summary=[fact])
    request_handoff(session, conversation.id, request, turn_id=None, now=now)


def _ask(session: Session, conversation: Conversation, problem: WorkProblem, *, now: datetime) -> None:
    language = conversation.language
    buttons = [
        ReplyButton(
            title=text(f"system.button.work_{detail.value}", language),
            payload=f"{CHOICE_PAYLOAD}work:{problem.value}:{detail.value}",
            lasting=True,
        )
        for detail in DETAIL_IS_URGENT[problem]
    ]
    say(session, conversation, f"work_ask_{problem.value}", now=now, buttons=buttons)


def _say_first_step(
    session: Session,
    conversation: Conversation,
    case: Case,
    problem: WorkProblem,
    detail: WorkDetail | None,
    *,
    now: datetime,
) -> None:
    language = conversation.language
    say(session, conversation, _first_step(problem, detail), now=now)
    buttons = [ReplyButton(title=text("bot.button.human", language), payload="/ask_human", lasting=True)]
    if topic := _WAYS_ON.get(problem):
        title = text(f"bot.button.intent_{topic}", language)
        buttons.append(ReplyButton(title=title, payload=f"/{topic}", lasting=True))
    said = "problem_urgent" if case.urgent else "problem_next"
    say(session, conversation, said, now=now, buttons=buttons, number=case.number)


def _first_step(problem: WorkProblem, detail: WorkDetail | None) -> str:
    if problem is WorkProblem.OTHER:
        return "problem_first_other"
    if problem is WorkProblem.DISMISSED and detail is not None:
        return f"work_first_dismissed_{detail.value}"
    return f"work_first_{problem.value}"
