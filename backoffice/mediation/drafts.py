"""A request as it is written: begun, changed while a draft, given its moment. Flush, never commit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.mediation.consequences import record_act
from backoffice.mediation.errors import ChangedMeanwhile, MediationMoveRefused
from backoffice.mediation.forms import RequestFacts
from backoffice.mediation.models import MediationRequest, MediationState
from backoffice.mediation.permissions import body_with_mediators
from backoffice.mediation.service import ask, lock_request
from backoffice.staff.models import Staff


def write_request(
    session: Session, staff: Staff, facts: RequestFacts, *, case_id: str | None, is_sent: bool, now: datetime
) -> MediationRequest:
    """Write down what a person's body asks for; sent at once, or a draft.

    Raises:
        NotFound: no body has mediators yet.
    """
    request = MediationRequest(
        organisation_id=body_with_mediators(session).id,
        asking_id=staff.organisation_id,
        asked_by=staff.id,
        case_id=case_id,
        state=MediationState.REQUESTED if is_sent else MediationState.DRAFT,
        **facts.values,
    )
    return ask(session, request, by=staff.id, now=now)


def change_draft(
    session: Session,
    request: MediationRequest,
    facts: RequestFacts,
    *,
    version: int | None,
    by: str,
    now: datetime,
) -> None:
    """Write a draft anew.

    Raises:
        ChangedMeanwhile: it is not the version that was read.
        MediationMoveRefused: it was sent already.
    """
    locked = lock_request(session, request.id)
    if locked.state is not MediationState.DRAFT:
        raise MediationMoveRefused
    if version != locked.version:
        raise ChangedMeanwhile
    for name, value in facts.values.items():
        setattr(locked, name, value)
    locked.version += 1
    record_act(session, locked, "mediation.draft_changed", by=by, now=now)


def fix_moment(
    session: Session, request: MediationRequest, starts_at: datetime, *, by: str, now: datetime
) -> None:
    """Give a request that nobody has yet its moment.

    Raises:
        MediationMoveRefused: it waits for no answer and no mediator.
    """
    locked = lock_request(session, request.id)
    if locked.state not in (MediationState.REQUESTED, MediationState.APPROVED):
        raise MediationMoveRefused
    locked.starts_at, locked.is_latest = starts_at, False
    locked.version += 1
    locked.calendar_sequence += 1
    record_act(session, locked, "mediation.moment_fixed", by=by, now=now)
