"""How large a request may be, and how long its body may take.

FastAPI reads a body before it asks who sends it: without a bound a stranger could fill the memory
(a JSON document, a form) or the disk (a file in a form).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backoffice.attachment.files import MOST_BYTES
from backoffice.error_handlers import Problem, respond

BODY_BYTES = 1024 * 1024
"""The longest thing that anybody types is a note of 10,000 characters; a form is a little more."""

LONGER: Mapping[str, int] = {
    "/api/v1/service/attachments": MOST_BYTES + 1024,
    "/case-imports": 2 * BODY_BYTES + 4096,
    "/listing-imports": 2 * BODY_BYTES + 4096,
    "/directory/files": 2 * BODY_BYTES + 4096,
}

_PHOTOS = re.compile(r"/listings/[^/]+/photos")
_DOCUMENTS = re.compile(rf"(/api/v1)?/cases/[^/]+/documents|{_PHOTOS.pattern}")
_DOCUMENT_BYTES = MOST_BYTES + 16 * 1024
"""A file and the fields of its form."""

_WORDS = {400: "error.refused", 408: "error.too_slow", 413: "error.too_large"}

PATIENCE_SECONDS = 20.0
"""How long the next piece of a body may take."""

SLOWEST_BYTES_PER_SECOND = 2048
"""What comes more slowly than this, the first twenty seconds apart, does not come at all."""


class _BodyTooLarge(Exception):
    """More arrived than was announced, or than may be."""


@dataclass(frozen=True)
class BodyLimit:
    """Refuses a body that is, or turns out to be, too large (413) or that does not come (408)."""

    app: ASGIApp
    patience_seconds: float = PATIENCE_SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        usual = _DOCUMENT_BYTES if _DOCUMENTS.fullmatch(scope["path"]) else BODY_BYTES
        limit = LONGER.get(scope["path"], usual)
        headers = Headers(scope=scope)
        claimed = headers.get("content-length", "")
        if claimed and "transfer-encoding" in headers:
            # Two answers to where the body ends: a proxy may have read the other one (attack 50).
            await _refuse(400, scope, receive, send)
            return
        if claimed.isdecimal() and (len(claimed) > 12 or int(claimed) > limit):
            await _refuse(413, scope, receive, send)
            return
        body = _Body(receive, limit, self.patience_seconds)
        try:
            await self.app(scope, body.receive, body.watched(send))
        except (_BodyTooLarge, TimeoutError):
            if body.refused is None or body.is_answered:
                raise
        if body.refused is not None and not body.is_answered:
            await _refuse(body.refused, scope, receive, send)


@dataclass
class _Body:
    """The body of one request on its way in."""

    source: Receive
    limit: int
    patience_seconds: float
    size: int = 0
    is_whole: bool = False
    is_answered: bool = False
    refused: int | None = None
    began: float | None = None

    async def receive(self) -> Message:
        if self.is_whole:
            return await self.source()  # what comes now is the end of the connection, whenever that is
        try:
            async with asyncio.timeout(self._patience()):
                message = await self.source()
        except TimeoutError:
            self.refused = 408
            raise
        self.size += len(message.get("body", b""))
        self.is_whole = not message.get("more_body", False)
        if self.size > self.limit:
            self.refused = 413
            raise _BodyTooLarge
        return message

    def _patience(self) -> float:
        now = asyncio.get_running_loop().time()
        self.began = now if self.began is None else self.began
        in_all = self.patience_seconds + self.size / SLOWEST_BYTES_PER_SECOND
        return min(self.patience_seconds, self.began + in_all - now)

    def watched(self, send: Send) -> Send:
        async def watched(message: Message) -> None:
            if self.refused is not None and not self.is_answered:
                return  # FastAPI's own answer to a body that broke off; ours says why
            self.is_answered = True
            await send(message)

        return watched


async def _refuse(status: int, scope: Scope, receive: Receive, send: Send) -> None:
    headers = {"Connection": "close"}  # the rest of the body is not read
    problem = Problem(status, _WORDS[status])
    if status == 413 and _PHOTOS.fullmatch(scope["path"]):
        problem = Problem(status, "homes.error.photo_large", "homes.error.photo_large.way_out")
    answer = respond(Request(scope, receive), problem, headers)
    await answer(scope, receive, send)
