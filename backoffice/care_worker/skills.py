"""Skills of family assistants: where they were gained, what shows it, and who recognised them.

Functions flush, never commit; rights have been asked before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_worker.errors import EvidenceMissing, KnownAlready, PartRefused
from backoffice.care_worker.models import (
    Recognition,
    ReferenceAnswer,
    WorkerReference,
    WorkerSkill,
)
from backoffice.care_worker.parts import note_of, part_changed, require_document, row_of
from backoffice.case.models import Case
from backoffice.client.schemas import CareSkill, SkillOrigin
from backoffice.italy import day_in_italy

MOST_YEARS = 60
BY_DOCUMENT = frozenset({Recognition.DOCUMENT_SEEN, Recognition.CERTIFIED})
"""Ways to recognise a skill that rest on a paper."""


@dataclass(frozen=True)
class SkillFacts:
    """A skill, where it was gained, for how many years, and the document that shows it."""

    skill: CareSkill
    origin: SkillOrigin
    years: int | None = None
    document_id: str | None = None
    note: str | None = None


def declare_skills(session: Session, case: Case) -> None:
    """Write down the skills whose origin the intake tells. What was recognised or shown stays."""
    told = {
        (CareSkill(skill), SkillOrigin(origin))
        for skill, origins in (case.intake.get("skill_origins") or {}).items()
        for origin in origins
    }
    known = {
        (row.skill, row.origin): row
        for row in session.scalars(select(WorkerSkill).where(WorkerSkill.case_id == case.id))
    }
    session.add_all(
        WorkerSkill(case_id=case.id, skill=skill, origin=origin)
        for skill, origin in sorted(told - known.keys())
    )
    session.flush()


def add_skill(session: Session, case: Case, facts: SkillFacts, *, by: str, now: datetime) -> WorkerSkill:
    """Write down a skill with its origin.

    Raises:
        KnownAlready: it is there with that origin.
        NotFound: the case has no such document.
        PartRefused: years that nobody has worked.
        CaseIsClosed: the case has to be reopened first.
    """
    if facts.years is not None and not 0 <= facts.years <= MOST_YEARS:
        raise PartRefused({"years": "care_workers.wrong.years"})
    require_document(session, case, facts.document_id)
    same = select(WorkerSkill.id).where(
        WorkerSkill.case_id == case.id, WorkerSkill.skill == facts.skill, WorkerSkill.origin == facts.origin
    )
    if session.scalar(same) is not None:
        raise KnownAlready
    row = WorkerSkill(
        case_id=case.id,
        skill=facts.skill,
        origin=facts.origin,
        years=facts.years,
        document_id=facts.document_id,
        note=note_of(facts.note),
    )
    session.add(row)
    part_changed(session, case, "skill_added", by=by, now=now)
    return row


def remove_skill(session: Session, case: Case, skill_id: str, *, by: str, now: datetime) -> None:
    """Take a skill away again.

    Raises:
        NotFound: the profile has no such skill.
        CaseIsClosed: the case has to be reopened first.
    """
    session.delete(row_of(session, case, WorkerSkill, skill_id))
    part_changed(session, case, "skill_removed", by=by, now=now)


def recognise_skill(
    session: Session,
    case: Case,
    skill_id: str,
    how: Recognition,
    *,
    on: date | None = None,
    document_id: str | None = None,
    by: str,
    now: datetime,
) -> WorkerSkill:
    """Note that the desk made sure of a skill; again changes how and when.

    Args:
        session: the transaction.
        case: of the family assistant.
        skill_id: of the profile.
        how: what the desk relies on.
        on: a day in Italy, today where it is left out.
        document_id: what was seen; of the skill already where it is left out.
        by: a staff id.
        now: the present moment.

    Raises:
        EvidenceMissing: no document, or no reference that spoke well of the person.
        NotFound: the profile has no such skill, or the case no such document.
        PartRefused: a day that is still to come.
        CaseIsClosed: the case has to be reopened first.
    """
    row = row_of(session, case, WorkerSkill, skill_id)
    require_document(session, case, document_id)
    today = day_in_italy(now)
    if on is not None and on > today:
        raise PartRefused({"on": "care_workers.wrong.future"})
    shown_by = document_id or row.document_id
    if how in BY_DOCUMENT and shown_by is None:
        raise EvidenceMissing("document")
    if how is Recognition.REFERENCE_CALLED and not _has_good_reference(session, case):
        raise EvidenceMissing("reference")
    row.recognition, row.recognised_on, row.recognised_by = how, on or today, by
    row.document_id = shown_by
    part_changed(session, case, "skill_recognised", by=by, now=now)
    return row


def undo_recognition(session: Session, case: Case, skill_id: str, *, by: str, now: datetime) -> WorkerSkill:
    """Take a recognition back; a skill that has none changes nothing.

    Raises:
        NotFound: the profile has no such skill.
        CaseIsClosed: the case has to be reopened first.
    """
    row = row_of(session, case, WorkerSkill, skill_id)
    if row.recognition is not None:
        row.recognition = row.recognised_on = row.recognised_by = None
        part_changed(session, case, "recognition_undone", by=by, now=now)
    return row


def _has_good_reference(session: Session, case: Case) -> bool:
    called = select(WorkerReference.id).where(
        WorkerReference.case_id == case.id, WorkerReference.answer == ReferenceAnswer.GOOD
    )
    return session.scalar(called.limit(1)) is not None
