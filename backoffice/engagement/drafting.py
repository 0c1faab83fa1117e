"""The draft of a contract: from a match, or by hand for a request and a family assistant.

Functions flush, never commit. Rights have been asked before.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_match.models import CareMatch, CareMatchState
from backoffice.care_request.service import lock_request
from backoffice.case.history import require_open
from backoffice.case.models import Case
from backoffice.client.schemas import CareCertificate, CareSchedule, CaseType, DomesticTask
from backoffice.engagement.errors import MatchNotReady, NotThoseCases
from backoffice.engagement.models import Engagement, EngagementState, EngagementTerms
from backoffice.engagement.moves import changed, happened
from backoffice.engagement.rates import proposal_of
from backoffice.engagement.steps import plan_steps

READY = frozenset({CareMatchState.BOTH_INTERESTED, CareMatchState.INTERVIEW, CareMatchState.TRIAL})
"""Matches that a contract is drafted from."""

_TRAINED = frozenset({CareCertificate.ASA, CareCertificate.OSS})


def draft_from_match(session: Session, match: CareMatch, *, by: str, now: datetime) -> Engagement:
    """Return the contract of a match, drafted now if there is none; one that was dropped begins anew.

    Raises:
        MatchNotReady: not both are interested, or its contract came to its end.
        CaseIsClosed: one of the two cases has to be reopened first.
    """
    found = session.scalars(select(Engagement).where(Engagement.match_id == match.id)).one_or_none()
    if found is not None and found.state is EngagementState.ENDED:
        raise MatchNotReady
    if found is not None and found.state is not EngagementState.DROPPED:
        return found
    if match.state not in READY:
        raise MatchNotReady
    request, worker = open_cases(session, match.request_id, match.worker_id)
    if found is not None:
        _begin_anew(session, found, by=by, now=now)
        return found
    return _draft(session, request, worker, match.id, by=by, now=now)


def draft_by_hand(session: Session, request: Case, worker: Case, *, by: str, now: datetime) -> Engagement:
    """Draft a contract for two cases; a match of theirs that is ready belongs to it.

    Raises:
        NotThoseCases: it is not a family's request and a family assistant of one body.
        CaseIsClosed: one of the two cases has to be reopened first.
    """
    kinds = (request.type, worker.type)
    if kinds != (CaseType.CARE_REQUEST, CaseType.CARE_WORK):
        raise NotThoseCases
    if request.organisation_id != worker.organisation_id:
        raise NotThoseCases
    pair = select(CareMatch).where(CareMatch.request_id == request.id, CareMatch.worker_id == worker.id)
    match = session.scalars(pair).one_or_none()
    if match is not None and match.state in READY:
        return draft_from_match(session, match, by=by, now=now)
    open_cases(session, request.id, worker.id)
    return _draft(session, request, worker, None, by=by, now=now)


def open_cases(session: Session, request_id: str, worker_id: str) -> tuple[Case, Case]:
    """Return both cases of a contract for a change; the request is locked.

    Raises:
        CaseIsClosed: one of the two has to be reopened first.
    """
    request, worker = session.get_one(Case, request_id), session.get_one(Case, worker_id)
    require_open(request)
    require_open(worker)
    lock_request(session, request.id)
    return request, worker


def _draft(
    session: Session, request: Case, worker: Case, match_id: str | None, *, by: str, now: datetime
) -> Engagement:
    tasks = [DomesticTask(code) for code in request.intake.get("tasks", [])]
    certificates = set(worker.intake.get("certificates", []))
    is_trained = True if certificates & {each.value for each in _TRAINED} else None
    starts = request.intake.get("start_from")
    starts_on = date.fromisoformat(starts) if starts else None
    by_tasks = proposal_of(tasks, is_trained=is_trained, on=starts_on).level
    engagement = Engagement(
        organisation_id=request.organisation_id,
        match_id=match_id,
        request_id=request.id,
        worker_id=worker.id,
        state=EngagementState.DRAFT,
        state_since=now,
        tasks=[task.value for task in tasks],
        is_trained=is_trained,
        level_by_tasks=by_tasks,
        level=by_tasks,
        live_in=CareSchedule.LIVE_IN.value in request.intake.get("schedules", []),
        hours_week=request.intake.get("hours_week"),
        place=request.intake.get("municipality"),
        starts_on=starts_on,
        created_by=by,
        created_at=now,
        updated_at=now,
    )
    session.add(engagement)
    session.flush()
    happened(session, engagement, None, by=by, now=now)
    plan_steps(session, engagement, worker)
    return engagement


def _begin_anew(session: Session, engagement: Engagement, *, by: str, now: datetime) -> None:
    for name in ("signed_on", "contract_given_on", "inps_told_at", "inps_number", "hospitality_on"):
        setattr(engagement, name, None)
    engagement.minimum_eur = engagement.minimum_table = engagement.checked_on = None
    for row in session.scalars(
        select(EngagementTerms).where(EngagementTerms.engagement_id == engagement.id)
    ).all():
        session.delete(row)
    before, engagement.state, engagement.state_since = engagement.state, EngagementState.DRAFT, now
    changed(engagement, now)
    happened(session, engagement, before, by=by, now=now)
