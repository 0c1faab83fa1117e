"""The cases of a copy, each with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from backoffice.case.models import Case, CaseEventKind, CaseNote, NoteKind
from backoffice.case.queries import events_of, names_of_staff
from backoffice.client.schemas import Phase
from backoffice.document.queries import documents_of
from backoffice.own_copy.contracts import contracts_of
from backoffice.own_copy.courses import courses_of
from backoffice.own_copy.housing import homes_of, search_of
from backoffice.own_copy.mediations import mediations_of
from backoffice.own_copy.proposals import proposals_of, request_of
from backoffice.own_copy.register import register_of
from backoffice.own_copy.shape import (
    Answer,
    CaseEntry,
    Document,
    NeedOpening,
    Note,
    PhaseStep,
    Plan,
    PlanAction,
    PlanCheck,
    PlanGoal,
    ShareEntry,
)
from backoffice.own_copy.writings import Writing
from backoffice.plan.queries import actions_of, checks_of, goals_of, progress_of
from backoffice.question.answers import answer_in_words
from backoffice.question.models import QuestionSet
from backoffice.question.queries import latest_answers, questions_of
from backoffice.question.questions import text_of
from backoffice.sharing.models import BreakGlass, Share
from translations.languages import SOURCE


def case_entries(
    session: Session, cases: Sequence[Case], given: Sequence[Writing], bodies: Mapping[str, str]
) -> list[CaseEntry]:
    """Return cases as a copy tells them; `given`: internal writings that go with it, `bodies`: names."""
    staff = names_of_staff(session, {each.assignee_id for each in cases if each.assignee_id})
    return [
        _entry(session, case, [each for each in given if each.of == case.number], bodies, staff)
        for case in cases
    ]


def _entry(
    session: Session,
    case: Case,
    given: Sequence[Writing],
    bodies: Mapping[str, str],
    staff: Mapping[str, str],
) -> CaseEntry:
    progress = progress_of(session, case.id)
    return CaseEntry(
        number=case.number,
        type=case.type,
        phase=case.phase,
        urgent=case.urgent,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        closing_reason=case.closing_reason,
        source=case.source,
        language=case.language,
        municipality=case.municipality,
        responsible=staff.get(case.assignee_id or ""),
        needs=list(case.needs),
        intake=dict(case.intake),
        outcome=progress.outcome,
        ground=progress.ground,
        ground_words=progress.ground_words,
        interviewed_on=progress.interviewed_on,
        phases=_phases(session, case),
        answers=_answers(session, case),
        plan=_plan(session, case, bodies),
        notes=_notes(session, case, given),
        documents=_documents(session, case),
        shares=_shares(session, case, bodies),
        opened_in_need=_openings(session, case, bodies),
        search=search_of(session, case),
        request=request_of(session, case),
        proposals=proposals_of(session, case),
        contracts=contracts_of(session, case),
        homes=homes_of(session, case),
        register_entry=register_of(session, case),
        courses=courses_of(session, case),
        mediations=mediations_of(session, case),
    )


def _phases(session: Session, case: Case) -> list[PhaseStep]:
    came = (CaseEventKind.MOVED, CaseEventKind.REOPENED)
    steps = [PhaseStep(at=case.opened_at, phase=Phase.RECEPTION)]
    for event in events_of(session, case.id):
        if event.kind in came and event.after:
            steps.append(PhaseStep(at=event.at, phase=event.after))
        elif event.kind is CaseEventKind.CLOSED:
            steps.append(PhaseStep(at=event.at, phase=Phase.CLOSED))
    return steps


def _answers(session: Session, case: Case) -> list[Answer]:
    row = latest_answers(session, case.id)
    if row is None:
        return []
    asked = questions_of(session.get_one(QuestionSet, row.set_id))
    return [
        Answer(
            question=text_of(each.title, SOURCE) or each.code,
            code=each.code,
            value=row.answers[each.code],
            words=answer_in_words(each, row.answers[each.code], SOURCE),
            at=row.at,
        )
        for each in asked
        if each.code in row.answers
    ]


def _plan(session: Session, case: Case, bodies: Mapping[str, str]) -> Plan:
    progress, actions = progress_of(session, case.id), actions_of(session, case.id)
    return Plan(
        goals=[
            PlanGoal(
                words=goal.words,
                measure=goal.measure,
                outcome=goal.outcome,
                actions=[
                    PlanAction(
                        words=each.words,
                        organisation=bodies.get(each.organisation_id, ""),
                        due_on=each.due_on,
                        state=each.state,
                        outcome=each.outcome,
                    )
                    for each in actions
                    if each.goal_id == goal.id
                ],
            )
            for goal in goals_of(session, case.id)
        ],
        checks=[
            PlanCheck(due_on=each.due_on, done_on=each.done_on, outcome=each.outcome)
            for each in checks_of(session, case.id)
        ],
        agreed_on=progress.agreed_on,
        agreed_language=progress.agreed_language,
        agreed_how=progress.agreed_how,
        mediator_present=progress.mediator_present,
        review=progress.review,
    )


def _notes(session: Session, case: Case, given: Sequence[Writing]) -> list[Note]:
    shared = select(CaseNote).where(CaseNote.case_id == case.id, CaseNote.kind == NoteKind.SHARED)
    notes = [Note(at=each.created_at, kind=each.kind, words=each.text) for each in session.scalars(shared)]
    notes += [Note(at=each.at, kind=each.kind, words=each.words) for each in given]
    return sorted(notes, key=lambda note: note.at)


def _documents(session: Session, case: Case) -> list[Document]:
    return [
        Document(
            kind=each.kind,
            title=each.title,
            expires_on=each.expires_on,
            seen_in_original=each.seen_in_original,
            media_type=each.attachment.media_type,
            size_bytes=each.attachment.size_bytes,
            added_at=each.added_at,
        )
        for each in documents_of(session, case.id)
    ]


def _shares(session: Session, case: Case, bodies: Mapping[str, str]) -> list[ShareEntry]:
    statement = select(Share).where(Share.case_id == case.id).options(selectinload(Share.lines))
    return [
        ShareEntry(
            organisation=bodies.get(each.organisation_id, ""),
            kind=each.kind,
            state=each.state,
            parts=[part.value for part in each.ordered_parts],
            restricted=each.restricted,
            purpose=each.purpose,
            request=each.request,
            ground=each.ground,
            ground_words=each.ground_words,
            starts_at=each.starts_at,
            until=each.until,
            outcome=each.outcome,
        )
        for each in session.scalars(statement.order_by(Share.offered_at, Share.id))
    ]


def _openings(session: Session, case: Case, bodies: Mapping[str, str]) -> list[NeedOpening]:
    statement = select(BreakGlass).where(BreakGlass.case_id == case.id).order_by(BreakGlass.opened_at)
    return [
        NeedOpening(
            organisation=bodies.get(each.organisation_id, ""),
            reason=each.reason,
            at=each.opened_at,
            until=each.until,
        )
        for each in session.scalars(statement)
    ]
