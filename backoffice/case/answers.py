"""The answers of a case to the further questions of its type: who reads them, how they are changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.case.errors import CaseIsClosed
from backoffice.case.models import Case
from backoffice.case.parts import CasePart, visible_parts
from backoffice.case.permissions import can_change, get_readable_case
from backoffice.client.schemas import Phase
from backoffice.errors import NotFound
from backoffice.question.answers import keep_answers, moved_answers
from backoffice.question.errors import AnswersChanged, QuestionSetNotFound
from backoffice.question.models import CaseAnswers, QuestionSet, SetState
from backoffice.question.queries import latest_answers, questions_of, set_in_state
from backoffice.question.questions import Question
from backoffice.staff.models import Staff


@dataclass(frozen=True)
class AnswerSheet:
    """The answers of a case as one reader may see them.

    `found` is the version that they were made with, or the one to begin with; None where there is none.
    `newer` is the published version when it is another one. `revision` is 0 before the first answer.
    """

    found: QuestionSet | None
    newer: QuestionSet | None
    questions: list[Question]
    answers: dict[str, Any]
    restricted: frozenset[str]
    row: CaseAnswers | None

    @property
    def revision(self) -> int:
        """The number of the newest row: who saves says which one was seen."""
        return self.row.id if self.row else 0


def get_case_with_answers(session: Session, staff: Staff, case_id: str) -> Case:
    """Return a case whose answers the person may read: another body needs the part "intake".

    Raises:
        NotFound: there is none, or this person may not know of it or of its answers.
    """
    case = get_readable_case(session, staff, case_id)
    if CasePart.INTAKE not in visible_parts(session, staff, case, now=staff.asks_at):
        raise NotFound
    return case


def read_sheet(session: Session, case: Case, staff: Staff, *, in_newest: bool = False) -> AnswerSheet:
    """Return the answers of a case that this person may read.

    Args:
        session: any.
        case: one that the person may read.
        staff: who reads; sensitive answers are for those who may change the case.
        in_newest: whether to show them as the newest version would take them over.
    """
    row = latest_answers(session, case.id)
    newest = set_in_state(session, case.organisation_id, case.type, SetState.PUBLISHED)
    made_with = session.get(QuestionSet, row.set_id) if row else None
    found = newest if made_with is None or (in_newest and newest is not None) else made_with
    questions = questions_of(found) if found else []
    answers = dict(row.answers) if row else {}
    if found is not None and made_with is not None and found.id != made_with.id:
        answers = moved_answers(answers, found)
    hidden = {q.code for q in questions if q.sensitive and not can_change(staff, case)}
    return AnswerSheet(
        found=found,
        newer=newest if newest is not None and found is not None and newest.id != found.id else None,
        questions=questions,
        answers={code: answer for code, answer in answers.items() if code not in hidden},
        restricted=frozenset(hidden & answers.keys()),
        row=row,
    )


def change_answers(
    session: Session,
    case: Case,
    *,
    set_id: str,
    answers: Mapping[str, Any],
    revision: int,
    by: str,
    now: datetime,
) -> CaseAnswers:
    """Write the answers of a case that the person may change, under its own version or the newest one.

    Raises:
        CaseIsClosed: the case has to be reopened first.
        AnswersChanged: they are no longer those that were seen.
        QuestionSetNotFound: the version is neither the case's nor the newest of its type.
        AnswersRefused: they do not fit the version.
    """
    session.refresh(case, ["phase"], with_for_update=True)
    if case.phase is Phase.CLOSED:
        raise CaseIsClosed
    row = latest_answers(session, case.id)
    if (row.id if row else 0) != revision:
        raise AnswersChanged
    newest = set_in_state(session, case.organisation_id, case.type, SetState.PUBLISHED)
    allowed = {newest.id if newest else None, row.set_id if row else None}
    found = session.get(QuestionSet, set_id) if set_id in allowed else None
    if found is None:
        raise QuestionSetNotFound
    case.updated_at = now
    return keep_answers(session, case_id=case.id, found=found, answers=answers, by=by, now=now)
