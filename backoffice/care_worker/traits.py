"""By what lists of family assistants are narrowed: some answers, written beside the encrypted intake."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backoffice.care_worker.models import TraitKind, WorkerTrait
from backoffice.case.models import Case

_ANSWERS = {
    TraitKind.SKILL: "skills",
    TraitKind.LANGUAGE: "languages",
    TraitKind.SCHEDULE: "schedules",
    TraitKind.TOWN: "municipalities",
}
_LONGEST = 80


def write_traits(session: Session, case: Case) -> None:
    """Write the answers of a case anew."""
    session.execute(delete(WorkerTrait).where(WorkerTrait.case_id == case.id))
    for kind, answer in _ANSWERS.items():
        codes = dict.fromkeys(str(each)[:_LONGEST] for each in case.intake.get(answer) or ())
        session.add_all(WorkerTrait(kind=kind, code=code, case_id=case.id) for code in codes)
    session.flush()
