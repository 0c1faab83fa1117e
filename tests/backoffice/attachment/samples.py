"""Small files that are what they say they are, and some that are more than that."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib
from functools import cache

from PIL import ExifTags, Image

CANARY = b"canary-of-the-tests-4711"
SCRIPT = b"<script>alert(document.domain)</script>"


def picture(image_format: str = "JPEG", *, size: tuple[int, int] = (60, 40), colour: str = "teal") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, image_format)
    return written.getvalue()


JPEG = picture()


@cache
def photo_with_position() -> bytes:
    """A JPEG as phones make them: lying on its side, with position, camera, a comment and a profile."""
    image = Image.new("RGB", (60, 40), "teal")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = CANARY.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (45.0, 21.0, 44.0), 3: "E", 4: (9.0, 41.0, 10.0)})
    written = io.BytesIO()
    image.save(written, "JPEG", exif=exif, comment=CANARY, icc_profile=b"profile" + CANARY, xmp=CANARY)
    return written.getvalue()


def picture_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head says that it is of this size."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = b"IDAT" + zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in (head, body, b"IEND")
    )


def archive(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", compression) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return written.getvalue()


def pdf(text: bytes = CANARY) -> bytes:
    return b"%PDF-1.7\n1 0 obj <</Title (" + text + b")>> endobj\ntrailer <<>>\n%%EOF\n"


def recording(seconds: float = 1.0) -> bytes:
    """A WAV of silence."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * int(8000 * seconds))
    return written.getvalue()


def film(*handlers: bytes, brand: bytes = b"isom") -> bytes:
    """The skeleton of an ISO base media file with tracks of these kinds."""
    boxes = b"".join(b"\0\0\0\x20hdlr" + b"\0" * 8 + handler + b"\0" * 12 for handler in handlers)
    return b"\0\0\0\x10ftyp" + brand + b"\0\0\0\0" + boxes
