"""Answers that caches may keep: they are asked again with what they have, and told that nothing changed."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from threading import Lock

from fastapi import Request
from fastapi.responses import Response

MINUTES = 10
"""So long a cache does not ask at all; a release comes once a month."""


def entity_tag(*parts: str) -> str:
    """Return the tag of what is made of these parts alone; weak, since it may come compressed."""
    return f'W/"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]}"'


def cached_headers(tag: str, changed_at: datetime) -> dict[str, str]:
    """Return the headers of an answer that may be kept."""
    return {
        "ETag": tag,
        "Last-Modified": format_datetime(changed_at.astimezone(UTC).replace(microsecond=0), usegmt=True),
        "Cache-Control": f"public, max-age={MINUTES * 60}",
    }


def is_unchanged(request: Request, tag: str, changed_at: datetime) -> bool:
    """Tell whether the caller has this already; a tag counts, and a moment where there is no tag."""
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        return any(f"W/{each.strip().removeprefix('W/')}" in (tag, "W/*") for each in tags.split(","))
    since = request.headers.get("If-Modified-Since")
    if since is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return changed_at.replace(microsecond=0) <= moment


def not_modified(tag: str, changed_at: datetime) -> Response:
    """Return the answer to who has it already."""
    return Response(status_code=304, headers=cached_headers(tag, changed_at))


class KeptFiles:
    """Files that were made once, compressed. One is made at a time: no crowd keeps every processor busy."""

    def __init__(self, most: int = 40) -> None:
        self._most = most
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, tag: str, make: Callable[[], bytes]) -> bytes:
        """Return a file as gzip; it is made where nobody has asked for this tag yet, or not for long."""
        with self._lock:
            if tag not in self._files:
                self._files[tag] = gzip.compress(make(), compresslevel=6, mtime=0)
            self._files.move_to_end(tag)
            while len(self._files) > self._most:
                self._files.popitem(last=False)
            return self._files[tag]


def file_answer(request: Request, compressed: bytes, media_type: str, headers: dict[str, str]) -> Response:
    """Return a file, compressed where the caller reads that."""
    own = {**headers, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        own["Content-Encoding"] = "gzip"
        return Response(compressed, media_type=media_type, headers=own)
    return Response(gzip.decompress(compressed), media_type=media_type, headers=own)
