"""Pages of what fits: the rows of a ranking with what is said of each, and of who does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from backoffice.care_match.candidates import Pair, pairs_of, sides_of_requests
from backoffice.care_match.engine import why
from backoffice.care_match.loading import read_workers
from backoffice.care_match.weights import weights_of
from backoffice.care_worker.models import CareWorker
from backoffice.case.models import Case
from backoffice.client.schemas import Phase
from backoffice.italy import day_in_italy
from backoffice.matching.scores import Fit

MOST_MISFITS = 20


@dataclass(frozen=True)
class FittingPage:
    """Some pairs of a ranking, the cursor of the following ones, and how many there are in all."""

    pairs: list[Pair]
    next: str | None
    total: int


def page_of_workers(
    session: Session, request: Case, fits: Sequence[Fit], *, start: int, limit: int, now: datetime
) -> FittingPage:
    """Return some of the workers who fit a request, in their order."""
    workers = _cases(session, [fit.id for fit in fits[start : start + limit]])
    pairs = pairs_of(session, [(request, worker) for worker in workers], now=now)
    return FittingPage(pairs, _next(start + limit, len(fits)), len(fits))


def page_of_requests(
    session: Session, worker: Case, fits: Sequence[Fit], *, start: int, limit: int, now: datetime
) -> FittingPage:
    """Return some of the requests that a worker fits, in their order."""
    requests = _cases(session, [fit.id for fit in fits[start : start + limit]])
    pairs = pairs_of(session, [(request, worker) for request in requests], now=now)
    return FittingPage(pairs, _next(start + limit, len(fits)), len(fits))


def misfits(session: Session, request: Case, readable: ColumnElement[bool], *, now: datetime) -> list[Pair]:
    """Return those of the register against whom a rule speaks: those who fail least first, at most twenty."""
    body, weights = request.organisation_id, weights_of(session, request.organisation_id)
    side = sides_of_requests(session, [request], now=now)[request.id]
    theirs = select(CareWorker.case_id).join(Case, Case.id == CareWorker.case_id)
    theirs = theirs.where(CareWorker.organisation_id == body, Case.phase != Phase.CLOSED, readable)
    ids = session.scalars(theirs.order_by(CareWorker.case_id).limit(2_000)).all()
    found = []
    for key, worker in read_workers(session, body, ids, today=day_in_italy(now)).items():
        said = why(side, worker, weights)
        if not said.fits:
            found.append((len(said.against), -said.score, key))
    least = [key for *_, key in sorted(found)[:MOST_MISFITS]]
    return pairs_of(session, [(request, worker) for worker in _cases(session, least)], now=now)


def _cases(session: Session, ids: Sequence[str]) -> list[Case]:
    statement = select(Case).where(Case.id.in_(ids)).options(joinedload(Case.person))
    cases = {each.id: each for each in session.scalars(statement)}
    return [cases[key] for key in ids if key in cases]


def _next(end: int, total: int) -> str | None:
    return str(end) if end < total else None
