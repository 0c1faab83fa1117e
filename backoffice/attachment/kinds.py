"""What a file is, by its first bytes: never by its name, nor by what its sender says."""

from __future__ import annotations

import re

from backoffice.client.schemas import AttachmentKind

UNKNOWN = "application/octet-stream"
"""Everything not on the list below (HTML, SVG, programs): kept, but never shown as what it may be."""

HEAD_BYTES = 4096
"""How much of a file is looked at."""

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp3g", "video/3gpp"),
    (4, b"ftyp", "video/mp4"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"fLaC", "audio/flac"),
    (8, b"WAVE", "audio/wav"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)

_OFFICE = "application/vnd.openxmlformats-officedocument"
_PACKAGES = {
    b"word/document.xml": f"{_OFFICE}.wordprocessingml.document",
    b"xl/workbook.xml": f"{_OFFICE}.spreadsheetml.sheet",
    b"ppt/presentation.xml": f"{_OFFICE}.presentationml.presentation",
}
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_MEDIA_TYPE = re.compile(r"[a-z./-]+")
_LONGEST_TYPE = 80

SHOWN_INLINE = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "audio/ogg", "audio/mpeg", "audio/mp4"}
)
"""What a browser may show by itself; everything else is only offered for download."""


def media_type_of(content: bytes) -> str:
    """Return the media type that the bytes themselves say, or `UNKNOWN`."""
    if content.startswith(b"PK\x03\x04"):
        return _package_type(content)
    for offset, magic, media_type in _MAGIC:
        if content.startswith(magic, offset) and (offset != 8 or content.startswith(b"RIFF")):
            return media_type
    return UNKNOWN


def kind_of(media_type: str, claimed: AttachmentKind) -> AttachmentKind:
    """Return what a file is to a reader: what was claimed, where its bytes allow it, else a document."""
    family = media_type.partition("/")[0]
    if claimed is AttachmentKind.PHOTO and family == "image":
        return AttachmentKind.PHOTO
    if claimed is AttachmentKind.VOICE and family in {"audio", "video"}:
        return AttachmentKind.VOICE
    return AttachmentKind.DOCUMENT


def _package_type(content: bytes) -> str:
    # Nothing is unpacked, nor is the archive's directory parsed: both can be made to take for ever.
    # OpenDocument begins with its own type, uncompressed; names of members are never compressed.
    if content.startswith(_OPEN_DOCUMENT, 38) and content[30:38] == b"mimetype":
        declared = content[38 : 38 + _LONGEST_TYPE].partition(b"PK")[0].decode("ascii", "replace")
        return declared if _MEDIA_TYPE.fullmatch(declared) else UNKNOWN
    return next((media_type for name, media_type in _PACKAGES.items() if name in content), UNKNOWN)
