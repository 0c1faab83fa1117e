"""`GET /metrics` for Prometheus, and the requests of a process, for bot, backoffice and actions alike.

Nothing personal: routes as they are written in the code (`/cases/{case_id}`), never the path that was asked
for. Whoever asks shows `SPORTELLO_METRICS_TOKEN` as a bearer, or sits on this machine and comes through no
proxy; to everybody else the path does not exist.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import ip_address
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest

PATH = "/metrics"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

REQUESTS = Counter(
    "sportello_http_requests", "Requests answered, by route and status.", ["method", "route", "status"]
)
SECONDS = Histogram(
    "sportello_http_request_seconds",
    "Seconds until an answer begins; a long poll waits for as long as it was asked to.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_FORWARDED = frozenset({b"x-forwarded-for", b"forwarded", b"x-real-ip"})
_NO_ROUTE = "unmatched"


class Measured:
    """ASGI middleware, the outermost: counts and times requests, and answers `GET /metrics`.

    Args:
        app: the application.
        token: what a scraper from elsewhere has to show; None lets nobody from elsewhere in.
        own: what this application alone can tell, such as the state of its database.
    """

    def __init__(self, app: Asgi, token: str | None = None, own: CollectorRegistry | None = None) -> None:
        self._app = app
        self._token = token
        self._registries = [REGISTRY] if own is None else [REGISTRY, own]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == PATH:
            await self._tell(scope, send)
        else:
            await self._measure(scope, receive, send)

    async def _measure(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = time.perf_counter(), 0

        async def watched(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                SECONDS.labels(*_labels(scope)).observe(time.perf_counter() - began)
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            status = status or 500  # what the server answers for us, further out
            raise
        finally:
            # 0: the caller hung up before there was an answer.
            REQUESTS.labels(*_labels(scope), str(status)).inc()

    async def _tell(self, scope: Scope, send: Send) -> None:
        if scope["method"] != "GET" or not may_read(scope, self._token):
            await _answer(send, 404, b"", "text/plain")
            return
        # In a thread: a collector may ask the database.
        parts = [await asyncio.to_thread(generate_latest, registry) for registry in self._registries]
        await _answer(send, 200, b"".join(parts), CONTENT_TYPE_LATEST)


def may_read(scope: Scope, token: str | None) -> bool:
    """Tell whether a request may read the metrics."""
    headers = dict(scope["headers"])
    shown = headers.get(b"authorization", b"")
    if token and hmac.compare_digest(shown, f"Bearer {token}".encode()):
        return True
    return _is_here(scope) and not _FORWARDED & headers.keys()


def _is_here(scope: Scope) -> bool:
    client = scope.get("client")
    try:
        return client is not None and ip_address(client[0]).is_loopback
    except ValueError:
        return False


def _labels(scope: Scope) -> tuple[str, str]:
    method = scope["method"] if scope["method"] in _METHODS else "other"
    route = getattr(scope.get("route"), "path", None) if "endpoint" in scope else None
    return method, route or _NO_ROUTE


async def _answer(send: Send, status: int, body: bytes, media_type: str) -> None:
    headers = [
        (b"content-type", media_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
