"""What stands between a request and a family assistant beside the rules: the request, the case, a no."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from backoffice.care_match.models import CareMatch, CareMatchState
from backoffice.care_request.models import RequestState
from backoffice.care_request.states import IS_MATCHED
from backoffice.case.models import Case
from backoffice.client.schemas import CaseType, Phase

MOST_CANDIDATES = 3
"""So many are proposed to a family at once (domain, care_work.md 10)."""

NEVER_AFTER = timedelta(days=365 * 5)
"""A day that is further away than this is told as "not again"."""


@dataclass(frozen=True)
class Obstacle:
    """Why nobody is proposed now: `sentence` is a key of the catalogue."""

    sentence: str
    values: dict[str, date] = field(default_factory=dict)


def of_request(case: Case, state: RequestState | None) -> list[Obstacle]:
    """Return why nobody is looked for: the case is closed, or the request is over."""
    if case.type is not CaseType.CARE_REQUEST or case.phase is Phase.CLOSED:
        return [Obstacle("care_matching.obstacle.case_closed")]
    if state is not None and state not in IS_MATCHED:
        return [Obstacle("care_matching.obstacle.request_over")]
    return []


def obstacles(
    case: Case,
    state: RequestState | None,
    worker: Case,
    match: CareMatch | None,
    candidates: int,
    *,
    today: date,
) -> list[Obstacle]:
    """Return what stands in the way of proposing a worker to a family today.

    `candidates`: how many others are open with the family.
    """
    found = [*of_request(case, state), *_of_match(match, today)]
    if worker.phase is Phase.CLOSED:
        found.append(Obstacle("care_matching.obstacle.worker_closed"))
    if candidates >= MOST_CANDIDATES:
        found.append(Obstacle("care_matching.obstacle.too_many"))
    return found


def rests(match: CareMatch, *, today: date) -> bool:
    """Tell whether a match was refused and its time is not over."""
    return (
        match.state is CareMatchState.REFUSED
        and match.not_again_before is not None
        and match.not_again_before > today
    )


def _of_match(match: CareMatch | None, today: date) -> Iterator[Obstacle]:
    if match is None or not rests(match, today=today):
        return
    day = match.not_again_before
    assert day is not None
    if day > today + NEVER_AFTER:
        yield Obstacle("care_matching.obstacle.refused")
    else:
        yield Obstacle("care_matching.obstacle.refused_until", {"day": day})
