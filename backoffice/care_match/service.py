"""What is done with matches: proposed, told, answered by each side. Functions flush, never commit.

Each act is an event of the match and of the family's case; of the worker's case too, without a word on the
family. Rights have been asked before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_match.consequences import CONSEQUENCES, REASONS_OF, Consequence
from backoffice.care_match.errors import CareMoveRefused, CareReasonMissing, WorkerNotFree
from backoffice.care_match.models import (
    CareMatch,
    CareMatchEvent,
    CareMatchState,
    CareRefusal,
    CareSide,
)
from backoffice.care_match.states import MOVES, OPEN
from backoffice.care_request.models import RequestState, WishGround
from backoffice.care_request.service import advance_request, refuse_wish
from backoffice.care_worker.models import CareWorker, WorkerState
from backoffice.case.history import record_event, require_open
from backoffice.case.models import Case, CaseEventKind

FAR_AWAY = timedelta(days=365 * 50)
_REQUEST_AFTER = {
    CareMatchState.PROPOSED: RequestState.MATCHING,
    CareMatchState.FAMILY_INFORMED: RequestState.CANDIDATES_SENT,
    CareMatchState.INTERVIEW: RequestState.INTERVIEWS,
    CareMatchState.TRIAL: RequestState.TRIAL,
}
"""How far a match brings the request of its family."""


def propose(
    session: Session,
    request: Case,
    worker: Case,
    *,
    score: float,
    reasons: Sequence[str],
    by: str,
    now: datetime,
) -> CareMatch:
    """Propose a worker to a family and return the match; one that is there already stays as it is.

    Raises:
        WorkerNotFree: the worker is not in the register, or did not agree to be shown.
        CaseIsClosed: one of the two cases has to be reopened first.
    """
    require_open(request)
    require_open(worker)
    found = session.scalars(
        select(CareMatch).where(CareMatch.request_id == request.id, CareMatch.worker_id == worker.id)
    ).one_or_none()
    if found is not None:
        return found
    require_free(session, worker)
    match = CareMatch(
        organisation_id=request.organisation_id,
        request=request,
        request_id=request.id,
        worker=worker,
        worker_id=worker.id,
        state=CareMatchState.PROPOSED,
        state_since=now,
        score=score,
        reasons=list(reasons),
        created_by=by,
        created_at=now,
    )
    session.add(match)
    session.flush()
    _happened(session, match, None, by=by, now=now)
    advance_request(session, request, RequestState.MATCHING, by=by, now=now)
    return match


def move_match(session: Session, match: CareMatch, to: CareMatchState, *, by: str, now: datetime) -> None:
    """Move a match on, and the family's request with it; a no goes through `refuse`.

    Raises:
        CareMoveRefused: no rule leads there from here.
    """
    if match.state is to:
        return
    if to not in MOVES[match.state] or to is CareMatchState.REFUSED:
        raise CareMoveRefused
    _move(session, match, to, by=by, now=now)


def accept(session: Session, match: CareMatch, side: CareSide, *, by: str, now: datetime) -> None:
    """Note the interest of a side; when both have said it, each learns who the other is.

    Raises:
        CareMoveRefused: the match has come to an end.
    """
    if match.state not in OPEN:
        raise CareMoveRefused
    if side is CareSide.WORKER:
        match.worker_said = True
    else:
        match.family_said = True
    match.version += 1
    if match.family_said and match.worker_said and CareMatchState.BOTH_INTERESTED in MOVES[match.state]:
        _move(session, match, CareMatchState.BOTH_INTERESTED, by=by, now=now)
    session.flush()


def refuse(
    session: Session,
    match: CareMatch,
    side: CareSide,
    reason: CareRefusal,
    *,
    words: str | None,
    by: str,
    now: datetime,
) -> Consequence:
    """Note a no with its reason, and let follow what follows from it.

    Raises:
        CareReasonMissing: it is not a reason that this side can give.
        CareMoveRefused: it was refused already.
    """
    if reason not in REASONS_OF[side]:
        raise CareReasonMissing
    if CareMatchState.REFUSED not in MOVES[match.state]:
        raise CareMoveRefused
    consequence = CONSEQUENCES[reason]
    if side is CareSide.WORKER:
        match.worker_said = False
    elif side is CareSide.FAMILY:
        match.family_said = False
    match.refused_by, match.refusal, match.refusal_words = side, reason, words
    days = consequence.not_again_days
    match.not_again_before = (now + (FAR_AWAY if days is None else timedelta(days=days))).date()
    _move(session, match, CareMatchState.REFUSED, by=by, now=now)
    if consequence.counts_unlawful_wish:
        case = session.get_one(Case, match.request_id)
        refuse_wish(session, case, WishGround.OTHER, by=by, now=now)
    return consequence


def propose_again(session: Session, match: CareMatch, *, by: str, now: datetime) -> None:
    """Take a no back: the offer has changed, or it was a mistake.

    Raises:
        CareMoveRefused: it was neither refused nor withdrawn.
        WorkerNotFree: the worker may not be proposed now.
    """
    if CareMatchState.PROPOSED not in MOVES[match.state]:
        raise CareMoveRefused
    require_free(session, session.get_one(Case, match.worker_id))
    match.refused_by = match.refusal = match.refusal_words = match.not_again_before = None
    match.family_said = match.worker_said = None
    _move(session, match, CareMatchState.PROPOSED, by=by, now=now)


def require_free(session: Session, worker: Case) -> None:
    """Let pass only who is in the register and agreed to be shown.

    Raises:
        WorkerNotFree: neither, or not any more.
    """
    entry = session.get(CareWorker, worker.id)
    if entry is None or entry.state is not WorkerState.REGISTERED or not entry.shows_profile:
        raise WorkerNotFree


def _move(session: Session, match: CareMatch, to: CareMatchState, *, by: str, now: datetime) -> None:
    before, match.state, match.state_since = match.state, to, now
    match.version += 1
    _happened(session, match, before, by=by, now=now)
    if further := _REQUEST_AFTER.get(to):
        advance_request(session, session.get_one(Case, match.request_id), further, by=by, now=now)


def _happened(
    session: Session, match: CareMatch, before: CareMatchState | None, *, by: str, now: datetime
) -> None:
    session.add(CareMatchEvent(match_id=match.id, before=before, after=match.state, actor=by, at=now))
    for case_id in (match.request_id, match.worker_id):
        case = session.get_one(Case, case_id)
        record_event(
            session,
            case,
            CaseEventKind.CARE_MATCH_CHANGED,
            by=by,
            now=now,
            before=before,
            after=match.state,
        )
