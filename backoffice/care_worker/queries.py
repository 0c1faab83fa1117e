"""Family assistants as a list, and what belongs to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from backoffice.care_worker.models import (
    Absence,
    AvailableTime,
    CareWorker,
    EligibilityProof,
    TraitKind,
    WorkerReference,
    WorkerSkill,
    WorkerState,
    WorkerTrait,
    WorkPeriod,
)
from backoffice.care_worker.permits import DAYS_BEFORE
from backoffice.care_worker.states import ENDED
from backoffice.case.models import Case
from backoffice.client.schemas import CareSchedule, CareSkill
from backoffice.paging import newest_first
from backoffice.search.models import Indexed
from backoffice.search.service import Place, finds


@dataclass(frozen=True)
class WorkerFilters:
    """What narrows a list. `permit_ends`: only those whose permit ends within 60 days of `today`, or has."""

    today: date
    state: WorkerState | None = None
    skill: CareSkill | None = None
    language: str | None = None
    schedule: CareSchedule | None = None
    municipality: str | None = None
    permit_ends: bool = False
    shows_profile: bool | None = None
    q: str = ""


@dataclass(frozen=True)
class WorkerPage:
    """One page of a list, and the cursor of the next."""

    workers: Sequence[CareWorker]
    next: str | None


@dataclass(frozen=True)
class WorkerParts:
    """What belongs to one family assistant."""

    skills: Sequence[WorkerSkill]
    periods: Sequence[WorkPeriod]
    references: Sequence[WorkerReference]
    proofs: dict[str, EligibilityProof]
    week: Sequence[AvailableTime]
    absences: Sequence[Absence]


def filtered_workers(
    session: Session, statement: Select[CareWorker], filters: WorkerFilters
) -> Select[CareWorker]:
    """Narrow a statement that is joined with cases; words are looked for in names, telephones, numbers."""
    if filters.state is not None:
        statement = statement.where(CareWorker.state == filters.state)
    traits = {
        TraitKind.SKILL: filters.skill,
        TraitKind.LANGUAGE: filters.language,
        TraitKind.SCHEDULE: filters.schedule,
        TraitKind.TOWN: filters.municipality,
    }
    for kind, code in traits.items():
        if code:
            statement = statement.where(
                exists().where(
                    WorkerTrait.case_id == CareWorker.case_id,
                    WorkerTrait.kind == kind,
                    WorkerTrait.code == str(code),
                )
            )
    if filters.permit_ends:
        last = filters.today + timedelta(days=DAYS_BEFORE)
        statement = statement.where(CareWorker.permit_expires_on <= last, CareWorker.state.not_in(ENDED))
    if filters.shows_profile is not None:
        statement = statement.where(CareWorker.shows_profile.is_(filters.shows_profile))
    if filters.q.strip():
        places = Place(Indexed.PERSON, Case.person_id), Place(Indexed.CASE, CareWorker.case_id)
        statement = statement.where(finds(session, filters.q, *places))
    return statement


def page_of_workers(
    session: Session, statement: Select[CareWorker], *, limit: int, cursor: str | None
) -> WorkerPage:
    """Return one page, whoever was changed last first.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    statement = statement.options(joinedload(CareWorker.case).joinedload(Case.person))
    order = (CareWorker.updated_at, CareWorker.case_id)
    return WorkerPage(*newest_first(session, statement, *order, limit=limit, cursor=cursor))


def count_workers(session: Session, statement: Select[CareWorker]) -> int:
    """Return how many family assistants a statement finds."""
    found = statement.with_only_columns(CareWorker.case_id).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def parts_of(session: Session, case_id: str) -> WorkerParts:
    """Return what belongs to one family assistant, each list in the order in which it is read."""
    skills = select(WorkerSkill).where(WorkerSkill.case_id == case_id)
    periods = select(WorkPeriod).where(WorkPeriod.case_id == case_id)
    references = select(WorkerReference).where(WorkerReference.case_id == case_id)
    proofs = select(EligibilityProof).where(EligibilityProof.case_id == case_id)
    week = select(AvailableTime).where(AvailableTime.case_id == case_id)
    absences = select(Absence).where(Absence.case_id == case_id)
    return WorkerParts(
        skills=session.scalars(skills.order_by(WorkerSkill.skill, WorkerSkill.origin)).all(),
        periods=session.scalars(periods.order_by(WorkPeriod.started_on.desc(), WorkPeriod.id)).all(),
        references=session.scalars(references.order_by(WorkerReference.id)).all(),
        proofs={row.rule: row for row in session.scalars(proofs)},
        week=session.scalars(week.order_by(AvailableTime.weekday, AvailableTime.from_minute)).all(),
        absences=session.scalars(absences.order_by(Absence.from_on, Absence.id)).all(),
    )
