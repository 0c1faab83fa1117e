"""Pictures are drawn anew: what is kept holds pixels, and nothing else of what the sender's file held.

Position, camera, comments, a second file behind the picture: none of it is in the new one. The work is
done by `recode.py` in a process of its own, two at a time, under limits of memory and time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from backoffice.attachment import files
from backoffice.errors import BackofficeError

MOST_PIXELS = 50_000_000
"""The largest that phones take by themselves is 48 to 50 megapixels."""

PREVIEW_EDGE = 640
"""Pixels of the longer side, of what stands in a thread: 320 on a screen of double density."""

AT_ONCE = 2
WAIT_SECONDS = 10.0
"""How long a picture waits for its turn."""

SECONDS = 20.0
"""How long one may take; a picture of 50 megapixels takes three."""

_SCRIPT = Path(__file__).with_name("recode.py")
_TOO_LARGE = 3
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH")
"""What the process inherits: no setting, no secret."""

_turns = threading.BoundedSemaphore(AT_ONCE)


class PictureUnreadable(BackofficeError):
    """It says that it is a picture and is none, or a broken one."""

    status = 422

    def __init__(self) -> None:
        super().__init__("error.picture_unreadable", way_out="error.picture_unreadable.way_out")


class PictureTooLarge(BackofficeError):
    """It has more than 50 megapixels, or takes too much memory or time to draw."""

    status = 422

    def __init__(self) -> None:
        super().__init__("error.picture_too_large", way_out="error.picture_unreadable.way_out")


class PicturesBusy(BackofficeError):
    """Others are being drawn; try again in a moment."""

    status = 503

    def __init__(self) -> None:
        super().__init__("error.unavailable")


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew, and its preview (always a JPEG)."""

    media_type: str
    width: int
    height: int
    full: bytes
    preview: bytes


def draw_anew(content: bytes, media_type: str) -> Picture:
    """Return the picture without anything but its pixels, turned the way it was held.

    Raises:
        PictureUnreadable: it is no such picture.
        PictureTooLarge: it has too many pixels, or a limit of memory or time struck.
        PicturesBusy: its turn did not come.
    """
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise PicturesBusy
    try:
        answer = _run(content, _FORMATS[media_type])
    finally:
        _turns.release()
    return _read(answer)


def _run(content: bytes, image_format: str) -> bytes:
    numbers = (MOST_PIXELS, PREVIEW_EDGE, files.MOST_BYTES)
    command = [sys.executable, "-I", str(_SCRIPT), image_format, *map(str, numbers)]
    inherited = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603  # our own script; what the sender wrote goes to its input
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=inherited,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise PictureTooLarge from late
    if done.returncode == _TOO_LARGE or done.returncode < 0:
        raise PictureTooLarge
    if done.returncode != 0:
        raise PictureUnreadable
    return done.stdout


def _read(answer: bytes) -> Picture:
    head, _, bodies = answer.partition(b"\n")
    said = json.loads(head)
    border = said["full_bytes"]
    return Picture(said["media_type"], said["width"], said["height"], bodies[:border], bodies[border:])
