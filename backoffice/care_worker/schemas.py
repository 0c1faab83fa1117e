"""Family assistants of the register as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from backoffice.care_worker.models import (
    Absence,
    CareWorker,
    Recognition,
    ReferenceAnswer,
    WantedDocument,
    WorkerReason,
    WorkerReference,
    WorkerSkill,
    WorkerState,
    WorkPeriod,
)
from backoffice.care_worker.view import WorkerView
from backoffice.case.models import Case
from backoffice.case.schemas import Document
from backoffice.client.schemas import CareSkill, CareWorkIntake, LanguageCode, SkillOrigin

Id = Annotated[str, Field(max_length=36)]
Words = Annotated[str, Field(max_length=200)]
Note = Annotated[str, Field(max_length=2000)]
Minute = Annotated[int, Field(ge=0, le=1440)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]


class WorkerIn(Document):
    """Somebody at the desk: known already by `person`, or new by name and telephone."""

    person: Id | None = None
    name: Words = ""
    phone: Words = ""
    language: LanguageCode = "it"
    municipality: Words


class ProfileChange(Document):
    """Answers that shall be different, by their names in the intake, and the version that was read."""

    version: Version
    answers: Annotated[dict[str, Any], Field(max_length=40)]


class WorkerMove(Document):
    """Another state; `documents` is what is still wanted, where documents are missing."""

    to: WorkerState
    reason: WorkerReason | None = None
    words: Note | None = None
    documents: list[WantedDocument] = Field(default=[], max_length=20)


class ProfileShown(Document):
    """The worker's own choice whether families see the profile, and the day on which it was said."""

    shown: bool
    on: date | None = None


class InterviewPlan(Document):
    """When and where the interview is."""

    at: AwareDatetime
    place: Words | None = None


class InterviewHeld(Document):
    """What came of an interview: answers that are new, and what was noted of it."""

    version: Version
    answers: dict[str, Any] = Field(default={}, max_length=40)
    words: Note | None = None
    on: date | None = None


class SkillIn(Document):
    """A skill and where it was gained."""

    skill: CareSkill
    origin: SkillOrigin
    years: int | None = None
    document: Id | None = None
    note: Note | None = None


class RecognitionIn(Document):
    """How the desk made sure of a skill."""

    how: Recognition
    on: date | None = None
    document: Id | None = None


class SkillOut(SkillIn):
    """A skill, with its recognition where it has one."""

    id: str
    recognition: Recognition | None
    recognised_on: date | None


class PeriodIn(Document):
    """A time of work in a home; hours are those of a week."""

    started_on: date
    ended_on: date | None = None
    is_regular: bool
    is_in_italy: bool = True
    hours_week: int | None = None
    document: Id | None = None
    note: Note | None = None


class PeriodOut(PeriodIn):
    """A time of work."""

    id: str


class ReferenceIn(Document):
    """A family that can tell of a worker."""

    name: Words
    phone: Words | None = None
    may_be_called: bool = False


class ReferenceOut(Document):
    """A reference; `phone` is left out where the worker does not allow a call."""

    id: str
    name: str
    phone: str | None
    may_be_called: bool
    answer: ReferenceAnswer | None
    called_on: date | None


class ReferenceCall(Document):
    """What came of a call, or whether one is allowed."""

    may_be_called: bool | None = None
    answer: ReferenceAnswer | None = None
    words: Note | None = None


class AbsenceIn(Document):
    """Days on which a worker cannot work; both belong to them."""

    from_on: date
    until_on: date
    note: Note | None = None


class AbsenceOut(AbsenceIn):
    """An absence."""

    id: str


class TimeSpan(Document):
    """A time of a weekday (Monday 0), in minutes of the day in Italy."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    from_minute: Minute
    to_minute: Minute


class Week(Document):
    """The usual week."""

    times: Annotated[list[TimeSpan], Field(max_length=28)]


class ProofIn(Document):
    """Whether a condition of the register is met; null: still to be proved."""

    is_met: bool | None
    shown_on: date | None = None
    document: Id | None = None
    note: Note | None = None


class RuleOut(Document):
    """A condition of the regional register: `state` is met, not_met or to_prove."""

    code: str
    state: str


class WorkerShort(Document):
    """A worker in a list."""

    id: str
    number: str
    version: int
    state: WorkerState
    reason: WorkerReason | None
    name: str | None
    skills: list[str]
    languages: list[str]
    schedules: list[str]
    municipalities: list[str]
    shows_profile: bool
    permit_expires_on: date | None
    registered_on: date | None
    updated_at: datetime


class WorkerOut(WorkerShort):
    """One worker with everything that belongs to them; reading one is noted."""

    phone: str | None
    answers: CareWorkIntake
    shows_profile_on: date | None
    documents_wanted: list[str]
    interview_at: datetime | None
    interview_place: str | None
    interviewed_on: date | None
    skill_rows: list[SkillOut]
    periods: list[PeriodOut]
    references: list[ReferenceOut]
    week: list[TimeSpan]
    absences: list[AbsenceOut]
    rules: list[RuleOut]


class WorkerList(Document):
    """Workers, whoever was changed last first."""

    items: list[WorkerShort]
    next: str | None


def short_out(worker: CareWorker) -> WorkerShort:
    """Return a worker as a list shows them."""
    return WorkerShort(**_short(worker, worker.case))


def worker_out(view: WorkerView) -> WorkerOut:
    """Return a worker with everything that belongs to them."""
    worker, case, parts = view.worker, view.case, view.parts
    return WorkerOut(
        **_short(worker, case),
        phone=case.person.phone,
        answers=CareWorkIntake.model_validate(case.intake),
        shows_profile_on=worker.shows_profile_on,
        documents_wanted=list(worker.documents_wanted or ()),
        interview_at=worker.interview_at,
        interview_place=worker.interview_place,
        interviewed_on=worker.interviewed_on,
        skill_rows=[skill_out(row) for row in parts.skills],
        periods=[period_out(row) for row in parts.periods],
        references=[reference_out(row) for row in parts.references],
        week=[
            TimeSpan(weekday=row.weekday, from_minute=row.from_minute, to_minute=row.to_minute)
            for row in parts.week
        ],
        absences=[absence_out(row) for row in parts.absences],
        rules=[RuleOut(code=rule.code, state=rule.state.value) for rule in view.rules],
    )


def skill_out(row: WorkerSkill) -> SkillOut:
    """Return a skill as JSON."""
    return SkillOut(
        id=row.id,
        skill=row.skill,
        origin=row.origin,
        years=row.years,
        document=row.document_id,
        note=row.note,
        recognition=row.recognition,
        recognised_on=row.recognised_on,
    )


def period_out(row: WorkPeriod) -> PeriodOut:
    """Return a time of work as JSON."""
    return PeriodOut(
        id=row.id,
        started_on=row.started_on,
        ended_on=row.ended_on,
        is_regular=row.is_regular,
        is_in_italy=row.is_in_italy,
        hours_week=row.hours_week,
        document=row.document_id,
        note=row.note,
    )


def reference_out(row: WorkerReference) -> ReferenceOut:
    """Return a reference as JSON."""
    return ReferenceOut(
        id=row.id,
        name=row.name,
        phone=row.phone if row.may_be_called else None,
        may_be_called=row.may_be_called,
        answer=row.answer,
        called_on=row.called_on,
    )


def absence_out(row: Absence) -> AbsenceOut:
    """Return an absence as JSON."""
    return AbsenceOut(id=row.id, from_on=row.from_on, until_on=row.until_on, note=row.note)


def _short(worker: CareWorker, case: Case) -> dict[str, Any]:
    asked: Mapping[str, Any] = case.intake
    names = ("skills", "languages", "schedules", "municipalities")
    return {
        **{name: list(asked.get(name) or ()) for name in names},
        "id": worker.case_id,
        "number": case.number,
        "version": worker.version,
        "state": worker.state,
        "reason": worker.reason,
        "name": case.person.name,
        "shows_profile": worker.shows_profile,
        "permit_expires_on": worker.permit_expires_on,
        "registered_on": worker.registered_on,
        "updated_at": worker.updated_at,
    }
