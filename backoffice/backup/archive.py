r"""The file of a backup: a tar, sealed in pieces with a key of its own.

    file = "SPORTELLO BACKUP 1\n" salt(32) sealed        (`attachment/sealing.py` has the rest)
    key  = derived from the installation's secret and the salt

Whoever has the file and not the secret has noise; the secret is never in it. A file that was cut off or
altered does not open.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from backoffice.attachment.sealing import SealedReader, SealingWriter, Unreadable
from backoffice.backup.errors import BackupError
from backoffice.encryption.cipher import derived_key

_MARK = b"SPORTELLO BACKUP 1\n"
_SALT_BYTES = 32
_OWNER = "backup"
_PURPOSE = "backup 1"
_DRAIN_BYTES = 1024 * 1024


@contextmanager
def writing(path: Path, secret: str) -> Iterator[tarfile.TarFile]:
    """Give a tar to fill. The file has its name only when it is whole and on the disk."""
    unfinished = path.with_name(f"{path.name}.part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            salt = os.urandom(_SALT_BYTES)
            file.write(_MARK + salt)
            sealed = SealingWriter(file, _key(secret, salt), belongs_to=_OWNER)
            with tarfile.open(mode="w|", fileobj=cast("BinaryIO", sealed)) as tar:
                yield tar
            sealed.finish()
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def add_file(tar: tarfile.TarFile, path: Path, name: str) -> bool:
    """Add a file; one that was deleted in the meantime is left out, and False is returned."""
    try:
        with path.open("rb") as file:
            found = tarfile.TarInfo(name)
            found.size, found.mode = os.fstat(file.fileno()).st_size, 0o600
            tar.addfile(found, file)
    except FileNotFoundError:
        return False
    return True


def unpack(path: Path, secret: str, folder: Path, *, tell: Callable[[str], None]) -> None:
    """Unpack a backup into a folder, and read it to its end: what is not whole is refused.

    Raises:
        BackupError: it is none, it was altered or cut off, or it is of another secret.
    """
    try:
        with path.open("rb") as file:
            if file.read(len(_MARK)) != _MARK:
                raise BackupError(f"{path} is no backup of Sportello.")
            reader = SealedReader(file, _key(secret, file.read(_SALT_BYTES)), belongs_to=_OWNER)
            with tarfile.open(mode="r|", fileobj=cast("BinaryIO", reader)) as tar:
                for number, member in enumerate(tar, start=1):
                    tar.extract(member, folder, set_attrs=False, filter="data")
                    if number % 1000 == 0:
                        tell(f"{number} files unpacked")
            while reader.read(_DRAIN_BYTES):
                pass
    except Unreadable as wrong:
        raise BackupError(
            f"{path} does not open: it was made with another secret_key, or it was altered or cut off."
        ) from wrong
    except (OSError, tarfile.TarError) as wrong:
        raise BackupError(f"{path} cannot be read: {wrong}") from wrong


def _key(secret: str, salt: bytes) -> bytes:
    return derived_key(derived_key(secret.encode(), _PURPOSE), f"archive {salt.hex()}")
