from __future__ import annotations

import io
import zipfile

import pytest

from backoffice.attachment.kinds import UNKNOWN, kind_of, media_type_of
from backoffice.client.schemas import AttachmentKind


def archive(**members: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "/"), content)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"GIF89arest", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPrest", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"OggS\x00\x02rest OpusHead", "audio/ogg"),
        (b"ID3\x04rest", "audio/mpeg"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
        (b"PK\x03\x04 broken", UNKNOWN),
        (b"<html><script>alert(1)</script>", UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", UNKNOWN),
        (b"MZ\x90\x00", UNKNOWN),
        (b"12345678WEBP", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_the_bytes_say_what_a_file_is(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type


def test_office_files_are_told_from_other_archives() -> None:
    assert media_type_of(archive(word__document=b"", **{"word/document.xml": b""})).endswith(
        "wordprocessingml.document"
    )
    odt = archive(mimetype=b"application/vnd.oasis.opendocument.text")
    assert media_type_of(odt) == "application/vnd.oasis.opendocument.text"
    assert media_type_of(archive(mimetype=b"text/html")) == UNKNOWN
    assert media_type_of(archive(evil=b"")) == UNKNOWN


def test_a_claim_counts_only_where_the_bytes_allow_it() -> None:
    assert kind_of("image/jpeg", AttachmentKind.PHOTO) is AttachmentKind.PHOTO
    assert kind_of(UNKNOWN, AttachmentKind.PHOTO) is AttachmentKind.DOCUMENT
    assert kind_of("audio/ogg", AttachmentKind.VOICE) is AttachmentKind.VOICE
    assert kind_of("application/pdf", AttachmentKind.VOICE) is AttachmentKind.DOCUMENT
