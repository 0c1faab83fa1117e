"""What becomes of an entry in the register when its person is erased: nobody is proposed any more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from backoffice.care_worker.models import (
    Absence,
    AvailableTime,
    CareWorker,
    EligibilityProof,
    WorkerReason,
    WorkerReference,
    WorkerSkill,
    WorkerState,
    WorkerTrait,
    WorkPeriod,
)
from backoffice.care_worker.states import ENDED

ROWS_OF_WORKER: tuple[type[Any], ...] = (
    WorkerTrait,
    WorkerSkill,
    WorkPeriod,
    WorkerReference,
    EligibilityProof,
    AvailableTime,
    Absence,
)
"""Rows that would still tell what somebody can do, and when, by their `case_id`."""


def end_register(session: Session, cases: Iterable[str]) -> None:
    """Take who is erased out of the register. States, their days and reasons stay: statistics still count."""
    ids = list(cases)
    gone = {
        "shows_profile": False,
        "shows_profile_on": None,
        "permit_expires_on": None,
        "permit_told_for": None,
        "interview_at": None,
    }
    session.execute(update(CareWorker).where(CareWorker.case_id.in_(ids)).values(gone))
    session.execute(
        update(CareWorker)
        .where(CareWorker.case_id.in_(ids), CareWorker.state.not_in(ENDED))
        .values(state=WorkerState.REMOVED, reason=WorkerReason.OTHER)
    )
