"""What was answered in a case, under the version that it was asked with; and its columns in an export."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.client.schemas import CaseType
from backoffice.question.errors import AnswersRefused
from backoffice.question.models import CaseAnswerChoice, CaseAnswers, QuestionSet, SetState
from backoffice.question.queries import NO, YES, latest_answers, questions_of
from backoffice.question.questions import Kind, Question, text_of
from backoffice.question.schema import wrong_answers
from translations.catalog import text as sentence

log = structlog.get_logger(__name__)


def keep_answers(
    session: Session,
    *,
    case_id: str,
    found: QuestionSet,
    answers: Mapping[str, Any],
    by: str,
    now: datetime,
    is_partial: bool = False,
) -> CaseAnswers:
    """Write the answers of a case as its newest row; the same ones again leave no row.

    Args:
        session: the transaction of the case.
        case_id: whose.
        found: the version that they were made with.
        answers: all of them, by code; what is left out is not answered.
        by: a staff id, or `service`.
        now: the present moment.
        is_partial: whether questions that must be answered may still be open, as after a chat.

    Raises:
        AnswersRefused: they do not fit the version.
    """
    answers = {code: _clean(answer) for code, answer in answers.items()}
    wrong = wrong_answers(found.answer_schema, answers, is_partial=is_partial)
    if wrong:
        raise AnswersRefused(wrong)
    before = latest_answers(session, case_id)
    if before is not None and before.set_id == found.id and before.answers == dict(answers):
        return before
    row = CaseAnswers(case_id=case_id, set_id=found.id, answers=dict(answers), answered_by=by, at=now)
    session.add(row)
    _renew_choices(session, case_id, questions_of(found), answers)
    audit.record(
        session, by=by, action="case.answers_changed", subject_kind="case", subject_id=case_id, now=now
    )
    session.flush()
    return row


def keep_what_fits(
    session: Session,
    *,
    case_id: str,
    found: QuestionSet,
    answers: Mapping[str, Any],
    by: str,
    now: datetime,
) -> CaseAnswers | None:
    """Write the answers of a chat down; one that does not fit is left out, so that the case is opened."""
    answers = {code: _clean(answer) for code, answer in answers.items()}
    wrong = wrong_answers(found.answer_schema, answers, is_partial=True)
    if wrong:
        log.warning("answers_left_out", case=case_id, questions=sorted(wrong))
    kept = {code: answer for code, answer in answers.items() if code not in wrong}
    if not kept:
        return None
    return keep_answers(session, case_id=case_id, found=found, answers=kept, by=by, now=now, is_partial=True)


def moved_answers(answers: Mapping[str, Any], to: QuestionSet) -> dict[str, Any]:
    """Return those answers of an earlier version that a newer one still asks for and takes."""
    wrong = wrong_answers(to.answer_schema, answers, is_partial=True)
    return {code: answer for code, answer in answers.items() if code not in wrong}


@dataclass(frozen=True)
class AnswerColumn:
    """A column of an export: the code of a question and its name in a language."""

    code: str
    title: str


def answer_columns(
    session: Session,
    organisation_id: str,
    case_type: CaseType,
    language: str,
    *,
    with_sensitive: bool = False,
) -> list[AnswerColumn]:
    """Return the columns of an export of one type: every question ever published, newest version first.

    Answers that are sensitive are left out unless they are asked for.
    """
    statement = select(QuestionSet).where(
        QuestionSet.organisation_id == organisation_id,
        QuestionSet.case_type == case_type,
        QuestionSet.state != SetState.DRAFT,
    )
    newest: dict[str, Question] = {}
    for version in session.scalars(statement.order_by(QuestionSet.version.desc())):
        for question in questions_of(version):
            newest.setdefault(question.code, question)
    return [
        AnswerColumn(code, text_of(question.title, language) or code)
        for code, question in newest.items()
        if with_sensitive or not question.sensitive
    ]


def answer_cells(
    session: Session, case_ids: Iterable[str], language: str, *, with_sensitive: bool = False
) -> dict[str, dict[str, str]]:
    """Return the newest answers of cases as words, by case and code: the cells of `answer_columns`."""
    statement = (
        select(CaseAnswers, QuestionSet)
        .join(QuestionSet, QuestionSet.id == CaseAnswers.set_id)
        .where(CaseAnswers.case_id.in_(list(case_ids)))
    )
    cells: dict[str, dict[str, str]] = {}
    for row, version in session.execute(statement.order_by(CaseAnswers.id)):
        cells[row.case_id] = {
            question.code: answer_in_words(question, row.answers[question.code], language)
            for question in questions_of(version)
            if question.code in row.answers and (with_sensitive or not question.sensitive)
        }
    return cells


def answer_in_words(question: Question, answer: Any, language: str) -> str:
    """Write an answer as staff read it, in Italian or English."""
    labels = {option.code: text_of(option.label, language) for option in question.options}
    match question.kind:
        case Kind.YES_NO:
            return sentence(f"backoffice.question.{YES if answer else NO}", language)
        case Kind.ONE_OF:
            return labels.get(str(answer), str(answer))
        case Kind.SEVERAL_OF:
            return ", ".join(labels.get(str(code), str(code)) for code in answer)
        case Kind.NUMBER:
            return f"{answer} {text_of(question.unit, language)}".strip()
        case Kind.DATE:
            return "/".join(reversed(str(answer).split("-")))
        case _:
            return str(answer)


def _clean(answer: Any) -> Any:
    """Return an answer as it is stored: a text in NFC, without NUL and half characters."""
    if not isinstance(answer, str):
        return answer
    whole = answer.encode("utf-8", "replace").decode().replace("\0", "")
    return unicodedata.normalize("NFC", whole)


def _renew_choices(
    session: Session, case_id: str, questions: list[Question], answers: Mapping[str, Any]
) -> None:
    session.execute(delete(CaseAnswerChoice).where(CaseAnswerChoice.case_id == case_id))
    for question in questions:
        if question.is_filterable and question.code in answers:
            for option in _chosen(answers[question.code]):
                session.add(
                    CaseAnswerChoice(case_id=case_id, question_code=question.code, option_code=option)
                )


def _chosen(answer: Any) -> list[str]:
    if isinstance(answer, bool):
        return [YES if answer else NO]
    return [str(code) for code in answer] if isinstance(answer, list) else [str(answer)]
