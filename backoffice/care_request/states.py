"""How a family's request may move (domain, project.md 6)."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.care_request.models import RequestState

S = RequestState

MOVES: Mapping[RequestState, tuple[RequestState, ...]] = {
    S.NEW: (S.VISIT_OR_INTERVIEW, S.CLOSED),
    S.VISIT_OR_INTERVIEW: (S.PROFILE_AGREED, S.CLOSED),
    S.PROFILE_AGREED: (S.MATCHING, S.VISIT_OR_INTERVIEW, S.CLOSED),
    S.MATCHING: (S.CANDIDATES_SENT, S.PROFILE_AGREED, S.CLOSED),
    S.CANDIDATES_SENT: (S.INTERVIEWS, S.MATCHING, S.CLOSED),
    S.INTERVIEWS: (S.TRIAL, S.CONTRACT, S.MATCHING, S.CLOSED),
    S.TRIAL: (S.CONTRACT, S.MATCHING, S.CLOSED),
    S.CONTRACT: (S.FOLLOW_UP, S.MATCHING, S.CLOSED),
    S.FOLLOW_UP: (S.CLOSED, S.MATCHING),
    S.CLOSED: (S.MATCHING,),
}
"""From each state to those that it may become, the usual one first."""

BY_CONTRACT = frozenset({S.CONTRACT, S.FOLLOW_UP})
"""States that only a contract leads to (`backoffice.engagement`)."""

IS_MATCHED = frozenset(
    {S.NEW, S.VISIT_OR_INTERVIEW, S.PROFILE_AGREED, S.MATCHING, S.CANDIDATES_SENT, S.INTERVIEWS}
)
"""While a request is in one of these, family assistants are looked for."""
