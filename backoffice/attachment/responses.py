"""A file as an answer that a browser cannot be made to run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

import structlog
from fastapi.responses import Response, StreamingResponse
from starlette.requests import Request

from backoffice.attachment.kinds import EXTENSIONS, PICTURES, PLAYED
from backoffice.attachment.models import Attachment, ScanState, Storage
from backoffice.attachment.sealing import Unreadable
from backoffice.attachment.service import AttachmentNotFound
from backoffice.attachment.vault import Vault
from backoffice.errors import BackofficeError

log = structlog.get_logger(__name__)

FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""Opened as a page, a file runs nothing and stands on an origin of its own (attack 41)."""

_SAFELY = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": FILE_POLICY,
    "Cache-Control": "private, no-store",
    "Accept-Ranges": "bytes",
}
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")

A_FILE: dict[str, Any] = {"response_class": Response, "responses": {200: {"content": {"*/*": {}}}}}
"""How a route says in `/openapi.json` that it answers with a file, of whatever type it is."""


class AttachmentInfected(BackofficeError):
    """A virus was found in it: nobody is given it."""

    status = 410

    def __init__(self) -> None:
        super().__init__("error.file_infected", way_out="error.file_infected.way_out")


class AttachmentUnreadable(BackofficeError):
    """It cannot be decrypted: another secret key, or bytes that are not those that were written."""

    status = 410

    def __init__(self) -> None:
        super().__init__("error.file_unreadable", way_out="error.file_unreadable.way_out")


class RangeRefused(BackofficeError):
    """The part that is asked for is not there."""

    status = 416

    def __init__(self, size_bytes: int) -> None:
        super().__init__("error.invalid")
        self._size_bytes = size_bytes

    @property
    def headers(self) -> dict[str, str]:
        """How much there is."""
        return {"Content-Range": f"bytes */{self._size_bytes}"}


def attachment_response(request: Request, row: Attachment, *, preview: bool = False) -> Response:
    """Answer with a file or its preview, or the part of it that `Range` asks for.

    Only what we drew ourselves, and sounds, may be shown at once; everything else is a download.

    Raises:
        AttachmentNotFound: the bytes are gone, or there is no preview.
        AttachmentInfected: a virus was found in it.
        AttachmentUnreadable: it cannot be decrypted.
        RangeRefused: it has no such part.
    """
    if row.scan_state is ScanState.INFECTED:
        raise AttachmentInfected
    if row.storage is Storage.ERASED or (preview and row.preview_bytes is None):
        raise AttachmentNotFound
    try:
        return _answer(request, Vault.of(request.app.state.settings), row, preview)
    except OSError as error:
        raise AttachmentNotFound from error
    except Unreadable as error:
        log.error("attachment_unreadable", attachment=row.id)
        raise AttachmentUnreadable from error


def _answer(request: Request, vault: Vault, row: Attachment, preview: bool) -> Response:
    size = vault.size_of(row, preview=preview)
    part = _part(request, size)
    start, stop = part or (0, size)
    pieces = vault.read(row, preview=preview, start=start, stop=stop)
    headers = {
        **_SAFELY,
        "Content-Length": str(stop - start),
        "Content-Disposition": _disposition(row, preview),
    }
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return StreamingResponse(
        _begun(pieces),
        status_code=200 if part is None else 206,
        media_type="image/jpeg" if preview else row.media_type,
        headers=headers,
    )


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Read the first piece now, while the answer can still be another one."""
    return chain((next(pieces, b""),), pieces)


def _disposition(row: Attachment, preview: bool) -> str:
    """Return how a browser takes it, under a name that is ours alone (RFC 6266)."""
    is_drawn = row.storage is Storage.SEALED and row.media_type in PICTURES
    shown = preview or is_drawn or row.media_type in PLAYED
    name = f"{row.kind.value}-{row.id}.{EXTENSIONS.get(row.media_type, 'bin')}"
    return f'{"inline" if shown else "attachment"}; filename="{name}"'


def _part(request: Request, size: int) -> tuple[int, int] | None:
    """Return the one range that is asked for (RFC 9110, 14.2); none, or several, get the whole file."""
    asked = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if asked is None or "if-range" in request.headers or asked.group() == "bytes=-":
        return None
    first, last = asked.groups()
    if not first:
        start, stop = max(size - int(last), 0), size
    else:
        start, stop = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return None
    if start >= stop:
        raise RangeRefused(size)
    return start, stop
