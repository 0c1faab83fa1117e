"""The administrator's pages: the further questions of every type of case, a version, one question."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.client.schemas import CaseType, FurtherKind
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.question.changes import changes_between, texts_as_csv, with_texts
from backoffice.question.errors import NotReady, QuestionRefused, QuestionSetNotFound
from backoffice.question.forms import PostedFields, PostedFile, question_values
from backoffice.question.labels import acts_of, change_lines, fault_lines, field_name
from backoffice.question.models import QuestionSet, SetState
from backoffice.question.permissions import editable_sets, get_changeable_set, get_editable_set, is_draft
from backoffice.question.queries import questions_of, versions_of
from backoffice.question.questions import WITH_OPTIONS, Question, faults_of, hints_for, text_of
from backoffice.question.service import (
    discard_draft,
    keep_question,
    keep_texts,
    move_question,
    open_draft,
    parse_question,
    publish,
    retire_question,
    withdraw,
)
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, redirect, render
from translations.catalog import text as sentence
from translations.languages import LANGUAGES, SUPPORTED

router = APIRouter(include_in_schema=False)

Code = Annotated[str, Form(max_length=40)]


@router.get("/question-sets")
def list_page(request: Request, session: ReadSession, staff: SignedIn) -> Response:
    """Show what is asked for each type of case, and the drafts."""
    editable_sets(staff)
    types = [(each, versions_of(session, staff.organisation_id, each)) for each in CaseType]
    return render(request, "question/list.html", staff=staff, types=types, states=SetState)


@router.post("/question-sets")
def submit_draft(
    session: DbSession, staff: SignedIn, clock: ClockDep, case_type: Annotated[CaseType, Form()]
) -> Response:
    """Open the draft of a type."""
    editable_sets(staff)
    draft = open_draft(session, staff.organisation_id, case_type, by=staff.id, now=clock())
    return redirect(f"/question-sets/{draft.id}")


@router.get("/question-sets/{set_id}")
def set_page(
    request: Request,
    set_id: str,
    session: ReadSession,
    staff: SignedIn,
    language: Annotated[str, Query(max_length=10)] = "it",
) -> Response:
    """Show one version: its questions, what is missing, how it looks, and what it changes."""
    return _show_set(request, session, staff, get_editable_set(session, staff, set_id), language)


@router.get("/question-sets/{set_id}/question")
def question_page(
    request: Request,
    set_id: str,
    session: ReadSession,
    staff: SignedIn,
    code: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show one question of a draft to change it, or the form of a new one."""
    found = get_editable_set(session, staff, set_id)
    return _show_question(request, staff, found, _question(found, code) if code else None)


@router.post("/question-sets/{set_id}/question")
def submit_question(
    request: Request,
    set_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
    code: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Keep a question in the draft; one that cannot be kept comes back with the reason."""
    found = get_changeable_set(session, staff, set_id)
    before = _question(found, code) if code else None
    try:
        question = parse_question(question_values(fields, before))
        keep_question(session, found, question, is_new=before is None, by=staff.id, now=clock())
    except QuestionRefused as refused:
        return _show_question(request, staff, found, before, typed=fields, refused=refused)
    return redirect(f"/question-sets/{found.id}/question?code={question.code}", notice="question_kept")


@router.post("/question-sets/{set_id}/move")
def submit_move(
    set_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    code: Code,
    places: Annotated[int, Form(ge=-1, le=1)],
) -> Response:
    """Move a question up or down."""
    found = get_changeable_set(session, staff, set_id)
    move_question(session, found, code, by_places=places, by=staff.id, now=clock())
    return redirect(f"/question-sets/{found.id}#q-{code}", notice="question_moved")


@router.post("/question-sets/{set_id}/retire")
def submit_retirement(
    set_id: str, session: DbSession, staff: SignedIn, clock: ClockDep, code: Code
) -> Response:
    """Take a question out of the draft."""
    found = get_changeable_set(session, staff, set_id)
    retire_question(session, found, code, by=staff.id, now=clock())
    return redirect(f"/question-sets/{found.id}", notice="question_retired")


@router.post("/question-sets/{set_id}/publish")
def submit_publication(
    request: Request, set_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Ask this version from now on; one with gaps comes back with all of them."""
    found = get_changeable_set(session, staff, set_id)
    try:
        publish(session, found, by=staff.id, now=clock())
    except NotReady as refused:
        return _show_set(request, session, staff, found, "it", refused=refused)
    return redirect(f"/question-sets/{found.id}", notice="question_published")


@router.post("/question-sets/{set_id}/withdraw")
def submit_withdrawal(set_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Ask nothing further from now on."""
    withdraw(session, get_changeable_set(session, staff, set_id), by=staff.id, now=clock())
    return redirect("/question-sets", notice="question_withdrawn")


@router.post("/question-sets/{set_id}/discard")
def submit_discarding(set_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Throw a draft away."""
    discard_draft(session, get_changeable_set(session, staff, set_id), by=staff.id, now=clock())
    return redirect("/question-sets", notice="question_discarded")


@router.get("/question-sets/{set_id}/texts.csv")
def download_texts(set_id: str, session: ReadSession, staff: SignedIn) -> Response:
    """Return all texts as a table for translators."""
    found = get_editable_set(session, staff, set_id)
    name = f"domande-{found.case_type.value}-{found.version}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(texts_as_csv(questions_of(found)), media_type="text/csv", headers=headers)


@router.post("/question-sets/{set_id}/texts")
def submit_texts(
    request: Request, set_id: str, session: DbSession, staff: SignedIn, clock: ClockDep, file: PostedFile
) -> Response:
    """Read translated texts into the draft; a table that is none comes back with the reason."""
    found = get_changeable_set(session, staff, set_id)
    try:
        keep_texts(session, found, with_texts(questions_of(found), file), by=staff.id, now=clock())
    except QuestionRefused as refused:
        return _show_set(request, session, staff, found, "it", refused=refused)
    return redirect(f"/question-sets/{found.id}", notice="question_texts_read")


def _show_set(
    request: Request,
    session: Session,
    staff: Staff,
    found: QuestionSet,
    language: str,
    *,
    refused: QuestionRefused | None = None,
) -> Response:
    ui, questions = interface_language(request), questions_of(found)
    versions = versions_of(session, found.organisation_id, found.case_type)
    before = next((each for each in versions if each.version < found.version), None)
    return render(
        request,
        "question/set.html",
        staff=staff,
        status=refused.status if refused else 200,
        found=found,
        draft=is_draft(found),
        questions=questions,
        why=_why(refused, ui),
        faults=fault_lines(faults_of(questions), "fault", ui) if is_draft(found) else [],
        hints=fault_lines(hints_for(questions), "hint", ui) if is_draft(found) else [],
        changes=change_lines(changes_between(questions_of(before), questions), ui) if before else None,
        acts=acts_of(session, found.id, ui),
        language=language if language in LANGUAGES else "it",
        languages=list(SUPPORTED),
        text_of=text_of,
        chat_text=sentence,
    )


def _show_question(
    request: Request,
    staff: Staff,
    found: QuestionSet,
    before: Question | None,
    *,
    typed: PostedFields | None = None,
    refused: QuestionRefused | None = None,
) -> Response:
    ui = interface_language(request)
    places = before.texts if before else {name: {} for name in ("title", "label", "why", "help")}
    return render(
        request,
        "question/question.html",
        staff=staff,
        status=refused.status if refused else 200,
        found=found,
        question=before,
        typed=typed,
        places=[(place, field_name(place, ui), texts) for place, texts in places.items()],
        kinds=list(FurtherKind),
        with_options=WITH_OPTIONS,
        why=_why(refused, ui),
        languages=list(SUPPORTED),
    )


def _question(found: QuestionSet, code: str) -> Question:
    for question in questions_of(found):
        if question.code == code and is_draft(found):
            return question
    raise QuestionSetNotFound


def _why(refused: QuestionRefused | None, ui: str) -> str | None:
    return sentence(f"backoffice.{refused.message}", ui, **refused.values) if refused else None
