from __future__ import annotations

import pytest

from backoffice.attachment.kinds import EXTENSIONS, TAKEN, UNKNOWN, kind_of, media_type_of
from backoffice.client.schemas import AttachmentKind
from tests.backoffice.attachment.samples import archive, film, pdf, picture, recording


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("GIF"), "image/gif"),
        (picture("WEBP"), "image/webp"),
        (pdf(), "application/pdf"),
        (recording(0.1), "audio/wav"),
        (b"OggS\x00\x02rest OpusHead", "audio/ogg"),
        (b"ID3\x04rest", "audio/mpeg"),
        (b"\xff\xfb\x90rest", "audio/mpeg"),
        (b"#!AMR\n", "audio/amr"),
        (film(b"soun", brand=b"M4A "), "audio/mp4"),
        (film(b"soun", brand=b"mp42"), "audio/mp4"),
        (film(b"soun", b"vide", brand=b"mp42"), "video/mp4"),
        (film(b"vide", b"soun", brand=b"qt  "), "video/quicktime"),
        (film(b"soun", brand=b"3gp4"), "audio/3gpp"),
        (b"\x1aE\xdf\xa3\x9fB\x82\x84webm A_OPUS", "audio/webm"),
        (b"\x1aE\xdf\xa3\x9fB\x82\x84webm A_OPUS V_VP8", "video/webm"),
    ],
)
def test_the_bytes_say_what_a_file_is(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type
    assert media_type in TAKEN
    assert media_type in EXTENSIONS


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"12345678WEBP",
        b"RIFF\x10\x00\x00\x00AVI rest",
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\x00",
        b"#!/bin/sh",
        b"{\\rtf1",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x1f\x8b\x08",
        b"\x1aE\xdf\xa3\x9fB\x82\x88matroska",
        archive({"word/document.xml": b""}),
        archive({"mimetype": b"application/vnd.oasis.opendocument.text"}),
        film(b"pict", brand=b"heic"),
        film(b"vide", brand=b"avif"),
        film(),
    ],
)
def test_what_is_not_on_the_list_is_not_taken(content: bytes) -> None:
    assert media_type_of(content) == UNKNOWN


@pytest.mark.parametrize("first", [pdf(), recording(0.1), b"ID3\x04rest", film(b"soun", brand=b"M4A ")])
def test_a_file_that_is_an_archive_too_is_not_taken(first: bytes) -> None:
    assert media_type_of(first + archive({"evil.html": b"<script>"})) == UNKNOWN
    assert media_type_of(first + b"PK\x05\x06" + b"\0" * 18) != UNKNOWN


def test_a_claim_counts_only_where_the_bytes_allow_it() -> None:
    assert kind_of("image/jpeg", AttachmentKind.PHOTO) is AttachmentKind.PHOTO
    assert kind_of(UNKNOWN, AttachmentKind.PHOTO) is AttachmentKind.DOCUMENT
    assert kind_of("audio/ogg", AttachmentKind.VOICE) is AttachmentKind.VOICE
    assert kind_of("application/pdf", AttachmentKind.VOICE) is AttachmentKind.DOCUMENT
