"""How a search for a home may move (domain, project.md 5)."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.housing_need.models import SearchState

S = SearchState

MOVES: Mapping[SearchState, tuple[SearchState, ...]] = {
    S.NEW: (S.INTERVIEWED, S.CLOSED),
    S.INTERVIEWED: (S.READY_TO_SEARCH, S.CLOSED),
    S.READY_TO_SEARCH: (S.SEARCHING, S.INTERVIEWED, S.CLOSED),
    S.SEARCHING: (S.VISITING, S.APPLICATION_MADE, S.READY_TO_SEARCH, S.CLOSED),
    S.VISITING: (S.APPLICATION_MADE, S.OFFER, S.SEARCHING, S.CLOSED),
    S.APPLICATION_MADE: (S.GUARANTEE_PENDING, S.OFFER, S.SEARCHING, S.CLOSED),
    S.GUARANTEE_PENDING: (S.OFFER, S.SEARCHING, S.CLOSED),
    S.OFFER: (S.CONTRACT_DRAFTED, S.SEARCHING, S.CLOSED),
    S.CONTRACT_DRAFTED: (S.SIGNED, S.SEARCHING, S.CLOSED),
    S.SIGNED: (S.REGISTERED, S.SEARCHING, S.CLOSED),
    S.REGISTERED: (S.KEYS_GIVEN, S.CLOSED),
    S.KEYS_GIVEN: (S.FOLLOW_UP, S.CLOSED),
    S.FOLLOW_UP: (S.SEARCHING, S.CLOSED),
    S.CLOSED: (S.SEARCHING,),
}
"""From each state to those that it may become, the usual one first."""

BY_CONTRACT = frozenset({S.SIGNED, S.REGISTERED, S.KEYS_GIVEN})
"""States that only the checklist of a contract leads to (`backoffice.accompaniment`)."""

IS_MATCHED = frozenset({S.NEW, S.INTERVIEWED, S.READY_TO_SEARCH, S.SEARCHING, S.VISITING, S.APPLICATION_MADE})
"""While a search is in one of these, homes are looked for."""
