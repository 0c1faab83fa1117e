"""HTTP as strict as the open net needs it, for every process that faces it (attack 50).

h11, no endless patience with half a request, and a bound on open connections.
"""

from __future__ import annotations

import asyncio
import resource

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""How long the head of a request may take; a phone on a bad line needs two."""

MOST_CONNECTIONS = 2000
KEPT_FOR_OURSELVES = 500
"""Open files that the process needs for its work: the database's, its own calls, files of people."""


class StrictProtocol(H11Protocol):
    """Ends what does not come to an end, and what is too much.

    A connection whose request line and headers do not come to an end is closed. Where too many are open, the
    one that has been idle for longest makes room; where all are at work, the new one is closed.
    """

    head_seconds = HEAD_SECONDS
    most_connections = MOST_CONNECTIONS
    _patience: asyncio.TimerHandle | None = None
    _heard_at = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._heard_at = self.loop.time()
        self._wait_for_a_head()
        if len(self.connections) > self.most_connections:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        """Take what came; wait on only while no request is being served."""
        self._heard_at = self.loop.time()
        super().data_received(data)
        if not self._is_idle:
            self._stop_waiting()
        elif self._patience is None:
            self._wait_for_a_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    @property
    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _make_room(self) -> None:
        others = (each for each in self.connections if isinstance(each, StrictProtocol) and each is not self)
        idle = [each for each in others if each._is_idle and not each.transport.is_closing()]
        leaves = min(idle, key=lambda each: each._heard_at, default=self)
        leaves.transport.close()

    def _wait_for_a_head(self) -> None:
        self._patience = asyncio.get_running_loop().call_later(self.head_seconds, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def room_for_connections() -> int:
    """Return how many connections leave enough open files for the work; first ask the system for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + KEPT_FOR_OURSELVES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return min(MOST_CONNECTIONS, max(soft - KEPT_FOR_OURSELVES, soft // 2))
