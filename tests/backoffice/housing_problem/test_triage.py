"""A problem at home: which one, how urgent, and what the person hears first."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.needs import Need
from backoffice.client.schemas import CaseType, EvictionDay, HousingProblem, ReceptionRequest
from backoffice.conversation.models import Conversation, Message
from backoffice.housing_problem.triage import is_urgent
from backoffice.intake.service import submit_reception
from backoffice.rights.choices import answer_choice
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation
from translations.catalog import has
from translations.languages import SUPPORTED


def told(session: Session, language: str = "it") -> tuple[Case, Conversation]:
    conversation = create_conversation(session)
    conversation.language = language
    request = ReceptionRequest(conversation_id=conversation.id, need=Need.RENT, note="la casa è fredda")
    return submit_reception(session, request, now=NOW), conversation


def said(session: Session, conversation: Conversation) -> list[str]:
    statement = select(Message.text).where(Message.conversation_id == conversation.id).order_by(Message.seq)
    return list(session.scalars(statement))


@pytest.mark.parametrize(
    ("problem", "urgent"),
    [
        ("threat", True), ("utilities", True), ("damp", False), ("no_contract", False),
        ("overcrowding", False), ("papers", False), ("discrimination", False), ("other", False),
    ],
)  # fmt: skip
def test_a_problem_gets_its_urgency_and_its_first_step(session: Session, problem: str, urgent: bool) -> None:
    case, conversation = told(session)
    answer_choice(session, conversation, f"problem:{problem}", now=NOW)
    session.commit()
    assert (case.intake["problem"], case.urgent) == (problem, urgent)
    assert case.number in said(session, conversation)[-1]
    assert len(said(session, conversation)) == 2


@pytest.mark.parametrize(
    ("day", "urgent"), [("within_30_days", True), ("unknown", True), ("later", False), ("no_date", False)]
)
def test_an_eviction_is_as_urgent_as_its_day(session: Session, day: str, urgent: bool) -> None:
    case, conversation = told(session)
    answer_choice(session, conversation, "problem:eviction", now=NOW)
    assert not case.urgent
    answer_choice(session, conversation, f"problem:eviction:{day}", now=NOW)
    session.commit()
    assert (case.intake["eviction"], case.urgent) == (day, urgent)
    assert case.intake["note"] == "la casa è fredda"


def test_danger_is_told_the_number_first(session: Session) -> None:
    _case, conversation = told(session, "pa")
    answer_choice(session, conversation, "problem:threat", now=NOW)
    assert "112" in said(session, conversation)[0]


def test_without_a_case_nothing_is_said(session: Session) -> None:
    conversation = create_conversation(session)
    answer_choice(session, conversation, "problem:damp", now=NOW)
    answer_choice(session, conversation, "problem:eviction:never", now=NOW)
    assert said(session, conversation) == []
    assert session.scalars(select(Case).where(Case.type == CaseType.RECEPTION)).all() == []


def test_every_problem_has_its_words_in_every_language() -> None:
    first = [problem.value for problem in HousingProblem if problem is not HousingProblem.EVICTION]
    first += [f"eviction_{day.value}" for day in EvictionDay]
    assert len(SUPPORTED) == 12
    assert all(has(f"system.problem_first_{key}") for key in first)
    assert not any(is_urgent(HousingProblem.DAMP, day) for day in EvictionDay)
