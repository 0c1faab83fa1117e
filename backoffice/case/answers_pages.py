"""The page of a case's answers to further questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.answers import AnswerSheet, change_answers, get_case_with_answers, read_sheet
from backoffice.case.models import Case
from backoffice.case.municipalities import municipality_names
from backoffice.case.permissions import can_change, get_changeable_case
from backoffice.case.queries import names_of_staff
from backoffice.client.schemas import Phase
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.question.answers import answer_in_words
from backoffice.question.errors import AnswersChanged, AnswersRefused, QuestionSetNotFound
from backoffice.question.forms import PostedFields, first, read_answers
from backoffice.question.models import QuestionSet
from backoffice.question.queries import answers_of, questions_of
from backoffice.question.questions import LONGEST_LONG_TEXT, LONGEST_TEXT, text_of
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, redirect, render
from translations.catalog import text as sentence

router = APIRouter(include_in_schema=False)


@router.get("/cases/{case_id}/answers")
def answers_page(
    request: Request,
    case_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    newest: Annotated[bool, Query()] = False,
) -> Response:
    """Show the answers, as a form for those who may change the case; who reads them is noted."""
    case = get_case_with_answers(session, staff, case_id)
    audit.record(
        session,
        by=staff.id,
        action="case.answers_read",
        subject_kind="case",
        subject_id=case.id,
        now=clock(),
    )
    sheet = read_sheet(session, case, staff, in_newest=newest)
    return _show(request, session, staff, case, sheet, is_moving=newest)


@router.post("/cases/{case_id}/answers")
def submit_answers(
    request: Request,
    case_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Save the answers; those that do not fit come back with the reason."""
    case = get_changeable_case(session, staff, case_id)
    set_id, revision = first(fields, "set_id"), first(fields, "revision")
    found = session.get(QuestionSet, set_id)
    if not revision.isdecimal():
        raise AnswersChanged
    if found is None or found.organisation_id != case.organisation_id:
        raise QuestionSetNotFound
    given = read_answers(fields, questions_of(found))
    try:
        change_answers(
            session,
            case,
            set_id=set_id,
            answers=given,
            revision=int(revision[:18]),
            by=staff.id,
            now=clock(),
        )
    except AnswersRefused as refused:
        sheet = read_sheet(session, case, staff)
        in_newest = sheet.found is None or sheet.found.id != found.id
        sheet = read_sheet(session, case, staff, in_newest=in_newest)
        return _show(request, session, staff, case, sheet, is_moving=in_newest, typed=given, refused=refused)
    return redirect(f"/cases/{case.id}/answers", notice="answers_saved")


def _show(
    request: Request,
    session: Session,
    staff: Staff,
    case: Case,
    sheet: AnswerSheet,
    *,
    is_moving: bool,
    typed: Mapping[str, Any] | None = None,
    refused: AnswersRefused | None = None,
) -> Response:
    ui = interface_language(request)
    titles = {question.code: text_of(question.title, ui) or question.code for question in sheet.questions}
    named = ", ".join(title for code, title in titles.items() if refused and code in refused.wrong)
    return render(
        request,
        "case/answers.html",
        staff=staff,
        status=refused.status if refused else 200,
        case=case,
        sheet=sheet,
        is_moving=is_moving and sheet.found is not None,
        may_change=can_change(staff, case) and case.phase is not Phase.CLOSED,
        answers=typed if typed is not None else sheet.answers,
        wrong=refused.wrong if refused else {},
        why=sentence(f"backoffice.{refused.message}", ui, questions=named) if refused else None,
        shown={
            question.code: answer_in_words(question, sheet.answers[question.code], ui)
            for question in sheet.questions
            if question.code in sheet.answers
        },
        history=_history(session, case, staff, ui),
        text_of=text_of,
        towns=municipality_names(),
        longest={"text": LONGEST_TEXT, "long_text": LONGEST_LONG_TEXT},
    )


def _history(session: Session, case: Case, staff: Staff, ui: str) -> list[dict[str, Any]]:
    """Return the rows before the newest one, newest first, with what this person may read of them."""
    rows = answers_of(session, case.id)
    names = names_of_staff(session, {row.answered_by for row in rows})
    found = []
    for row in rows[1:]:
        version = session.get_one(QuestionSet, row.set_id)
        lines = [
            (text_of(question.title, ui), answer_in_words(question, row.answers[question.code], ui))
            for question in questions_of(version)
            if question.code in row.answers and (not question.sensitive or can_change(staff, case))
        ]
        who = names.get(row.answered_by) or sentence("backoffice.answers.by_chat", ui)
        found.append({"who": who, "at": row.at, "version": version.version, "lines": lines})
    return found
