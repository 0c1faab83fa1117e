"""Write versions of further questions. Functions flush, never commit; rights have been asked before."""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.client.schemas import CaseType
from backoffice.question.errors import (
    BadQuestionCode,
    NoDraft,
    NotReady,
    QuestionCodeTaken,
    QuestionSetNotFound,
    TooManyQuestions,
)
from backoffice.question.models import CaseAnswerChoice, CaseAnswers, QuestionSet, SetState
from backoffice.question.queries import questions_of, set_in_state, versions_of
from backoffice.question.questions import MOST_QUESTIONS, Question, faults_of
from backoffice.question.schema import answer_schema
from backoffice.staff.models import Organisation


def open_draft(
    session: Session, organisation_id: str, case_type: CaseType, *, by: str, now: datetime
) -> QuestionSet:
    """Return the draft of a type; a new one begins as a copy of the newest version."""
    # One at a time: two administrators at once would both find no draft.
    session.get(Organisation, organisation_id, with_for_update=True)
    draft = set_in_state(session, organisation_id, case_type, SetState.DRAFT)
    if draft is not None:
        return draft
    versions = versions_of(session, organisation_id, case_type)
    draft = QuestionSet(
        organisation_id=organisation_id,
        case_type=case_type,
        version=versions[0].version + 1 if versions else 1,
        state=SetState.DRAFT,
        questions=list(versions[0].questions) if versions else [],
        created_by=by,
        created_at=now,
        changed_at=now,
    )
    session.add(draft)
    session.flush()
    _note(session, draft, "opened", by=by, now=now)
    return draft


def keep_question(
    session: Session, draft: QuestionSet, question: Question, *, is_new: bool, by: str, now: datetime
) -> None:
    """Add a question at the end of a draft, or change one in its place.

    Raises:
        NoDraft: the version is published.
        QuestionCodeTaken: (new) the code is or was another question's; (old) its kind would change.
        TooManyQuestions: the draft is full.
    """
    _require_draft(draft)
    questions = questions_of(draft)
    if len({option.code for option in question.options}) != len(question.options):
        raise BadQuestionCode
    if is_new:
        _require_free(session, draft, question.code)
        if len(questions) >= MOST_QUESTIONS:
            raise TooManyQuestions
        questions.append(question)
    else:
        place = _place(questions, question.code)
        if questions[place].kind is not question.kind:
            raise QuestionCodeTaken(question.code)
        questions[place] = question
    _write(session, draft, questions, f"changed:{question.code}", by=by, now=now)


def move_question(
    session: Session, draft: QuestionSet, code: str, *, by_places: int, by: str, now: datetime
) -> None:
    """Move a question up (-1) or down (1); at the end it stays.

    Raises:
        NoDraft: the version is published.
        QuestionSetNotFound: the draft has no such question.
    """
    _require_draft(draft)
    questions = questions_of(draft)
    place = _place(questions, code)
    question = questions.pop(place)
    questions.insert(min(max(place + by_places, 0), len(questions)), question)
    _write(session, draft, questions, f"moved:{code}", by=by, now=now)


def retire_question(session: Session, draft: QuestionSet, code: str, *, by: str, now: datetime) -> None:
    """Take a question out of a draft. Cases of earlier versions keep it, and nothing else gets its code.

    Raises:
        NoDraft: the version is published.
        QuestionSetNotFound: the draft has no such question.
    """
    _require_draft(draft)
    questions = questions_of(draft)
    questions.pop(_place(questions, code))
    _write(session, draft, questions, f"retired:{code}", by=by, now=now)


def keep_texts(
    session: Session, draft: QuestionSet, questions: list[Question], *, by: str, now: datetime
) -> None:
    """Write the texts that came back from a translator into a draft.

    Raises:
        NoDraft: the version is published.
    """
    _require_draft(draft)
    _write(session, draft, questions, "texts", by=by, now=now)


def publish(session: Session, draft: QuestionSet, *, by: str, now: datetime) -> None:
    """Ask a draft from now on; the version before is retired.

    Raises:
        NoDraft: it is published already.
        NotReady: a text lacks in a language, or a question cannot be answered.
        SchemaRefused: the schema of its answers is too large.
    """
    _require_draft(draft)
    questions = questions_of(draft)
    faults = faults_of(questions)
    if faults:
        raise NotReady(faults)
    before = set_in_state(session, draft.organisation_id, draft.case_type, SetState.PUBLISHED)
    if before is not None:
        before.state = SetState.RETIRED
        session.flush()  # one published version at a time: the index would refuse both at once
    _seal_what_became_sensitive(session, draft, questions)
    draft.answer_schema = answer_schema(questions)
    session.flush()  # still a draft while its schema is written
    draft.state, draft.published_by, draft.published_at = SetState.PUBLISHED, by, now
    session.flush()
    _note(session, draft, "published", by=by, now=now)


def withdraw(session: Session, published: QuestionSet, *, by: str, now: datetime) -> None:
    """Ask nothing further from now on. Cases keep what was answered.

    Raises:
        NoDraft: the version is not the one that is asked.
    """
    if published.state is not SetState.PUBLISHED:
        raise NoDraft
    published.state = SetState.RETIRED
    session.flush()
    _note(session, published, "withdrawn", by=by, now=now)


def discard_draft(session: Session, draft: QuestionSet, *, by: str, now: datetime) -> None:
    """Throw a draft away.

    Raises:
        NoDraft: the version is published.
    """
    _require_draft(draft)
    _note(session, draft, "discarded", by=by, now=now)
    session.delete(draft)
    session.flush()


def parse_question(values: dict[str, object]) -> Question:
    """Return a question from what was typed.

    Raises:
        BadQuestionCode: a code or a number is none.
    """
    try:
        return Question.model_validate(values)
    except ValidationError as wrong:
        raise BadQuestionCode from wrong


def _seal_what_became_sensitive(session: Session, draft: QuestionSet, questions: list[Question]) -> None:
    """Forget the unsealed choices of questions that no list may look for any more."""
    codes = [question.code for question in questions if not question.is_filterable]
    versions = [version.id for version in versions_of(session, draft.organisation_id, draft.case_type)]
    answered = select(CaseAnswers.case_id).where(CaseAnswers.set_id.in_(versions))
    of_them = CaseAnswerChoice.case_id.in_(answered), CaseAnswerChoice.question_code.in_(codes)
    session.execute(delete(CaseAnswerChoice).where(*of_them))


def _require_draft(found: QuestionSet) -> None:
    if found.state is not SetState.DRAFT:
        raise NoDraft


def _require_free(session: Session, draft: QuestionSet, code: str) -> None:
    """Refuse a code that any version has: statistics of years would mix two questions."""
    versions = versions_of(session, draft.organisation_id, draft.case_type)
    if any(question["code"] == code for version in versions for question in version.questions):
        raise QuestionCodeTaken(code)


def _place(questions: list[Question], code: str) -> int:
    for place, question in enumerate(questions):
        if question.code == code:
            return place
    raise QuestionSetNotFound


def _write(
    session: Session, draft: QuestionSet, questions: list[Question], act: str, *, by: str, now: datetime
) -> None:
    draft.questions = [question.model_dump(mode="json") for question in questions]
    draft.changed_at = now
    session.flush()
    _note(session, draft, act, by=by, now=now)


def _note(session: Session, found: QuestionSet, act: str, *, by: str, now: datetime) -> None:
    action = f"questions.{act}"[:60]
    audit.record(session, by=by, action=action, subject_kind="question_set", subject_id=found.id, now=now)
