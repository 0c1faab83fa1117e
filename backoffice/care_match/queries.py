"""Statements about requests and matches: one page of a list, the proposals of a family, what waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from backoffice.care_match.models import CareMatch, CareMatchEvent, CareMatchState
from backoffice.care_request.models import CareRequest, RequestState
from backoffice.case.models import Case
from backoffice.paging import newest_first

ANSWERS_WITHIN = timedelta(days=3)
"""Who has not answered for so long is called: silence is no no."""


@dataclass(frozen=True)
class RequestFilters:
    """What a list of requests is narrowed by; None narrows nothing. `waits`: a side has not answered."""

    state: RequestState | None = None
    town: str | None = None
    waits: bool = False


@dataclass(frozen=True)
class RequestPage:
    """One page of requests, those that changed last first, and the cursor of the next page."""

    requests: Sequence[CareRequest]
    next: str | None


@dataclass(frozen=True)
class CareMatchFilters:
    """What a list of matches is narrowed by; None narrows nothing."""

    state: CareMatchState | None = None
    request_id: str | None = None
    worker_id: str | None = None


@dataclass(frozen=True)
class CareMatchPage:
    """One page of matches, those that changed last first, and the cursor of the next page."""

    matches: Sequence[CareMatch]
    next: str | None


def page_of_requests(
    session: Session,
    statement: Select[CareRequest],
    filters: RequestFilters,
    *,
    limit: int,
    cursor: str | None,
    now: datetime,
) -> RequestPage:
    """Return one page of the requests of a statement that is joined with their cases.

    Raises:
        InvalidCursor: it is not one of ours.
    """
    if filters.state is not None:
        statement = statement.where(CareRequest.state == filters.state)
    if filters.town:
        statement = statement.where(Case.municipality == filters.town)
    if filters.waits:
        waiting = select(CareMatch.request_id).where(_is_unanswered(now))
        statement = statement.where(CareRequest.case_id.in_(waiting))
    statement = statement.options(joinedload(CareRequest.case).joinedload(Case.person))
    order = (CareRequest.updated_at, CareRequest.case_id)
    return RequestPage(*newest_first(session, statement, *order, limit=limit, cursor=cursor))


def page_of_matches(
    session: Session,
    statement: Select[CareMatch],
    filters: CareMatchFilters,
    *,
    limit: int,
    cursor: str | None,
) -> CareMatchPage:
    """Return one page of matches, with both their cases.

    Raises:
        InvalidCursor: it is not one of ours.
    """
    if filters.state is not None:
        statement = statement.where(CareMatch.state == filters.state)
    if filters.request_id:
        statement = statement.where(CareMatch.request_id == filters.request_id)
    if filters.worker_id:
        statement = statement.where(CareMatch.worker_id == filters.worker_id)
    statement = statement.options(joinedload(CareMatch.request), joinedload(CareMatch.worker))
    order = (CareMatch.state_since, CareMatch.id)
    return CareMatchPage(*newest_first(session, statement, *order, limit=limit, cursor=cursor))


def matches_of(session: Session, requests: Iterable[str]) -> dict[str, list[CareMatch]]:
    """Return the matches of some requests, by request, in the order in which they were proposed."""
    statement = (
        select(CareMatch)
        .where(CareMatch.request_id.in_(list(requests)))
        .options(joinedload(CareMatch.worker).joinedload(Case.person))
        .order_by(CareMatch.created_at, CareMatch.id)
    )
    found: dict[str, list[CareMatch]] = defaultdict(list)
    for match in session.scalars(statement):
        found[match.request_id].append(match)
    return found


def events_of(session: Session, match_id: str) -> Sequence[CareMatchEvent]:
    """Return what happened to a match, oldest first."""
    statement = select(CareMatchEvent).where(CareMatchEvent.match_id == match_id).order_by(CareMatchEvent.id)
    return session.scalars(statement).all()


def is_unanswered(match: CareMatch, *, now: datetime) -> bool:
    """Tell whether a side was asked three days ago and has said nothing: the desk calls."""
    waits = (match.state is CareMatchState.WORKER_INFORMED and match.worker_said is None) or (
        match.state is CareMatchState.FAMILY_INFORMED and match.family_said is None
    )
    return waits and now - match.state_since >= ANSWERS_WITHIN


def _is_unanswered(now: datetime) -> ColumnElement[bool]:
    return and_(
        CareMatch.state_since <= now - ANSWERS_WITHIN,
        or_(
            and_(CareMatch.state == CareMatchState.WORKER_INFORMED, CareMatch.worker_said.is_(None)),
            and_(CareMatch.state == CareMatchState.FAMILY_INFORMED, CareMatch.family_said.is_(None)),
        ),
    )
