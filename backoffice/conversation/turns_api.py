"""Turns, for the bot: claim by long poll, answer, failure; and the assistant's return."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from backoffice.client.schemas import (
    AssistantReturned,
    AssistantStatus,
    Turn,
    TurnAnswer,
    TurnAnswered,
    TurnClaim,
    TurnClaimed,
    TurnFailure,
    TurnFailureRecorded,
)
from backoffice.clock import Clock, ClockDep
from backoffice.conversation import turns
from backoffice.conversation.assistant import needs_return, return_to_assistant
from backoffice.conversation.messages import TURNS
from backoffice.database import Database, DatabaseDep, DbSession, name_operation
from backoffice.live.broker import BrokerDep
from backoffice.service_access import ServiceOnly

router = APIRouter(prefix="/api/v1/service", tags=["service"], dependencies=[ServiceOnly])


@router.post("/turns/claim")
async def claim(
    request: TurnClaim, http: Request, database: DatabaseDep, broker: BrokerDep, clock: ClockDep
) -> TurnClaimed:
    """Return the next turn under a lease, waiting for one as long as asked."""

    async def look() -> Turn | None:
        return await run_in_threadpool(_claim, database, request.worker, clock)

    seconds = request.wait_seconds
    return TurnClaimed(turn=await broker.poll(look, TURNS, seconds=seconds, is_gone=http.is_disconnected))


def _claim(database: Database, worker: str, clock: Clock) -> Turn | None:
    with database.read() as session:
        if not turns.has_turn(session, worker, now=clock()):
            return None
    with database.transaction() as session:
        name_operation(session, "turn-claim")
        return turns.claim_turn(session, worker, now=clock())


@router.post("/turns/{turn_id}/answer")
def answer(turn_id: str, request: TurnAnswer, session: DbSession, clock: ClockDep) -> TurnAnswered:
    """Store the assistant's answer; 409 where the lease is lost. The same answer again: the same result."""
    name_operation(session, "answer")
    return turns.answer_turn(session, turn_id, request, now=clock())


@router.post("/turns/{turn_id}/failure")
def fail(turn_id: str, request: TurnFailure, session: DbSession, clock: ClockDep) -> TurnFailureRecorded:
    """Record that a turn brought no answer; 409 where the lease is lost."""
    return turns.fail_turn(session, turn_id, request, now=clock())


@router.post("/assistant-status")
def report_assistant(request: AssistantStatus, database: DatabaseDep, clock: ClockDep) -> AssistantReturned:
    """Give the conversations back that waited only for the assistant."""
    with database.read() as session:
        if not needs_return(session):
            return AssistantReturned(conversations=0)
    with database.transaction() as session:
        return return_to_assistant(session, request, now=clock())
