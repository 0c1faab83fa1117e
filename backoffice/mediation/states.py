"""How a request for a mediator may move (domain, project.md 4)."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.mediation.models import MediationRequest, MediationState

S = MediationState

MOVES: Mapping[MediationState, tuple[MediationState, ...]] = {
    S.DRAFT: (S.REQUESTED, S.CANCELLED),
    S.REQUESTED: (S.APPROVED, S.REFUSED, S.CANCELLED),
    S.APPROVED: (S.ASSIGNED, S.REFUSED, S.CANCELLED),
    S.ASSIGNED: (S.DONE, S.NO_SHOW, S.APPROVED, S.CANCELLED, S.CANCELLED_LATE),
    S.DONE: (S.CONFIRMED, S.DISPUTED),
    S.NO_SHOW: (S.CONFIRMED, S.DISPUTED),
    S.CANCELLED_LATE: (S.CONFIRMED, S.DISPUTED),
    S.DISPUTED: (S.DONE, S.CONFIRMED),
    S.REFUSED: (),
    S.CANCELLED: (),
    S.CONFIRMED: (),
}
"""From each state to those that it may become, the usual one first."""

COUNTS_HOURS = frozenset(
    {S.APPROVED, S.ASSIGNED, S.DONE, S.NO_SHOW, S.CANCELLED_LATE, S.DISPUTED, S.CONFIRMED}
)
"""States whose time is taken from the hours of the service that asks."""

QUARTER = 15
"""Minutes: what time is counted in."""


def quarters(minutes: int) -> int:
    """Return the quarters of an hour of some minutes, each that was begun."""
    return -(-minutes // QUARTER)


def quarters_counted(request: MediationRequest) -> int:
    """Return what a request takes from the hours: what was worked, else what was asked for; and the way."""
    worked = request.worked_quarters
    return (quarters(request.minutes) if worked is None else worked) + (request.travel_quarters or 0)


def hours_words(number: int) -> str:
    """Return quarters as hours and minutes: `1:45`; none are left of what is below zero."""
    hours, rest = divmod(max(number, 0), 4)
    return f"{hours}:{rest * QUARTER:02d}"
