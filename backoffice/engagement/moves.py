"""The states of a contract: moved, with their event on the contract and on both its cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.case.history import record_event
from backoffice.case.models import Case, CaseEventKind
from backoffice.engagement.errors import EngagementMoveRefused
from backoffice.engagement.models import Engagement, EngagementEvent, EngagementState
from backoffice.engagement.states import MOVES

UNKNOWN_CONFIRMED = "minimum_confirmed"
"""The event of a coordinator's word that a pay passes whose minimum no source gives."""


def move(session: Session, engagement: Engagement, to: EngagementState, *, by: str, now: datetime) -> None:
    """Move a contract to another state.

    Raises:
        EngagementMoveRefused: no rule leads there from here.
    """
    if to not in MOVES[engagement.state]:
        raise EngagementMoveRefused
    before, engagement.state, engagement.state_since = engagement.state, to, now
    changed(engagement, now)
    happened(session, engagement, before, by=by, now=now)


def happened(
    session: Session, engagement: Engagement, before: EngagementState | None, *, by: str, now: datetime
) -> None:
    """Note the state that a contract has now, on the contract and on both its cases."""
    after = engagement.state
    session.add(EngagementEvent(engagement_id=engagement.id, before=before, after=after, actor=by, at=now))
    for case_id in (engagement.request_id, engagement.worker_id):
        case = session.get_one(Case, case_id)
        kind = CaseEventKind.ENGAGEMENT_CHANGED
        record_event(session, case, kind, by=by, now=now, before=before, after=after)


def changed(engagement: Engagement, now: datetime) -> None:
    """Note that something of a contract is new."""
    engagement.version += 1
    engagement.updated_at = now
