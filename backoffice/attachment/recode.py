"""Draws one picture anew, in a process of its own that may take little and reach nothing.

A hostile picture meets Pillow here, where it can stall and fill nothing but this process. Started
by `pictures.py` as a plain script: it knows nothing of ours, no setting and no secret. It runs as the
same user, so Linux is asked to shut it in (Landlock): no file but Python's own, no TCP, no other process.

    recode.py FORMAT MOST_PIXELS PREVIEW_EDGE MOST_BYTES < picture > answer

The answer is one line of JSON (`media_type`, `width`, `height`, `full_bytes`, `preview_bytes`), then
the picture, then its preview. Exit statuses: 0, `TOO_LARGE`, `UNREADABLE`; a signal when a limit struck.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import resource
import struct
import sys
import warnings

from PIL import Image, ImageOps

TOO_LARGE = 3
UNREADABLE = 4

MEMORY_BYTES = 1536 * 1024 * 1024
"""Address space: a picture of 50 megapixels with transparency takes 200 MB a copy, and there are a few."""

CPU_SECONDS = 20
LARGEST_PNG = 6 * 1024 * 1024
"""Beyond it a PNG is a photograph, which JPEG keeps in a fraction."""

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""Landlock's calls: the same numbers on every machine (linux/landlock.h, landlock(7))."""

_ASK_VERSION, _BENEATH, _NO_NEW_PRIVILEGES = 1, 1, 38
_READ = 0b1100  # files and folders
_TCP = 0b11  # bind and connect
_OTHER_PROCESSES = 0b11  # abstract sockets and signals
_SHARED_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")

_QUALITIES = (88, 75, 60)
_PREVIEW_QUALITY = 80


class TooLarge(Exception):
    """It needs more bytes than may be."""


def main() -> int:
    """Read a picture, write it anew."""
    image_format, most_pixels, preview_edge, most_bytes = sys.argv[1], *map(int, sys.argv[2:5])
    confine()
    try:
        answer = recode(sys.stdin.buffer.read(), image_format, most_pixels, preview_edge, most_bytes)
    except (TooLarge, Image.DecompressionBombWarning, Image.DecompressionBombError):
        return TOO_LARGE
    except Exception:  # whatever a decoder stumbles over: the picture is not one that we keep
        return UNREADABLE
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


def confine() -> None:
    """Give up what a decoder does not need: memory, time, files, other processes, and precedence."""
    os.nice(10)
    shut_in()
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 16),  # Pillow loads parts of itself when it meets them
    ):
        _soft, hard = resource.getrlimit(limit)
        within = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (within, within))


def shut_in() -> bool:
    """Let Linux refuse all of the file system but Python's own folders, TCP, and signals to other processes.

    Tells whether it does: since 5.13 for files, 6.7 for TCP, 6.12 for signals. It never lets go again.
    """
    libc = ctypes.CDLL(None, use_errno=True)

    def call(number: int, *arguments: int | bytes | None) -> int:
        sized = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
        return int(libc.syscall(ctypes.c_long(number), *sized))

    version = call(_CREATE_RULESET, None, 0, _ASK_VERSION)
    if version < 1:
        return False
    files = 2 ** (13 if version < 2 else 14 if version < 3 else 15 if version < 5 else 16) - 1
    wanted = struct.pack("=Q", files)
    if version >= 4:
        wanted += struct.pack("=Q", _TCP)
    if version >= 6:
        wanted += struct.pack("=Q", _OTHER_PROCESSES)
    rules = call(_CREATE_RULESET, wanted, len(wanted), 0)
    if rules < 0:
        return False
    try:
        for folder in (*filter(os.path.isdir, sys.path), *filter(os.path.isdir, _SHARED_LIBRARIES)):
            place = os.open(folder, os.O_PATH | os.O_CLOEXEC)
            call(_ADD_RULE, rules, _BENEATH, struct.pack("=Qi", _READ, place), 0)
            os.close(place)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return call(_RESTRICT_SELF, rules, 0) == 0
    finally:
        os.close(rules)


def recode(content: bytes, image_format: str, most_pixels: int, preview_edge: int, most_bytes: int) -> bytes:
    """Return the answer described above.

    Raises:
        DecompressionBombWarning, DecompressionBombError: it has too many pixels.
        TooLarge: it would take too many bytes.
        Exception: it is no such picture.
    """
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = most_pixels  # counted from the head, before anything is decoded
    with Image.open(io.BytesIO(content), formats=(image_format,)) as opened:
        opened.load()  # of what moves, the first picture
        image = _plain(ImageOps.exif_transpose(opened))
    is_photo = image_format == "JPEG" or (image_format == "WEBP" and image.mode == "RGB")
    media_type, full = _encode(image, is_photo=is_photo, most_bytes=most_bytes)
    preview = _jpeg(_fitted(_opaque(image), preview_edge), _PREVIEW_QUALITY)
    head = {
        "media_type": media_type,
        "width": image.width,
        "height": image.height,
        "full_bytes": len(full),
        "preview_bytes": len(preview),
    }
    return json.dumps(head).encode() + b"\n" + full + preview


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels in a mode that both encoders know, and nothing else that came with them."""
    if image.mode in ("I;16", "I;16L", "I;16B", "I"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    elif "transparency" in image.info or image.mode in ("LA", "PA", "La", "RGBa"):
        image = image.convert("RGBA")
    elif image.mode not in ("1", "L", "RGB", "RGBA"):
        image = image.convert("RGB")
    image.info = {}  # EXIF, position, comments, XMP, colour profiles: encoders would write them again
    return image


def _encode(image: Image.Image, *, is_photo: bool, most_bytes: int) -> tuple[str, bytes]:
    if not is_photo:
        written = io.BytesIO()
        image.save(written, "PNG", compress_level=4)
        if written.tell() <= min(LARGEST_PNG, most_bytes):
            return "image/png", written.getvalue()
    opaque = _opaque(image)
    for quality in _QUALITIES:
        full = _jpeg(opaque, quality)
        if len(full) <= most_bytes:
            return "image/jpeg", full
    raise TooLarge


def _opaque(image: Image.Image) -> Image.Image:
    """Return it on white paper."""
    if image.mode != "RGBA":
        return image if image.mode in ("L", "RGB") else image.convert("L")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _fitted(image: Image.Image, edge: int) -> Image.Image:
    longest = max(image.size)
    if longest <= edge:
        return image
    size = (max(image.width * edge // longest, 1), max(image.height * edge // longest, 1))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality)
    return written.getvalue()


if __name__ == "__main__":
    sys.exit(main())
