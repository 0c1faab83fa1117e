"""What belongs to a family assistant: each change an event, audited, and nothing without its evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.care_worker.availability import Span, add_absence, set_week
from backoffice.care_worker.errors import (
    ChangedMeanwhile,
    EvidenceMissing,
    KnownAlready,
    PartRefused,
    ReferenceNotAllowed,
)
from backoffice.care_worker.interview import hold_interview, keep_draft
from backoffice.care_worker.models import (
    AvailableTime,
    CareWorker,
    Recognition,
    ReferenceAnswer,
    TraitKind,
    WorkerSkill,
    WorkerTrait,
)
from backoffice.care_worker.profile import show_profile
from backoffice.care_worker.references import add_reference, allow_reference, note_call
from backoffice.care_worker.skills import SkillFacts, add_skill, recognise_skill, undo_recognition
from backoffice.care_worker.work import PeriodFacts, add_period, end_period
from backoffice.case.models import Case, CaseEvent, CaseEventKind
from backoffice.client.schemas import CareSkill, SkillOrigin
from backoffice.errors import NotFound
from tests.backoffice.care import create_worker
from tests.backoffice.document.documents import create_document
from tests.backoffice.factories import NOW, create_staff

TODAY = date(2026, 12, 2)
HOIST = SkillFacts(CareSkill.DEMENTIA, SkillOrigin.COURSE, 3)


def parts(session: Session, case: Case) -> list[str | None]:
    changed = (CaseEvent.case_id == case.id) & (CaseEvent.kind == CaseEventKind.WORKER_CHANGED)
    return list(session.scalars(select(CaseEvent.after).where(changed).order_by(CaseEvent.id)))


def test_a_skill_is_recognised_by_what_was_seen_and_the_recognition_can_be_undone(session: Session) -> None:
    case, staff = create_worker(session), create_staff(session)
    row = add_skill(session, case, HOIST, by=staff.id, now=NOW)
    with pytest.raises(KnownAlready):
        add_skill(session, case, HOIST, by=staff.id, now=NOW)
    with pytest.raises(EvidenceMissing):
        recognise_skill(session, case, row.id, Recognition.DOCUMENT_SEEN, by=staff.id, now=NOW)
    with pytest.raises(EvidenceMissing):
        recognise_skill(session, case, row.id, Recognition.REFERENCE_CALLED, by=staff.id, now=NOW)
    of_another = create_document(session, create_worker(session), staff)
    with pytest.raises(NotFound):
        recognise_skill(
            session, case, row.id, Recognition.CERTIFIED, document_id=of_another.id, by=staff.id, now=NOW
        )
    paper = create_document(session, case, staff)
    how = Recognition.DOCUMENT_SEEN
    recognise_skill(session, case, row.id, how, document_id=paper.id, by=staff.id, now=NOW)
    assert (row.recognition, row.recognised_on, row.recognised_by) == (how, TODAY, staff.id)
    undo_recognition(session, case, row.id, by=staff.id, now=NOW)
    undo_recognition(session, case, row.id, by=staff.id, now=NOW)
    assert (row.recognition, row.recognised_on, row.recognised_by) == (None, None, None)
    assert parts(session, case) == ["skill_added", "skill_recognised", "recognition_undone"]
    audited = select(AuditEntry.actor).where(AuditEntry.action == "case.worker_changed")
    assert session.scalars(audited).all() == [staff.id] * 3


def test_a_reference_is_called_only_where_the_person_allows_it(session: Session) -> None:
    case, staff = create_worker(session), create_staff(session)
    row = add_reference(session, case, "Rosa", "0373 000001", may_be_called=False, by=staff.id, now=NOW)
    with pytest.raises(ReferenceNotAllowed):
        note_call(session, case, row.id, ReferenceAnswer.GOOD, "brava", by=staff.id, now=NOW)
    allow_reference(session, case, row.id, True, by=staff.id, now=NOW)
    note_call(session, case, row.id, ReferenceAnswer.GOOD, "brava", by=staff.id, now=NOW)
    skill = add_skill(session, case, HOIST, by=staff.id, now=NOW)
    recognise_skill(session, case, skill.id, Recognition.REFERENCE_CALLED, by=staff.id, now=NOW)
    allow_reference(session, case, row.id, False, by=staff.id, now=NOW)
    assert (row.answer, row.words, row.called_on) == (ReferenceAnswer.GOOD, "brava", TODAY)
    with pytest.raises(PartRefused) as refused:
        add_reference(session, case, " ", "12", may_be_called=True, by=staff.id, now=NOW)
    assert set(refused.value.fields) == {"name", "phone"}


@pytest.mark.parametrize(
    ("spans", "field"),
    [
        ([Span(0, 600, 600)], "day_0"),
        ([Span(6, 600, 1441)], "day_6"),
        ([Span(2, 480, 720), Span(2, 700, 800)], "day_2"),
        ([Span(4, hour * 60, hour * 60 + 30) for hour in range(5)], "day_4"),
    ],
)
def test_a_week_that_cannot_be_is_refused_with_its_day(
    session: Session, spans: list[Span], field: str
) -> None:
    case = create_worker(session)
    set_week(session, case, [Span(0, 0, 1440)], by="service", now=NOW)
    with pytest.raises(PartRefused) as refused:
        set_week(session, case, spans, by="service", now=NOW)
    assert list(refused.value.fields) == [field]
    assert len(session.scalars(select(AvailableTime)).all()) == 1


def test_a_week_that_touches_itself_is_kept_and_the_same_one_changes_nothing(session: Session) -> None:
    case = create_worker(session)
    week = [Span(1, 720, 1440), Span(1, 480, 720)]
    for _ in range(2):
        set_week(session, case, week, by="service", now=NOW)
    assert parts(session, case) == ["availability"]


@pytest.mark.parametrize(
    "act",
    [
        lambda session, case: add_absence(
            session, case, TODAY, TODAY - timedelta(days=1), None, by="service", now=NOW
        ),
        lambda session, case: add_absence(
            session, case, TODAY, TODAY + timedelta(days=400), None, by="service", now=NOW
        ),
        lambda session, case: add_period(
            session,
            case,
            PeriodFacts(TODAY + timedelta(days=1), None, is_regular=True),
            by="service",
            now=NOW,
        ),
        lambda session, case: add_period(
            session,
            case,
            PeriodFacts(TODAY, TODAY - timedelta(days=1), is_regular=True),
            by="service",
            now=NOW,
        ),
        lambda session, case: add_period(
            session, case, PeriodFacts(TODAY, None, is_regular=True, hours_week=85), by="service", now=NOW
        ),
        lambda session, case: show_profile(
            session, case, True, on=TODAY + timedelta(days=1), by="service", now=NOW
        ),
    ],
)
def test_days_and_hours_that_cannot_be_leave_no_trace(session: Session, act: Callable[..., Any]) -> None:
    case = create_worker(session)
    with pytest.raises(PartRefused):
        act(session, case)
    assert parts(session, case) == []


def test_work_that_goes_on_is_ended_on_a_day_that_has_been(session: Session) -> None:
    case = create_worker(session)
    facts = PeriodFacts(date(2026, 1, 1), None, is_regular=True)
    row = add_period(session, case, facts, by="service", now=NOW)
    for day in (date(2025, 12, 31), TODAY + timedelta(days=1)):
        with pytest.raises(PartRefused):
            end_period(session, case, row.id, day, by="service", now=NOW)
    end_period(session, case, row.id, TODAY, by="service", now=NOW)
    assert row.ended_on == TODAY


def test_the_choice_to_show_the_profile_has_its_day(session: Session) -> None:
    case = create_worker(session, shows_profile=False)
    worker = session.get_one(CareWorker, case.id)
    show_profile(session, case, True, on=date(2026, 11, 30), by="service", now=NOW)
    assert (worker.shows_profile, worker.shows_profile_on) == (True, date(2026, 11, 30))
    show_profile(session, case, False, by="service", now=NOW)
    assert (worker.shows_profile, worker.shows_profile_on) == (False, TODAY)
    assert parts(session, case) == ["profile_shown", "profile_hidden"]


def test_an_interview_is_kept_as_a_draft_and_its_answers_change_the_intake_at_its_end(
    session: Session,
) -> None:
    case = create_worker(session)
    worker = session.get_one(CareWorker, case.id)
    keep_draft(session, case, {"years_experience": "ot"}, version=worker.version, by="service", now=NOW)
    with pytest.raises(ChangedMeanwhile):
        keep_draft(session, case, {}, version=worker.version - 1, by="service", now=NOW)
    assert case.intake["years_experience"] == 5
    answers: dict[str, Any] = {"years_experience": "otto", "skills": [], "municipalities": ["Milano"]}
    with pytest.raises(PartRefused) as refused:
        hold_interview(session, case, answers, None, on=None, version=None, by="service", now=NOW)
    assert list(refused.value.fields) == ["years_experience"]
    told = {"years_experience": 8, "languages": ["uk", "ro"], "skill_origins": {"elderly": ["family"]}}
    hold_interview(session, case, told, "bene", on=None, version=worker.version, by="service", now=NOW)
    assert (case.intake["years_experience"], worker.interview_draft, worker.interviewed_on) == (
        8,
        None,
        TODAY,
    )
    spoken = select(WorkerTrait.code).where(WorkerTrait.kind == TraitKind.LANGUAGE)
    assert sorted(session.scalars(spoken)) == ["ro", "uk"]
    assert session.scalars(select(WorkerSkill.origin)).all() == [SkillOrigin.FAMILY]
