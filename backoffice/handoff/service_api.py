"""The request for a person, for the actions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from backoffice.client.schemas import HandoffRequest, HandoffState
from backoffice.clock import ClockDep
from backoffice.database import DbSession, name_operation
from backoffice.handoff.queue import request_handoff
from backoffice.idempotency.headers import require_key
from backoffice.idempotency.service import once
from backoffice.service_access import SERVICE, ServiceOnly

router = APIRouter(prefix="/api/v1/service", tags=["service"], dependencies=[ServiceOnly])


@router.post("/conversations/{conversation_id}/handoff")
def ask_for_a_person(
    conversation_id: str,
    request: HandoffRequest,
    session: DbSession,
    clock: ClockDep,
    key: Annotated[str, Depends(require_key)],
) -> HandoffState:
    """Put a conversation into the queue. A key that begins with a turn's id and a colon names that turn."""
    name_operation(session, "handoff")
    now = clock()
    turn_id, colon, _rest = key.partition(":")
    return once(
        session,
        lambda: request_handoff(
            session, conversation_id, request, turn_id=turn_id if colon else None, now=now
        ),
        result_type=HandoffState,
        principal=SERVICE,
        operation="handoff",
        key=key,
        request=[conversation_id, request],
        now=now,
    )
