"""Whether a downloaded package is the one that it should be."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from translations.languages import FOLDER

PINNED_FILE = FOLDER / "packages.json"


class WrongChecksum(Exception):
    """A file is not what was pinned, or not what was seen the first time."""


class Checksums:
    """The pinned SHA-256 of packages, and those seen on first use, kept in a file of the folder."""

    def __init__(self, folder: Path, *, pinned_file: Path = PINNED_FILE) -> None:
        self._seen_file = folder / "checksums.json"
        self._pinned: dict[str, str] = json.loads(pinned_file.read_text(encoding="utf-8"))["sha256"]

    def verify(self, name: str, file: Path) -> str:
        """Compare a file; return a sentence that says what this was compared with.

        Raises:
            WrongChecksum: it differs.
        """
        found = sha256(file)
        if name in self._pinned:
            return self._compared(found, self._pinned[name], "the checksum that Sportello pins")
        seen = self._seen()
        if name in seen:
            return self._compared(found, seen[name], "the checksum of the first download")
        self._seen_file.parent.mkdir(parents=True, exist_ok=True)
        self._seen_file.write_text(json.dumps({**seen, name: found}, indent=4, sort_keys=True))
        return f"nobody has pinned a checksum; trusted on first use and recorded: {found}"

    def _seen(self) -> dict[str, str]:
        try:
            seen: dict[str, str] = json.loads(self._seen_file.read_text())
        except FileNotFoundError:
            return {}
        return seen

    @staticmethod
    def _compared(found: str, wanted: str, what: str) -> str:
        if found != wanted:
            raise WrongChecksum(
                f"its checksum {found} is not {what}, {wanted}. The download was removed. If this happens"
                " again, the file was changed at its source: ask who keeps the index."
            )
        return f"fits {what}."


def sha256(file: Path) -> str:
    """Return the checksum of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
