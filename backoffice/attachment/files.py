"""The bytes of attachments: in the data folder, under random names, for nobody else on the machine."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import AsyncIterable, Iterable
from pathlib import Path

from backoffice.errors import BackofficeError, TooLarge

MOST_BYTES = 20 * 1024 * 1024
"""What Telegram lets a bot download."""

FOLDER = "attachments"

KEPT_FREE_BYTES = 256 * 1024 * 1024
"""The last of the disk is for messages: no file takes it."""

_PREVIEW = ".preview"


class FileTooLarge(TooLarge):
    """The file is over 20 MB."""

    def __init__(self) -> None:
        super().__init__("error.file_too_large", way_out="error.file_too_large.way_out")


class NoRoom(BackofficeError):
    """The disk is nearly full."""

    status = 507

    def __init__(self) -> None:
        super().__init__("error.no_room")


async def receive(chunks: AsyncIterable[bytes]) -> bytes:
    """Return the body of a request.

    Raises:
        FileTooLarge: it is over 20 MB; reading stops there.
    """
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > MOST_BYTES:
            raise FileTooLarge
    return bytes(body)


def new_name() -> str:
    """Return a random name."""
    return secrets.token_hex(16)


def path_of(data_dir: Path, name: str, *, preview: bool = False) -> Path:
    """Return where a file, or the preview beside it, lies."""
    return data_dir / FOLDER / name[:2] / (name + _PREVIEW if preview else name)


def name_of(path: Path) -> str:
    """Return the name that a file, or its preview, belongs to."""
    return path.name.removesuffix(_PREVIEW)


def write(path: Path, pieces: Iterable[bytes], *, size_bytes: int) -> None:
    """Write a file and make sure that it is on the disk, with its name in the folder.

    Raises:
        NoRoom: the disk is full, or nearly so; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if shutil.disk_usage(path.parent).free - size_bytes < KEPT_FREE_BYTES:
        raise NoRoom
    try:
        _write_durably(path, pieces)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise NoRoom from error


def discard(data_dir: Path, name: str) -> None:
    """Delete a file, and its preview, whose row was not written or is no more."""
    for preview in (False, True):
        path_of(data_dir, name, preview=preview).unlink(missing_ok=True)


def _write_durably(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file so that it, and its name in the folder, survive a power loss."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
