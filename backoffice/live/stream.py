"""Server-sent events for the pages of staff: ids only, the page fetches what it may see.

A stream ends after ten minutes, and as soon as its reader may no longer read: the browser comes
back by itself with `Last-Event-ID`, and signs in anew.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from backoffice.live.broker import LOOK_AGAIN_SECONDS, Broker
from backoffice.live.open_streams import Place
from backoffice.live.recent import RecentEvents
from backoffice.live.service import EVENTS

LASTS_SECONDS = 600.0
SILENT_AT_MOST_SECONDS = 15.0
MAY_READ_FOR_SECONDS = 5.0
"""How long a reader who has signed out may still hear that something changed."""


def stream_events(
    recent: RecentEvents, broker: Broker, *, reader: str, after: int | None, may_read: Callable[[], bool]
) -> StreamingResponse:
    """Stream the events after a number, or from now on, to an account."""
    return StreamingResponse(
        _placed(recent, broker, reader, after, may_read),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _placed(
    recent: RecentEvents, broker: Broker, reader: str, after: int | None, may_read: Callable[[], bool]
) -> AsyncIterator[str]:
    with broker.streams.place(reader) as place:
        async for line in _lines(recent, broker, place, after, may_read):
            yield line


async def _lines(
    recent: RecentEvents, broker: Broker, place: Place, after: int | None, may_read: Callable[[], bool]
) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    last = after if after is not None else await recent.last()
    yield f"retry: 1000\nid: {last}\nevent: ready\ndata: {{}}\n\n"
    end, asked, spoke = loop.time() + LASTS_SECONDS, loop.time(), loop.time()
    async for _ in broker.rings(EVENTS, every=LOOK_AGAIN_SECONDS):
        if place.is_lost or loop.time() > end:
            return
        if loop.time() - asked >= MAY_READ_FOR_SECONDS:
            if not await run_in_threadpool(may_read):
                return
            asked = loop.time()
        for number, conversation_id in await recent.after(last):
            last, spoke = number, loop.time()
            data = json.dumps({"conversation": conversation_id})
            yield f"id: {number}\nevent: conversation\ndata: {data}\n\n"
        if loop.time() - spoke >= SILENT_AT_MOST_SECONDS:
            spoke = loop.time()
            yield ": still here\n\n"
