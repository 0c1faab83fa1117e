"""What comes in and goes out, with no channel in it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from backoffice.client.schemas import AttachmentKind, IncomingRequest

_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class FileReference:
    """A file that a channel can fetch. `size_bytes` and `media_type` are the sender's claims."""

    kind: AttachmentKind
    reference: str
    media_type: str
    size_bytes: int | None


@dataclass(frozen=True)
class IncomingMessage:
    """One thing that a person sent, and the file that belongs to it, not fetched yet."""

    request: IncomingRequest
    file: FileReference | None = None


def storable(text: str) -> str:
    """Return the text without what neither UTF-8 nor a database can hold: NUL and lone surrogates.

    Nothing else is touched: what a person wrote is kept as it was written.
    """
    return _NOT_STORABLE.sub("\ufffd", text)


def storable_name(name: str, *, longest: int = 200) -> str | None:
    """Return a display name in NFC without controls of direction (attack 32), or none if empty."""
    shown = _BIDI_CONTROLS.sub("", unicodedata.normalize("NFC", storable(name)))
    printable = "".join(letter if letter.isprintable() else " " for letter in shown)
    return " ".join(printable.split())[:longest] or None
