"""Live events: one long poll for the whole bot, one stream for each page of staff."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from backoffice.client.schemas import LiveEvent, LiveEvents
from backoffice.clock import ClockDep
from backoffice.database import Database, DatabaseDep
from backoffice.live.broker import BrokerDep
from backoffice.live.recent import RecentEvents
from backoffice.live.service import EVENTS, events_after, last_event_id
from backoffice.live.stream import stream_events
from backoffice.service_access import ServiceOnly
from backoffice.staff.errors import RoleRefused
from backoffice.staff.models import Staff
from backoffice.staff.roles import READS_CONVERSATIONS
from backoffice.staff.sessions import find_signed_in
from backoffice.staff.sign_in import SignedInReader, bearer_token, session_cookie

router = APIRouter(tags=["live"])

LARGEST_ID = 2**53
"""Beyond it JavaScript cannot count."""


@router.get("/api/v1/service/events", dependencies=[ServiceOnly])
async def read_events(
    database: DatabaseDep,
    broker: BrokerDep,
    after: Annotated[int, Query(ge=-1, le=LARGEST_ID)] = -1,
    wait: Annotated[float, Query(ge=0, le=30)] = 0,
) -> LiveEvents:
    """Return the events after a number, waiting for one; after -1 only where the count is."""
    if after < 0:
        return LiveEvents(events=[], last_id=await run_in_threadpool(_last, database))

    async def look() -> list[LiveEvent] | None:
        return await run_in_threadpool(_after, database, after) or None

    events = await broker.poll(look, EVENTS, seconds=wait) or []
    return LiveEvents(events=events, last_id=events[-1].id if events else after)


@router.get("/live/events", response_class=StreamingResponse)
async def stream(
    request: Request,
    staff: SignedInReader,
    database: DatabaseDep,
    broker: BrokerDep,
    clock: ClockDep,
    last_event_id: Annotated[int | None, Header(alias="Last-Event-ID", ge=0, le=LARGEST_ID)] = None,
) -> StreamingResponse:
    """Stream the ids of conversations that change; each page asks for what it may see of them.

    Raises:
        RoleRefused: another body's staff, who are not to know even when something happens.
    """
    if not _may_hear(staff):
        raise RoleRefused
    token = bearer_token(request) or session_cookie(request) or ""
    staff_id = staff.id

    def may_read() -> bool:
        with database.read() as session:
            found = find_signed_in(session, token, now=clock())
        return found is not None and found.id == staff_id and _may_hear(found)

    recent: RecentEvents = request.app.state.recent_events
    return stream_events(recent, broker, reader=staff_id, after=last_event_id, may_read=may_read)


def _may_hear(staff: Staff) -> bool:
    return staff.organisation.is_front_door and staff.has_role(*READS_CONVERSATIONS)


def _last(database: Database) -> int:
    with database.read() as session:
        return last_event_id(session)


def _after(database: Database, after: int) -> list[LiveEvent]:
    with database.read() as session:
        found = events_after(session, after)
    return [LiveEvent(id=event.id, conversation_id=event.conversation_id) for event in found]
