"""How much may be sent, and how often a conversation may be opened."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.pauses import Clock
from bot.webchat.problems import BodyTooLarge, problem

BODY_LIMIT_BYTES = 64 * 1024
ATTACHMENT_LIMIT_BYTES = 10 * 1024 * 1024
_MULTIPART_OVERHEAD_BYTES = 64 * 1024
PATIENCE_SECONDS = 20.0
"""How long the next piece of a body may take."""
SLOWEST_BYTES_PER_SECOND = 2048
"""What comes more slowly than this, the first twenty seconds apart, does not come at all."""
_ADDRESSES_REMEMBERED = 50_000

LIMITS: Mapping[str, int] = {
    "/chat/attachments": ATTACHMENT_LIMIT_BYTES + _MULTIPART_OVERHEAD_BYTES,
    "/telegram/webhook": 1024 * 1024,
}
"""Bytes of a request's body by path; other paths take `BODY_LIMIT_BYTES`."""


class BodyLimit:
    """Refuses a body that is, or turns out to be, larger than its path takes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = LIMITS.get(scope["path"], BODY_LIMIT_BYTES)
        headers = Headers(scope=scope)
        claimed = headers.get("content-length", "")
        if claimed and "transfer-encoding" in headers:
            # Two answers to where the body ends: a proxy may have read the other one (attack 50).
            refusal = problem(400, "Either a length or a transfer coding.")
            refusal.headers["Connection"] = "close"
            await refusal(scope, receive, send)
            return
        if claimed.isdigit() and int(claimed) > limit:
            await problem(413, f"At most {limit} bytes.")(scope, receive, send)
            return
        received, is_whole = 0, False
        began: float | None = None

        async def counted() -> Message:
            nonlocal received, is_whole, began
            if is_whole:
                return await receive()  # what comes now is the end of the connection, whenever that is
            now = asyncio.get_running_loop().time()
            began = now if began is None else began
            left = began + PATIENCE_SECONDS + received / SLOWEST_BYTES_PER_SECOND - now
            async with asyncio.timeout(min(PATIENCE_SECONDS, left)):
                message = await receive()
            received += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if received > limit:
                raise BodyTooLarge(limit)
            return message

        await self._app(scope, counted, send)


class RateLimit:
    """At most `limit` events in any `seconds` for each key; the oldest keys are forgotten."""

    def __init__(self, limit: int, *, seconds: float = 60.0, clock: Clock = time.monotonic) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._events: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_seconds(self, key: str) -> float:
        """Count one event and return 0, or return after how many seconds the next is welcome."""
        now = self._clock()
        events = self._events.setdefault(key, deque())
        self._events.move_to_end(key)
        if len(self._events) > _ADDRESSES_REMEMBERED:
            self._events.popitem(last=False)
        while events and events[0] <= now - self._seconds:
            events.popleft()
        if len(events) >= self._limit:
            return events[0] + self._seconds - now
        events.append(now)
        return 0.0
