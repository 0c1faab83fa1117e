"""The interview of a family assistant: when it is, what was typed so far, and what came of it.

Functions flush, never commit; rights have been asked before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.care_worker.errors import ChangedMeanwhile, PartRefused
from backoffice.care_worker.interview_form import faults_of
from backoffice.care_worker.parts import note_of, part_changed
from backoffice.care_worker.service import change_profile, worker_of
from backoffice.care_worker.telling import tell_interview
from backoffice.case.history import require_open
from backoffice.case.models import Case
from backoffice.italy import day_in_italy

LONGEST_PLACE = 200


def plan_interview(
    session: Session, case: Case, at: datetime, place: str | None, *, by: str, now: datetime
) -> bool:
    """Fix when and where the interview is, and tell the person; tell whether they could be written to.

    Raises:
        PartRefused: a moment that is past, or a place that is too long.
        CaseIsClosed: the case has to be reopened first.
    """
    where = (place or "").strip() or None
    if at <= now:
        raise PartRefused({"at": "care_workers.wrong.past_moment"})
    if where and len(where) > LONGEST_PLACE:
        raise PartRefused({"place": "care_workers.wrong.long"})
    worker = worker_of(session, case, now=now)
    if (worker.interview_at, worker.interview_place) == (at, where):
        return False
    worker.interview_at, worker.interview_place = at, where
    part_changed(session, case, "interview_planned", by=by, now=now)
    return tell_interview(session, case, worker, now=now)


def keep_draft(
    session: Session, case: Case, typed: Mapping[str, Any], *, version: int | None, by: str, now: datetime
) -> None:
    """Keep what was typed of an interview, as it was typed.

    Raises:
        ChangedMeanwhile: somebody else changed the profile after `version`.
        CaseIsClosed: the case has to be reopened first.
    """
    require_open(case)
    worker = worker_of(session, case, now=now)
    if version is not None and version != worker.version:
        raise ChangedMeanwhile
    worker.interview_draft = dict(typed)
    worker.version += 1
    worker.updated_at = now
    action = "case.interview.draft"
    audit.record(session, by=by, action=action, subject_kind="case", subject_id=case.id, now=now)
    session.flush()


def hold_interview(
    session: Session,
    case: Case,
    answers: Mapping[str, Any],
    words: str | None,
    *,
    on: date | None,
    version: int | None,
    by: str,
    now: datetime,
) -> None:
    """Write down what was said: answers change the intake, the draft is no longer needed.

    Raises:
        ChangedMeanwhile: somebody else changed the profile after `version`.
        PartRefused: answers that do not fit; each is named.
        CaseIsClosed: the case has to be reopened first.
    """
    require_open(case)
    worker, today = worker_of(session, case, now=now), day_in_italy(now)
    if version is not None and version != worker.version:
        raise ChangedMeanwhile
    wrong = faults_of(case.intake, answers)
    if on is not None and on > today:
        wrong["interviewed_on"] = "care_workers.wrong.future"
    if wrong:
        raise PartRefused(wrong)
    change_profile(session, case, dict(answers), by=by, now=now)
    worker.interviewed_on = on or today
    worker.interview_words = note_of(words)
    worker.interview_draft = None
    part_changed(session, case, "interview_held", by=by, now=now)
