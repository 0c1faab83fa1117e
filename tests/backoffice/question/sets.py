"""Further questions for tests: every text is there in every language."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.client.schemas import CaseType, FurtherKind
from backoffice.question.models import QuestionSet
from backoffice.question.questions import Option, Question
from backoffice.question.service import keep_question, open_draft, publish
from backoffice.staff.models import Staff
from tests.backoffice.factories import NOW
from translations.languages import SUPPORTED


def in_all_languages(text: str) -> dict[str, str]:
    return {language: f"{text} ({language})" for language in SUPPORTED}


def question(
    code: str = "pets",
    kind: FurtherKind = FurtherKind.YES_NO,
    *,
    options: tuple[str, ...] = (),
    **more: object,
) -> Question:
    """Return a question that could be published as it is."""
    values: dict[str, object] = {
        "code": code,
        "kind": kind,
        "title": in_all_languages(code),
        "label": in_all_languages(f"{code}?"),
        "why": in_all_languages(f"why {code}"),
        "options": tuple(Option(code=each, label=in_all_languages(each)) for each in options),
    }
    return Question.model_validate({**values, **more})


def drafted(
    session: Session,
    staff: Staff,
    *questions: Question,
    type: CaseType = CaseType.HOUSING,
    now: datetime = NOW,
) -> QuestionSet:
    """Write these questions into the draft of a type."""
    draft = open_draft(session, staff.organisation_id, type, by=staff.id, now=now)
    for each in questions:
        keep_question(session, draft, each, is_new=True, by=staff.id, now=now)
    return draft


def published(
    session: Session,
    staff: Staff,
    *questions: Question,
    type: CaseType = CaseType.HOUSING,
    now: datetime = NOW,
) -> QuestionSet:
    """Publish these questions, after those of the version before."""
    draft = drafted(session, staff, *questions, type=type, now=now)
    publish(session, draft, by=staff.id, now=now)
    return draft
