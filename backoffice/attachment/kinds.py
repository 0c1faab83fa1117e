"""What a file is, by its own bytes: never by its name, nor by what its sender says. And what is taken."""

from __future__ import annotations

from backoffice.client.schemas import AttachmentKind

UNKNOWN = "application/octet-stream"
"""Everything not on the list below (archives, Office, HTML, SVG, programs, HEIC): it is not taken."""

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""Drawn anew by `recode.py`; what is kept and shown is ours."""

PLAYED = frozenset(
    {"audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/wav", "audio/flac", "audio/webm"}
)
"""Kept as they came; a browser may play them on our page."""

DOWNLOADED = frozenset(
    {
        "application/pdf",
        "audio/amr",
        "audio/3gpp",
        "video/mp4",
        "video/quicktime",
        "video/3gpp",
        "video/webm",
    }
)
"""Kept as they came; only ever offered for download."""

TAKEN = PICTURES | PLAYED | DOWNLOADED
"""The whole list."""

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/webm": "webm",
    "audio/amr": "amr",
    "audio/3gpp": "3gp",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "video/webm": "webm",
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/rtf": "rtf",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
"""What a downloaded file is called; the last ones were taken by earlier versions."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_STILL_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
_SOUND_BRANDS = (b"M4A ", b"M4B ")
_EBML = b"\x1aE\xdf\xa3"
_HEAD_BYTES = 4096
_MOST_TRACKS = 200

_ARCHIVE_END = b"PK\x05\x06"
_ARCHIVE_MEMBER = b"PK\x01\x02"
_ARCHIVE_END_BYTES = 22
_LONGEST_COMMENT = 0xFFFF


def media_type_of(content: bytes) -> str:
    """Return the media type that the bytes themselves say, or `UNKNOWN` for what is not taken.

    Nothing is unpacked or parsed: this looks for marks at known places, in time that grows with the size.
    """
    found = _type_of_head(content)
    if found not in PICTURES and _ends_as_archive(content):
        return UNKNOWN  # two faces; those of a picture are lost when it is drawn anew
    return found


def kind_of(media_type: str, claimed: AttachmentKind) -> AttachmentKind:
    """Return what a file is to a reader: what was claimed, where its bytes allow it, else a document."""
    family = media_type.partition("/")[0]
    if claimed is AttachmentKind.PHOTO and family == "image":
        return AttachmentKind.PHOTO
    if claimed is AttachmentKind.VOICE and family in {"audio", "video"}:
        return AttachmentKind.VOICE
    return AttachmentKind.DOCUMENT


def _type_of_head(content: bytes) -> str:
    if content.startswith(b"RIFF"):
        return _RIFF.get(content[8:12], UNKNOWN)
    if content.startswith(b"ftyp", 4):
        return _type_of_boxes(content)
    if content.startswith(_EBML):
        return _type_of_webm(content[:_HEAD_BYTES])
    return next((media_type for magic, media_type in _MAGIC if content.startswith(magic)), UNKNOWN)


def _type_of_boxes(content: bytes) -> str:
    """Tell sound from film in an ISO base media file: phones call both by the same brands."""
    brand = content[8:12]
    if brand in _STILL_BRANDS:
        return UNKNOWN
    if brand in _SOUND_BRANDS:
        return "audio/mp4"
    is_mobile = brand.startswith(b"3g")
    handlers = _handlers(content)
    if b"vide" in handlers:
        return "video/quicktime" if brand == b"qt  " else "video/3gpp" if is_mobile else "video/mp4"
    if b"soun" in handlers:
        return "audio/3gpp" if is_mobile else "audio/mp4"
    return UNKNOWN


def _handlers(content: bytes) -> set[bytes]:
    """Return what the tracks are for: the handler types (ISO/IEC 14496-12, 8.4.3)."""
    found: set[bytes] = set()
    at = -4
    for _ in range(_MOST_TRACKS):
        at = content.find(b"hdlr", at + 4)
        if at < 0:
            break
        found.add(content[at + 12 : at + 16])
    return found


def _type_of_webm(head: bytes) -> str:
    if b"webm" not in head[:64]:
        return UNKNOWN
    return "audio/webm" if b"A_OPUS" in head and b"V_" not in head else "video/webm"


def _ends_as_archive(content: bytes) -> bool:
    """Tell whether a ZIP program would open this: its directory stands at the end, whatever comes before."""
    at = content.rfind(_ARCHIVE_END, max(len(content) - _ARCHIVE_END_BYTES - _LONGEST_COMMENT, 0))
    if at < 0:
        return False
    length = int.from_bytes(content[at + 12 : at + 16], "little")
    return 0 < length <= at and content.startswith(_ARCHIVE_MEMBER, at - length)
