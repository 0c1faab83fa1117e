"""A problem with the work in a home: which one, how urgent, who is woken, and what the person hears first."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_problem.triage import DANGER, DETAIL_IS_URGENT, is_urgent
from backoffice.case.labels import intake_rows
from backoffice.case.models import Case
from backoffice.case.needs import Need
from backoffice.case.schemas import FreeIntake
from backoffice.client.schemas import CaseType, Mode, ReceptionRequest, WaitingReason, WorkDetail, WorkProblem
from backoffice.conversation.models import Conversation, Message
from backoffice.intake.service import submit_reception
from backoffice.rights.choices import answer_choice
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation
from translations.catalog import has, text
from translations.languages import SUPPORTED


def told(session: Session, language: str = "it") -> tuple[Case, Conversation]:
    conversation = create_conversation(session)
    conversation.language = language
    request = ReceptionRequest(conversation_id=conversation.id, need=Need.WORK, note="problemi al lavoro")
    return submit_reception(session, request, now=NOW), conversation


def said(session: Session, conversation: Conversation) -> list[str]:
    statement = select(Message.text).where(Message.conversation_id == conversation.id).order_by(Message.seq)
    return list(session.scalars(statement))


@pytest.mark.parametrize(
    ("problem", "need", "number"),
    [
        ("violence", Need.VIOLENCE, "1522"), ("locked_in", Need.EXPLOITATION, "800 290 290"),
        ("passport", Need.EXPLOITATION, "800 290 290"), ("threat", Need.EXPLOITATION, "800 290 290"),
    ],
)  # fmt: skip
def test_danger_is_told_the_numbers_first_and_wakes_a_person(
    session: Session, problem: str, need: Need, number: str
) -> None:
    case, conversation = told(session)
    answer_choice(session, conversation, f"work:{problem}", now=NOW)
    session.commit()
    first = said(session, conversation)[0]
    assert first.index("112") < first.index(number)
    assert (conversation.mode, conversation.urgent) == (Mode.WAITING, True)
    assert conversation.waiting_reason is WaitingReason.EMERGENCY
    assert case.number in conversation.summary[0]
    assert case.urgent
    assert set(case.needs) == {Need.WORK.value, need.value}
    assert case.intake["work_problem"] == problem


def test_danger_without_a_case_is_heard_too(session: Session) -> None:
    conversation = create_conversation(session)
    answer_choice(session, conversation, "work:locked_in", now=NOW)
    session.commit()
    assert "112" in said(session, conversation)[0]
    assert conversation.urgent
    assert session.scalars(select(Case)).all() == []


@pytest.mark.parametrize(
    ("answer", "urgent"),
    [
        ("no_contract", True), ("contract", False), ("other", False),
        ("unpaid:under_2_months", False), ("unpaid:from_2_months", True),
        ("hours:over_54_hours", True), ("hours:no_rest", True), ("hours:other_hours", False),
        ("dismissed:lives_there", True), ("dismissed:lives_elsewhere", False),
    ],
)  # fmt: skip
def test_other_problems_get_their_urgency_and_their_first_step(
    session: Session, answer: str, urgent: bool
) -> None:
    case, conversation = told(session)
    answer_choice(session, conversation, f"work:{answer}", now=NOW)
    session.commit()
    problem, _, detail = answer.partition(":")
    assert (case.intake["work_problem"], case.intake.get("work_detail")) == (problem, detail or None)
    assert case.urgent is urgent
    assert case.intake["note"] == "problemi al lavoro"
    assert FreeIntake.model_validate(case.intake).work_problem == problem
    assert len(said(session, conversation)) == 2
    assert case.number in said(session, conversation)[-1]
    assert conversation.mode is Mode.ASSISTANT


@pytest.mark.parametrize("problem", list(DETAIL_IS_URGENT))
def test_what_changes_the_urgency_is_asked_first(session: Session, problem: WorkProblem) -> None:
    case, conversation = told(session, "uk")
    answer_choice(session, conversation, f"work:{problem.value}", now=NOW)
    session.commit()
    assert said(session, conversation) == [text(f"system.work_ask_{problem.value}", "uk")]
    assert not case.urgent


def test_a_second_answer_replaces_the_first_and_stays_urgent(session: Session) -> None:
    case, conversation = told(session)
    answer_choice(session, conversation, "work:unpaid:from_2_months", now=NOW)
    answer_choice(session, conversation, "work:contract", now=NOW)
    session.commit()
    assert (case.intake["work_problem"], "work_detail" in case.intake, case.urgent) == (
        "contract",
        False,
        True,
    )


@pytest.mark.parametrize(
    "answer", ["work:nothing", "work:unpaid:lives_there", "work:other:no_rest", "work:", "work"]
)
def test_an_answer_that_nobody_offered_changes_nothing(session: Session, answer: str) -> None:
    case, conversation = told(session)
    answer_choice(session, conversation, answer, now=NOW)
    assert "work_problem" not in case.intake
    assert said(session, conversation) == []


def test_without_a_case_what_is_no_danger_says_nothing(session: Session) -> None:
    conversation = create_conversation(session)
    answer_choice(session, conversation, "work:unpaid", now=NOW)
    answer_choice(session, conversation, "work:contract", now=NOW)
    assert said(session, conversation) == []
    assert session.scalars(select(Case).where(Case.type == CaseType.RECEPTION)).all() == []


def test_staff_read_the_answers_in_words(session: Session) -> None:
    case, conversation = told(session)
    answer_choice(session, conversation, "work:hours:no_rest", now=NOW)
    for language, words in (("it", "Nessun giorno di riposo"), ("en", "No day of rest")):
        assert words in [value for row in intake_rows(case.intake, language) for value in row.values]


def test_every_problem_has_its_words_in_every_language() -> None:
    first = [p.value for p in WorkProblem if p not in (*DANGER, WorkProblem.DISMISSED, WorkProblem.OTHER)]
    first += ["violence", "danger", "dismissed_lives_there", "dismissed_lives_elsewhere"]
    assert len(SUPPORTED) == 12
    assert all(has(f"system.work_first_{key}") for key in first)
    assert all(
        has(f"bot.button.work_{p.value}") and has(f"backoffice.work_problem.{p.value}") for p in WorkProblem
    )
    assert all(
        has(f"system.button.work_{d.value}") and has(f"backoffice.work_detail.{d.value}") for d in WorkDetail
    )
    for language in SUPPORTED:
        assert all(n in text("system.work_first_danger", language) for n in ("112", "800 290 290"))
        assert all(n in text("system.work_first_violence", language) for n in ("112", "1522"))
    assert not is_urgent(WorkProblem.OTHER, None)
