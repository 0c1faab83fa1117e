"""What the actions ask: the further questions of a case type, in the language of a conversation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from backoffice.client.schemas import CaseType, FurtherOption, FurtherQuestion, FurtherQuestions
from backoffice.database import ReadSession
from backoffice.question.errors import QuestionSetNotFound
from backoffice.question.queries import front_door_set, questions_of
from backoffice.question.questions import Question, text_of
from backoffice.service_access import ServiceOnly
from translations.languages import SOURCE

router = APIRouter(prefix="/api/v1/service/question-sets", tags=["service"], dependencies=[ServiceOnly])


@router.get("/{case_type}")
def read_further_questions(
    case_type: CaseType,
    session: ReadSession,
    language: Annotated[str, Query(max_length=35)] = SOURCE,
    set_id: Annotated[str | None, Query(max_length=36)] = None,
) -> FurtherQuestions:
    """Return what the chat asks beyond the form. Without a published version there are no questions.

    Raises:
        QuestionSetNotFound: a version was named, and it was never published.
    """
    found = front_door_set(session, case_type, set_id)
    if found is None and set_id is not None:
        raise QuestionSetNotFound
    if found is None:
        return FurtherQuestions(set_id=None, version=None, questions=[])
    asked = [_out(question, language) for question in questions_of(found) if question.in_chat]
    return FurtherQuestions(set_id=found.id, version=found.version, questions=asked)


def _out(question: Question, language: str) -> FurtherQuestion:
    return FurtherQuestion(
        code=question.code,
        kind=question.kind,
        title=text_of(question.title, language),
        label=text_of(question.label, language),
        help=text_of(question.help, language),
        why=text_of(question.why, language),
        unit=text_of(question.unit, language),
        options=[FurtherOption(code=o.code, label=text_of(o.label, language)) for o in question.options],
        required=question.required,
        minimum=question.minimum,
        maximum=question.maximum,
    )
