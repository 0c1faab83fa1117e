"""How a match may move (domain, project.md 6)."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.care_match.models import CareMatchState

S = CareMatchState

MOVES: Mapping[CareMatchState, tuple[CareMatchState, ...]] = {
    S.PROPOSED: (S.WORKER_INFORMED, S.FAMILY_INFORMED, S.BOTH_INTERESTED, S.REFUSED, S.WITHDRAWN),
    S.WORKER_INFORMED: (S.FAMILY_INFORMED, S.BOTH_INTERESTED, S.REFUSED, S.WITHDRAWN),
    S.FAMILY_INFORMED: (S.WORKER_INFORMED, S.BOTH_INTERESTED, S.REFUSED, S.WITHDRAWN),
    S.BOTH_INTERESTED: (S.INTERVIEW, S.REFUSED, S.WITHDRAWN),
    S.INTERVIEW: (S.TRIAL, S.ENGAGED, S.REFUSED, S.WITHDRAWN),
    S.TRIAL: (S.ENGAGED, S.REFUSED, S.WITHDRAWN),
    S.ENGAGED: (S.REFUSED,),
    S.REFUSED: (S.PROPOSED,),
    S.WITHDRAWN: (S.PROPOSED,),
}
"""From each state to those that it may become, the usual one first."""

OPEN = frozenset(CareMatchState) - {S.REFUSED, S.WITHDRAWN, S.ENGAGED}
"""Matches that may still become a contract."""

NAMES_KNOWN = frozenset({S.BOTH_INTERESTED, S.INTERVIEW, S.TRIAL, S.ENGAGED})
"""From when on each side learns the other's surname and phone."""
