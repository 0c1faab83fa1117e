"""The newest events, read once for every page of staff that this process serves.

Each page asks at every ring and every second; the database is asked once for all of them. What another
process wrote, and rang for in vain, is seen after a second and a half at most.
"""

from __future__ import annotations

import asyncio
from collections import deque

from starlette.concurrency import run_in_threadpool

from backoffice.database import Database
from backoffice.live.broker import Broker
from backoffice.live.service import EVENTS, events_after, last_event_id

YOUNG_SECONDS = 0.5
"""What was read within this time is not read again, unless something has rung since."""

AT_ONCE = 500

KEPT = 2000
"""So many are held; a page that lags further behind reads the database itself."""

Numbered = tuple[int, str]
"""An event's number and its conversation."""


class RecentEvents:
    """What was read last, and the one read that may be under way. Used by one event loop."""

    def __init__(self, database: Database, broker: Broker, *, kept: int = KEPT) -> None:
        self._database = database
        self._broker = broker
        self._events: deque[Numbered] = deque(maxlen=kept)
        self._known = -1
        """The number of the newest event that was read; -1 before the first read."""
        self._since = -1
        """Every event after this number, up to the known one, is held."""
        self._read_at = float("-inf")
        self._rings = -1
        self._reading: asyncio.Task[None] | None = None

    async def after(self, number: int) -> list[Numbered]:
        """Return the events after a number, all that rang here before this call, oldest first."""
        await self._catch_up()
        if number < self._since:
            return await run_in_threadpool(self._read, number)
        return [event for event in self._events if event[0] > number] if number < self._known else []

    async def last(self) -> int:
        """Return the number of the newest event."""
        await self._catch_up()
        return self._known

    async def _catch_up(self) -> None:
        """Have everything read that was rung for until now, by whoever reads."""
        wanted = self._broker.count(EVENTS)
        oldest = asyncio.get_running_loop().time() - YOUNG_SECONDS
        while self._rings < wanted or self._read_at < oldest:
            if self._reading is None:
                self._reading = asyncio.create_task(self._look())
            # Shielded: a page that is closed meanwhile must not take the others' read with it.
            await asyncio.shield(self._reading)

    async def _look(self) -> None:
        rings, began = self._broker.count(EVENTS), asyncio.get_running_loop().time()
        try:
            if self._known < 0:
                self._known = self._since = await run_in_threadpool(self._newest)
            else:
                is_more = True
                while is_more:
                    events = await run_in_threadpool(self._read, self._known)
                    self._take(events)
                    is_more = len(events) == AT_ONCE
            self._rings, self._read_at = rings, began
        finally:
            self._reading = None

    def _take(self, events: list[Numbered]) -> None:
        for event in events:
            if len(self._events) == self._events.maxlen:
                self._since = self._events[0][0]
            self._events.append(event)
            self._known = event[0]

    def _newest(self) -> int:
        with self._database.read() as session:
            return last_event_id(session)

    def _read(self, number: int) -> list[Numbered]:
        with self._database.read() as session:
            return [
                (event.id, event.conversation_id) for event in events_after(session, number, limit=AT_ONCE)
            ]
