"""The bytes of attachments: in the data folder, under random names, for nobody else on the machine."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import AsyncIterable
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from backoffice.attachment.kinds import media_type_of
from backoffice.errors import BackofficeError, TooLarge

MOST_BYTES = 20 * 1024 * 1024
"""What Telegram lets a bot download."""

FOLDER = "attachments"

KEPT_FREE_BYTES = 256 * 1024 * 1024
"""The last of the disk is for messages: no file takes it."""


class FileTooLarge(TooLarge):
    """The file is over 20 MB."""

    def __init__(self) -> None:
        super().__init__("error.file_too_large", way_out="error.file_too_large.way_out")


class NoRoom(BackofficeError):
    """The disk is nearly full."""

    status = 507

    def __init__(self) -> None:
        super().__init__("error.no_room")


@dataclass(frozen=True)
class StoredFile:
    """A file that lies in the data folder, and what its bytes say."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str


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


async def keep(data_dir: Path, content: bytes) -> StoredFile:
    """Write a file and make sure that it is on the disk.

    Raises:
        NoRoom: the disk is full, or nearly so.
    """
    return await run_in_threadpool(_write, data_dir, content)


def path_of(data_dir: Path, name: str) -> Path:
    """Return where a file lies."""
    return data_dir / FOLDER / name[:2] / name


def discard(data_dir: Path, name: str) -> None:
    """Delete a file whose row was not written after all."""
    path_of(data_dir, name).unlink(missing_ok=True)


def _write(data_dir: Path, content: bytes) -> StoredFile:
    name = secrets.token_hex(16)
    path = path_of(data_dir, name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if shutil.disk_usage(path.parent).free - len(content) < KEPT_FREE_BYTES:
        raise NoRoom
    try:
        _write_durably(path, content)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise NoRoom from error
    return StoredFile(name, media_type_of(content), len(content), hashlib.sha256(content).hexdigest())


def _write_durably(path: Path, content: bytes) -> None:
    """Write a file so that it, and its name in the folder, survive a power loss."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
