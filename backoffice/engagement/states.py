"""How a contract of a family assistant may move (domain, project.md 6)."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.engagement.models import EngagementState

S = EngagementState

MOVES: Mapping[EngagementState, tuple[EngagementState, ...]] = {
    S.DRAFT: (S.PROPOSED, S.DROPPED),
    S.PROPOSED: (S.SIGNED, S.DRAFT, S.DROPPED),
    S.SIGNED: (S.RUNNING, S.DROPPED),
    S.RUNNING: (S.NOTICE, S.ENDED),
    S.NOTICE: (S.ENDED,),
    S.ENDED: (),
    S.DROPPED: (),
}
"""From each state to those that it may become, the usual one first."""

WRITTEN = frozenset({S.DRAFT, S.PROPOSED})
"""While a contract is in one of these, its terms are written down; later they are changed from a day."""

BINDING = frozenset({S.SIGNED, S.RUNNING, S.NOTICE})
"""Both have signed, and it has not come to its end."""

AT_WORK = frozenset({S.RUNNING, S.NOTICE})
"""The work is done: it is paid, asked about, and may come to its end."""

OVER = frozenset({S.ENDED, S.DROPPED})
"""Nothing more is done or asked."""
