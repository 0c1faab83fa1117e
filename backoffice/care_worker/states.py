"""How a family assistant may move through the register (domain, project.md 6)."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.care_worker.models import WorkerState

S = WorkerState

MOVES: Mapping[WorkerState, tuple[WorkerState, ...]] = {
    S.APPLIED: (S.DOCUMENTS_MISSING, S.INTERVIEW, S.REFUSED),
    S.DOCUMENTS_MISSING: (S.INTERVIEW, S.REFUSED),
    S.INTERVIEW: (S.ELIGIBLE, S.DOCUMENTS_MISSING, S.REFUSED),
    S.ELIGIBLE: (S.REGISTERED, S.DOCUMENTS_MISSING, S.REFUSED),
    S.REGISTERED: (S.SUSPENDED, S.REMOVED),
    S.SUSPENDED: (S.REGISTERED, S.REMOVED),
    S.REMOVED: (S.APPLIED,),
    S.REFUSED: (S.APPLIED,),
}
"""From each state to those that it may become, the usual one first."""

NEEDS_REASON = frozenset({S.SUSPENDED, S.REMOVED, S.REFUSED})
"""States that are said with a reason."""

WANTS_ELIGIBLE = frozenset({S.ELIGIBLE, S.REGISTERED})
"""States that are entered only when every condition of the regional register is met."""

ENDED = frozenset({S.REMOVED, S.REFUSED})
"""States in which nobody is looked after any more."""
