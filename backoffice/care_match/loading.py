"""From the database to the sides of matching: nothing of who somebody is is read.

The workers of a body are kept in the memory of the process, as matching knows them: reading thousands of
sealed answers takes a second. Whatever changes one is an event of the case, whose number is the case's
version: who changed is read anew. The gender of a worker is read only for a person's wish, and never kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from backoffice.care_match.contracts import hours_taken
from backoffice.care_match.sides import Register, Worker, worker_of_answers
from backoffice.care_match.tables import WorkerTable
from backoffice.care_worker.models import (
    Absence,
    AvailableTime,
    CareWorker,
    ReferenceAnswer,
    WorkerReference,
    WorkerSkill,
    WorkerState,
)
from backoffice.case.models import Case
from backoffice.client.schemas import CaseType, GenderWished, Phase
from backoffice.person.models import PersonDetails

_WOMAN = frozenset({"donna", "femmina", "f", "woman", "female"})
_MAN = frozenset({"uomo", "maschio", "m", "man", "male"})

Stamp = tuple[int, int, int]
Statement = Select[*tuple[Any, ...]]


@dataclass
class _Kept:
    """The workers of one body on one day, by case, with the versions that they were read at."""

    today: date
    stamp: Stamp | None = None
    versions: dict[str, tuple[int, int]] = field(default_factory=dict)
    workers: dict[str, Worker] = field(default_factory=dict)
    table: WorkerTable = field(default_factory=lambda: WorkerTable({}))


class WorkerShelf:
    """The workers of each body as matching knows them. One a process; threads may share it."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._lock = Lock()

    def table_of(self, session: Session, organisation_id: str, *, today: date) -> WorkerTable:
        """Return every worker of a body who may be proposed, as they are now."""
        stamp = _stamp(session, organisation_id)
        kept = self._kept.get(organisation_id)
        if kept is not None and kept.today == today and kept.stamp == stamp:
            return kept.table
        fresh = _renewed(session, organisation_id, kept if kept and kept.today == today else None, today)
        fresh.stamp = stamp
        with self._lock:
            self._kept[organisation_id] = fresh
        return fresh.table

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._kept.clear()


def read_workers(
    session: Session, organisation_id: str, cases: Sequence[str] | None, *, today: date
) -> dict[str, Worker]:
    """Return workers as matching knows them, by case; None: all who may be proposed."""
    asked = CareWorker.case_id.in_(cases) if cases is not None else _is_proposed(organisation_id)
    statement = (
        select(Case.id, Case.intake, CareWorker.state, CareWorker.shows_profile, CareWorker.permit_expires_on)
        .join(CareWorker, CareWorker.case_id == Case.id)
        .where(CareWorker.organisation_id == organisation_id, asked)
    )
    rows = session.execute(statement).all()
    more = _Register(session, organisation_id, asked, cases, today)
    return {row.id: worker_of_answers(row.id, row.intake, more.of(row), today=today) for row in rows}


def genders_of(session: Session, cases: Iterable[str]) -> dict[str, GenderWished]:
    """Return whether the people of some cases are women or men, where they said so themselves."""
    statement = (
        select(Case.id, PersonDetails.document)
        .join(PersonDetails, PersonDetails.person_id == Case.person_id)
        .where(Case.id.in_(list(cases)))
    )
    found = {row.id: _gender((row.document or {}).get("gender")) for row in session.execute(statement)}
    return {case_id: said for case_id, said in found.items() if said is not None}


class _Register:
    """What the register says of some workers, read in one statement a table."""

    def __init__(
        self,
        session: Session,
        organisation_id: str,
        asked: ColumnElement[bool],
        cases: Sequence[str] | None,
        today: date,
    ) -> None:
        of_asked = select(CareWorker.case_id).where(CareWorker.organisation_id == organisation_id, asked)
        skills = select(WorkerSkill.case_id, WorkerSkill.skill).where(WorkerSkill.recognition.is_not(None))
        self.skills = _gathered(session, skills.where(WorkerSkill.case_id.in_(of_asked)))
        good = select(WorkerReference.case_id, WorkerReference.id).where(
            WorkerReference.answer == ReferenceAnswer.GOOD, WorkerReference.case_id.in_(of_asked)
        )
        self.references = _gathered(session, good)
        times = select(AvailableTime.case_id, AvailableTime.weekday).distinct()
        self.days = _gathered(session, times.where(AvailableTime.case_id.in_(of_asked)))
        away = select(Absence.case_id, Absence.from_on, Absence.until_on).where(
            Absence.until_on >= today, Absence.case_id.in_(of_asked)
        )
        self.absences: dict[str, list[tuple[date, date]]] = defaultdict(list)
        for case_id, from_on, until_on in session.execute(away):
            self.absences[case_id].append((from_on, until_on))
        self.engaged = hours_taken(session, organisation_id, on=today, workers=cases)

    def of(self, row: Row[Any]) -> Register:
        """Return what it says of one."""
        hours, lives_in = self.engaged.get(row.id, (0, False))
        return Register(
            state=row.state,
            shows_profile=row.shows_profile,
            permit_expires_on=row.permit_expires_on,
            recognised=tuple(sorted(self.skills.get(row.id, ()))),
            good_references=len(self.references.get(row.id, ())),
            free_days=tuple(sorted(self.days.get(row.id, ()))),
            absences=tuple(sorted(self.absences.get(row.id, ()))),
            engaged_hours=hours,
            lives_in=lives_in,
        )


def _is_proposed(organisation_id: str) -> ColumnElement[bool]:
    return CareWorker.case_id.in_(_of_proposed(select(CareWorker.case_id), organisation_id))


def _of_proposed(statement: Statement, organisation_id: str) -> Statement:
    return statement.join(Case, Case.id == CareWorker.case_id).where(
        CareWorker.organisation_id == organisation_id,
        CareWorker.state == WorkerState.REGISTERED,
        CareWorker.shows_profile,
        Case.type == CaseType.CARE_WORK,
        Case.phase != Phase.CLOSED,
    )


def _stamp(session: Session, organisation_id: str) -> Stamp:
    asked = select(func.count(), func.max(Case.version), func.sum(CareWorker.version)).select_from(CareWorker)
    count, newest, changes = session.execute(_of_proposed(asked, organisation_id)).one()
    return count, newest or 0, int(changes or 0)


def _renewed(session: Session, organisation_id: str, kept: _Kept | None, today: date) -> _Kept:
    """Return the workers of a body, reading only those that changed since they were kept."""
    asked = _of_proposed(select(CareWorker.case_id, Case.version, CareWorker.version), organisation_id)
    versions = {row[0]: (row[1], row[2]) for row in session.execute(asked)}
    before = kept or _Kept(today)
    changed = [key for key, version in versions.items() if before.versions.get(key) != version]
    read = read_workers(
        session, organisation_id, changed if len(changed) < len(versions) else None, today=today
    )
    workers = {
        key: read.get(key) or before.workers[key] for key in versions if key in read or key in before.workers
    }
    return _Kept(today, None, versions, workers, WorkerTable(workers))


def _gathered(session: Session, statement: Statement) -> dict[str, set[Any]]:
    found: dict[str, set[Any]] = defaultdict(set)
    for case_id, value in session.execute(statement):
        found[case_id].add(value)
    return found


def _gender(said: str | None) -> GenderWished | None:
    plain = (said or "").strip().casefold()
    return GenderWished.WOMAN if plain in _WOMAN else GenderWished.MAN if plain in _MAN else None
