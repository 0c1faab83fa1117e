"""Who is erased leaves the register; the own copy tells what stands in it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.care_worker.models import CareWorker, WorkerReason, WorkerState
from backoffice.care_worker.service import change_profile
from backoffice.case.models import Case
from backoffice.own_copy.register import register_of
from backoffice.retention.care_workers import ROWS_OF_WORKER
from backoffice.retention.erase import erase_person
from tests.backoffice.care_worker.workers import create_worker_with_parts
from tests.backoffice.factories import NOW, create_staff


def test_nothing_of_somebody_who_is_erased_stays_in_the_register(session: Session) -> None:
    ids, staff = create_worker_with_parts(session), create_staff(session)
    other = create_worker_with_parts(session)
    case = session.get_one(Case, ids["worker_id"])
    change_profile(session, case, {"permit_expires_on": "2027-01-01"}, by=staff.id, now=NOW)
    erase_person(session, case.person_id, by=staff.id, now=NOW)
    for kind in ROWS_OF_WORKER:
        left = select(func.count()).select_from(kind).where(kind.case_id == ids["worker_id"])
        kept = select(func.count()).select_from(kind).where(kind.case_id == other["worker_id"])
        assert session.scalar(left) == 0, kind
        assert session.scalar(kept), kind
    worker = session.get_one(CareWorker, ids["worker_id"])
    assert (worker.state, worker.reason) == (WorkerState.REMOVED, WorkerReason.OTHER)
    assert (worker.shows_profile, worker.permit_expires_on) == (False, None)


def test_the_own_copy_tells_what_was_told_and_shown_but_not_what_a_family_said(session: Session) -> None:
    ids = create_worker_with_parts(session)
    entry = register_of(session, session.get_one(Case, ids["worker_id"]))
    assert entry is not None
    assert entry.state == "interview"
    assert [row.name for row in entry.references] == ["Rosa Inventata"]
    assert "words" not in type(entry.references[0]).model_fields
    assert (entry.week, entry.absences[0].from_on) == (["0 08:00-13:00"], date(2026, 12, 20))
    assert [row.rule for row in entry.proofs] == ["residence"]
