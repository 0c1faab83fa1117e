"""Statements about versions of further questions and about answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from backoffice.client.schemas import CaseType
from backoffice.question.models import CaseAnswerChoice, CaseAnswers, QuestionSet, SetState
from backoffice.question.questions import Kind, Option, Question
from backoffice.staff.models import Organisation

YES, NO = "yes", "no"


def versions_of(session: Session, organisation_id: str, case_type: CaseType) -> Sequence[QuestionSet]:
    """Return every version of a type, newest first."""
    statement = select(QuestionSet).where(
        QuestionSet.organisation_id == organisation_id, QuestionSet.case_type == case_type
    )
    return session.scalars(statement.order_by(QuestionSet.version.desc())).all()


def set_in_state(
    session: Session, organisation_id: str, case_type: CaseType, state: SetState
) -> QuestionSet | None:
    """Return the draft, or the published version, of a type."""
    return session.scalar(
        select(QuestionSet).where(
            QuestionSet.organisation_id == organisation_id,
            QuestionSet.case_type == case_type,
            QuestionSet.state == state,
        )
    )


def front_door_set(session: Session, case_type: CaseType, set_id: str | None) -> QuestionSet | None:
    """Return the version that the chat asks: the published one, or an earlier one by its id; no draft."""
    statement = (
        select(QuestionSet)
        .join(Organisation, Organisation.id == QuestionSet.organisation_id)
        .where(Organisation.is_front_door, QuestionSet.case_type == case_type)
    )
    if set_id is None:
        return session.scalar(statement.where(QuestionSet.state == SetState.PUBLISHED))
    return session.scalar(statement.where(QuestionSet.id == set_id, QuestionSet.state != SetState.DRAFT))


def questions_of(found: QuestionSet) -> list[Question]:
    """Return the questions of a version, in order."""
    return [Question.model_validate(each) for each in found.questions]


def answers_of(session: Session, case_id: str) -> Sequence[CaseAnswers]:
    """Return every row of answers of a case, newest first; the first one counts."""
    statement = select(CaseAnswers).where(CaseAnswers.case_id == case_id)
    return session.scalars(statement.order_by(CaseAnswers.id.desc())).all()


def latest_answers(session: Session, case_id: str) -> CaseAnswers | None:
    """Return what counts, or None where nothing was ever answered."""
    statement = select(CaseAnswers).where(CaseAnswers.case_id == case_id)
    return session.scalar(statement.order_by(CaseAnswers.id.desc()).limit(1))


@dataclass(frozen=True)
class FilterableQuestion:
    """A question by whose answers cases are found. The options of a yes or no have no texts of their own."""

    case_type: CaseType
    question: Question
    options: tuple[Option, ...]


def filterable_questions(
    session: Session, organisation_id: str, case_type: CaseType | None = None
) -> list[FilterableQuestion]:
    """Return the questions that lists and counts may use, of every version that was published.

    Of a question in several versions the newest texts count, with the options of all. One that any version
    calls sensitive is left out: its answers were kept unsealed under no version after that.
    """
    statement = select(QuestionSet).where(
        QuestionSet.organisation_id == organisation_id, QuestionSet.state != SetState.DRAFT
    )
    if case_type is not None:
        statement = statement.where(QuestionSet.case_type == case_type)
    found: dict[tuple[CaseType, str], FilterableQuestion] = {}
    hidden: set[tuple[CaseType, str]] = set()
    for each in session.scalars(statement.order_by(QuestionSet.case_type, QuestionSet.version.desc())):
        for question in questions_of(each):
            key = (each.case_type, question.code)
            if not question.is_filterable:
                hidden.add(key)
                continue
            known = found.get(key)
            options = _options(question) if known is None else _joined(known.options, _options(question))
            newest = question if known is None else known.question
            found[key] = FilterableQuestion(each.case_type, newest, options)
    return [each for key, each in found.items() if key not in hidden]


def has_answer(
    case_id: InstrumentedAttribute[str], question_code: str, option_code: str
) -> ColumnElement[bool]:
    """Return the condition that a case was answered so; `case_id` is the column of its id."""
    chosen = select(CaseAnswerChoice.case_id).where(
        CaseAnswerChoice.question_code == question_code, CaseAnswerChoice.option_code == option_code
    )
    return case_id.in_(chosen)


def _options(question: Question) -> tuple[Option, ...]:
    if question.kind is Kind.YES_NO:
        return (Option(code=YES), Option(code=NO))
    return question.options


def _joined(newer: tuple[Option, ...], older: tuple[Option, ...]) -> tuple[Option, ...]:
    known = {option.code for option in newer}
    return (*newer, *(option for option in older if option.code not in known))
