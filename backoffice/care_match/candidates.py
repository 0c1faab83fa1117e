"""From the database to the engine and back: the workers for a request, the requests for a worker, one pair.

Only requests that are going on and workers in the register are matched; what was refused waits for its
day. A family has at most three candidates at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import Session

from backoffice.care_match.contracts import known_to
from backoffice.care_match.engine import Why, why
from backoffice.care_match.errors import TooManyCandidates, WorkerDoesNotFit
from backoffice.care_match.loading import WorkerShelf, genders_of, read_workers
from backoffice.care_match.models import CareMatch, CareMatchState
from backoffice.care_match.service import propose, propose_again
from backoffice.care_match.sides import Request, Worker, request_of_answers
from backoffice.care_match.standing import MOST_CANDIDATES, Obstacle, obstacles, of_request, rests
from backoffice.care_match.states import OPEN
from backoffice.care_match.tables import RequestTable
from backoffice.care_match.weights import weights_of
from backoffice.care_request.models import CareRequest, RequestState
from backoffice.care_request.service import lock_request, request_of
from backoffice.care_request.states import IS_MATCHED
from backoffice.case.models import Case
from backoffice.client.schemas import CaseType, Phase
from backoffice.italy import day_in_italy
from backoffice.matching.scores import Fit, Weights

SHELF = WorkerShelf()
"""What this process keeps of workers; see `loading`."""


@dataclass(frozen=True)
class Pair:
    """One request and one worker: what matching says, what stands in the way, and their match if any."""

    request: Case
    worker: Case
    why: Why
    obstacles: list[Obstacle]
    match: CareMatch | None

    @property
    def can_be_proposed(self) -> bool:
        """Whether the worker fits and nothing stands in the way."""
        return self.why.fits and not self.obstacles


def sides_of_requests(session: Session, cases: Sequence[Case], *, now: datetime) -> dict[str, Request]:
    """Return what matching may know of the requests of some cases, by case."""
    known, today = known_to(session, cases), day_in_italy(now)
    return {case.id: request_of_answers(case.intake, known[case.id], today=today) for case in cases}


def workers_for(
    session: Session,
    case: Case,
    readable: ColumnElement[bool],
    *,
    now: datetime,
    weights: Weights | None = None,
) -> list[Fit]:
    """Return the cases of the workers who may be proposed to a family now, the best first.

    `readable` is the condition on `Case` of who asks.
    """
    if of_request(case, _state(session, case)):
        return []
    today, body = day_in_italy(now), case.organisation_id
    request = sides_of_requests(session, [case], now=now)[case.id]
    table = SHELF.table_of(session, body, today=today)
    fits = table.workers_for(replace(request, gender_wished=None), weights or weights_of(session, body))
    left_out = _unreadable(session, body, readable) | {
        match.worker_id for match in _matches_of(session, case) if rests(match, today=today)
    }
    fits = [fit for fit in fits if fit.id not in left_out]
    if request.gender_wished is None or not fits:
        return fits
    others = genders_of(session, [fit.id for fit in fits])
    return [fit for fit in fits if others.get(fit.id, request.gender_wished) is request.gender_wished]


def requests_for(
    session: Session,
    worker: Case,
    readable: ColumnElement[bool],
    *,
    now: datetime,
    weights: Weights | None = None,
) -> list[Fit]:
    """Return the cases of the families to whom a worker may be proposed now, the best first."""
    today, body = day_in_italy(now), worker.organisation_id
    if worker.type is not CaseType.CARE_WORK or worker.phase is Phase.CLOSED:
        return []
    looking = sides_of_requests(session, _looking(session, body, readable), now=now)
    refused = select(CareMatch).where(
        CareMatch.worker_id == worker.id, CareMatch.state == CareMatchState.REFUSED
    )
    for match in session.scalars(refused):
        if rests(match, today=today):
            looking.pop(match.request_id, None)
    side = _worker(session, worker, wished=any(each.gender_wished for each in looking.values()), now=now)
    return RequestTable(looking).requests_for(side, weights or weights_of(session, body))


def fitting_requests(
    session: Session, worker: Case, readable: ColumnElement[bool], *, now: datetime, limit: int = 10
) -> list[Pair]:
    """Return the requests that a worker fits best, each with its why: for the page of the worker."""
    fits = requests_for(session, worker, readable, now=now)[:limit]
    cases = {
        case.id: case for case in session.scalars(select(Case).where(Case.id.in_([fit.id for fit in fits])))
    }
    return pairs_of(session, [(cases[fit.id], worker) for fit in fits], now=now)


def pair_of(session: Session, request: Case, worker: Case, *, now: datetime) -> Pair:
    """Return what is to be said of a family and a worker, matched or not."""
    return pairs_of(session, [(request, worker)], now=now)[0]


def pairs_of(session: Session, both: Sequence[tuple[Case, Case]], *, now: datetime) -> list[Pair]:
    """Return what is to be said of some pairs of one body."""
    if not both:
        return []
    body, today = both[0][0].organisation_id, day_in_italy(now)
    requests = sides_of_requests(session, [case for case, _ in both], now=now)
    wished = any(each.gender_wished for each in requests.values())
    ids = list({worker.id for _, worker in both})
    workers, weights = read_workers(session, body, ids, today=today), weights_of(session, body)
    genders = genders_of(session, ids) if wished else {}
    found = []
    for case, worker in both:
        request = requests[case.id]
        side = workers.get(worker.id) or Worker(key=worker.id)
        if request.gender_wished is not None:
            side = replace(side, gender=genders.get(worker.id))
        matches = _matches_of(session, case)
        match = next((each for each in matches if each.worker_id == worker.id), None)
        others = sum(each.state in OPEN for each in matches if each is not match)
        stands = obstacles(case, _state(session, case), worker, match, others, today=today)
        found.append(Pair(case, worker, why(request, side, weights), stands, match))
    return found


def propose_pair(session: Session, request: Case, worker: Case, *, by: str, now: datetime) -> CareMatch:
    """Propose a worker to a family, with score and reasons; a match that is open stays as it is.

    A worker who was refused is proposed again once the time is over; before, the no is taken back.

    Raises:
        TooManyCandidates: three others are open with the family.
        WorkerDoesNotFit: a rule says no, or nobody is looked for now.
        WorkerNotFree: the worker may not be shown to families.
        CaseIsClosed: one of the two cases has to be reopened first.
    """
    request_of(session, request, now=now)
    lock_request(session, request.id)
    for match in _matches_of(session, request):
        session.refresh(match, ["state", "not_again_before"])
    pair = pair_of(session, request, worker, now=now)
    if pair.match is not None and pair.match.state not in (CareMatchState.REFUSED, CareMatchState.WITHDRAWN):
        return pair.match
    if count_open(session, request.id) >= MOST_CANDIDATES:
        raise TooManyCandidates
    if not pair.can_be_proposed:
        raise WorkerDoesNotFit
    if pair.match is None:
        said = pair.why
        return propose(session, request, worker, score=said.score, reasons=said.reasons, by=by, now=now)
    pair.match.score, pair.match.reasons = pair.why.score, pair.why.reasons
    propose_again(session, pair.match, by=by, now=now)
    return pair.match


def count_open(session: Session, request_id: str) -> int:
    """Return how many candidates of a family are open."""
    statement = select(func.count()).where(CareMatch.request_id == request_id, CareMatch.state.in_(OPEN))
    return session.scalar(statement) or 0


def _worker(session: Session, worker: Case, *, wished: bool, now: datetime) -> Worker:
    read = read_workers(session, worker.organisation_id, [worker.id], today=day_in_italy(now))
    side = read.get(worker.id) or Worker(key=worker.id)
    return replace(side, gender=genders_of(session, [worker.id]).get(worker.id)) if wished else side


def _looking(session: Session, body: str, readable: ColumnElement[bool]) -> Sequence[Case]:
    statement = (
        select(Case)
        .join(CareRequest, CareRequest.case_id == Case.id)
        .where(
            CareRequest.organisation_id == body,
            CareRequest.state.in_(IS_MATCHED),
            Case.type == CaseType.CARE_REQUEST,
            Case.phase != Phase.CLOSED,
            readable,
        )
    )
    return session.scalars(statement).all()


def _unreadable(session: Session, body: str, readable: ColumnElement[bool]) -> set[str]:
    statement = select(Case.id).where(
        Case.organisation_id == body, Case.type == CaseType.CARE_WORK, not_(readable)
    )
    return set(session.scalars(statement))


def _matches_of(session: Session, case: Case) -> Sequence[CareMatch]:
    statement = select(CareMatch).where(CareMatch.request_id == case.id)
    return session.scalars(statement).all()


def _state(session: Session, case: Case) -> RequestState | None:
    entry = session.get(CareRequest, case.id)
    return entry.state if entry else None
