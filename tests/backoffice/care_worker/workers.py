"""A family assistant with one of everything, and one who meets every condition of the register."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backoffice.care_worker.availability import Span, add_absence, set_week
from backoffice.care_worker.eligibility import Proof
from backoffice.care_worker.models import WorkerState
from backoffice.care_worker.proofs import note_proof
from backoffice.care_worker.references import add_reference
from backoffice.care_worker.skills import SkillFacts, add_skill
from backoffice.care_worker.work import PeriodFacts, add_period
from backoffice.case.models import Case
from backoffice.client.schemas import CareSkill, SkillOrigin
from backoffice.person.models import PersonDetails
from backoffice.staff.models import Organisation
from tests.backoffice.care import create_worker
from tests.backoffice.factories import NOW

BY = "service"


def create_worker_with_parts(session: Session, *, organisation: Organisation | None = None) -> dict[str, str]:
    """Make a family assistant with one of everything; return the ids as addresses name them."""
    case = create_worker(session, state=WorkerState.INTERVIEW, organisation=organisation)
    skill = add_skill(session, case, SkillFacts(CareSkill.ELDERLY, SkillOrigin.FAMILY), by=BY, now=NOW)
    worked = PeriodFacts(date(2026, 1, 1), None, is_regular=True)
    period = add_period(session, case, worked, by=BY, now=NOW)
    reference = add_reference(
        session, case, "Rosa Inventata", "+390373000001", may_be_called=True, by=BY, now=NOW
    )
    set_week(session, case, [Span(0, 480, 780)], by=BY, now=NOW)
    absence = add_absence(session, case, date(2026, 12, 20), date(2027, 1, 6), "a casa", by=BY, now=NOW)
    note_proof(session, case, Proof.RESIDENCE, True, by=BY, now=NOW)
    return {
        "worker_id": case.id,
        "skill_id": skill.id,
        "period_id": period.id,
        "reference_id": reference.id,
        "absence_id": absence.id,
        "rule": Proof.IDENTITY.value,
    }


def create_eligible(session: Session, **answers: Any) -> Case:
    """Make a family assistant in the interview who meets every condition, each with its proof."""
    case = create_worker(session, state=WorkerState.INTERVIEW, **{"eu_citizen": False, **answers})
    give_birth_date(session, case, date(1985, 5, 17))
    for proof in Proof:
        note_proof(session, case, proof, True, shown_on=date(2026, 11, 2), by=BY, now=NOW)
    return case


def give_birth_date(session: Session, case: Case, day: date) -> None:
    """Write down when the person of a case was born."""
    details = PersonDetails(
        person_id=case.person_id, document={"born_on": day.isoformat()}, changed_by=BY, changed_at=NOW
    )
    session.add(details)
    session.flush()
