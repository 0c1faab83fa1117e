"""The bytes of attachments: in the data folder, under random names, for nobody else on the machine."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import AsyncIterable
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from backoffice.attachment.kinds import media_type_of
from backoffice.errors import TooLarge

MOST_BYTES = 20 * 1024 * 1024
"""What Telegram lets a bot download."""

FOLDER = "attachments"


class FileTooLarge(TooLarge):
    """The file is over 20 MB."""

    def __init__(self) -> None:
        super().__init__("error.file_too_large", way_out="error.file_too_large.way_out")


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
    """Write a file and make sure that it is on the disk."""
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
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return StoredFile(name, media_type_of(content), len(content), hashlib.sha256(content).hexdigest())
