"""What a copy tells of the register of family assistants: what was told, shown and decided.

Of a reference the copy has what the person told of it and whether it was called; what a family said is
theirs too, and only the desk's answer to a request gives it.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from backoffice.care_worker.models import CareWorker
from backoffice.care_worker.queries import parts_of
from backoffice.case.models import Case
from backoffice.own_copy.care_shape import (
    AbsentDays,
    GainedSkill,
    ProvedRule,
    RegisterEntry,
    ToldOf,
    WorkedTime,
)


def register_of(session: Session, case: Case) -> RegisterEntry | None:
    """Return the entry of a case in the register; None: it has none."""
    worker = session.get(CareWorker, case.id)
    if worker is None:
        return None
    parts = parts_of(session, case.id)
    return RegisterEntry(
        state=worker.state,
        since=worker.state_since,
        reason=worker.reason,
        reason_words=worker.reason_words,
        registered_on=worker.registered_on,
        permit_expires_on=worker.permit_expires_on,
        shows_profile=worker.shows_profile,
        shows_profile_on=worker.shows_profile_on,
        documents_wanted=list(worker.documents_wanted or ()),
        interview_at=worker.interview_at,
        interviewed_on=worker.interviewed_on,
        interview_words=worker.interview_words,
        skills=[
            GainedSkill(
                skill=row.skill,
                origin=row.origin,
                years=row.years,
                recognition=row.recognition,
                recognised_on=row.recognised_on,
                note=row.note,
            )
            for row in parts.skills
        ],
        work=[
            WorkedTime(
                started_on=row.started_on,
                ended_on=row.ended_on,
                is_regular=row.is_regular,
                is_in_italy=row.is_in_italy,
                hours_week=row.hours_week,
                note=row.note,
            )
            for row in parts.periods
        ],
        references=[
            ToldOf(name=row.name, phone=row.phone, may_be_called=row.may_be_called, called_on=row.called_on)
            for row in parts.references
        ],
        proofs=[
            ProvedRule(rule=row.rule, is_met=row.is_met, shown_on=row.shown_on, note=row.note)
            for row in parts.proofs.values()
        ],
        week=[f"{row.weekday} {_clock(row.from_minute)}-{_clock(row.to_minute)}" for row in parts.week],
        absences=[
            AbsentDays(from_on=row.from_on, until_on=row.until_on, note=row.note) for row in parts.absences
        ],
    )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
