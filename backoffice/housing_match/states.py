"""How a match may move (domain, project.md 5)."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.housing_match.models import MatchState

S = MatchState

MOVES: Mapping[MatchState, tuple[MatchState, ...]] = {
    S.PROPOSED: (S.SHOWN_TO_SEEKER, S.INTERESTED, S.REFUSED),
    S.SHOWN_TO_SEEKER: (S.INTERESTED, S.REFUSED),
    S.INTERESTED: (S.VISIT_FIXED, S.ACCEPTED_BY_SEEKER, S.REFUSED),
    S.VISIT_FIXED: (S.VISITED, S.INTERESTED, S.REFUSED),
    S.VISITED: (S.ACCEPTED_BY_SEEKER, S.ACCEPTED_BY_OWNER, S.VISIT_FIXED, S.REFUSED),
    S.ACCEPTED_BY_SEEKER: (S.ACCEPTED_BY_OWNER, S.CONTRACT, S.REFUSED),
    S.ACCEPTED_BY_OWNER: (S.ACCEPTED_BY_SEEKER, S.CONTRACT, S.REFUSED),
    S.CONTRACT: (S.REFUSED,),
    S.REFUSED: (S.PROPOSED,),
}
"""From each state to those that it may become, the usual one first."""

OPEN = frozenset(MatchState) - {S.REFUSED, S.CONTRACT}
"""Matches that may still become a contract."""
