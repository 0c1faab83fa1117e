"""Fetches what the index names, and goes on where a download broke off."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from translations.archive import CODE, VERSION

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
"""Seconds: to connect, and between two pieces of an answer."""

LARGEST_FILE = 1_000_000_000
"""Bytes of a package file; published ones have 50 to 300 million."""

_TRIES = 3
_REPORT_EVERY = 5_000_000


class Offline(Exception):
    """Something can't be fetched; the sentence says what and why."""


@dataclass(frozen=True)
class Download:
    """One package of the index."""

    pair: tuple[str, str]
    version: str
    links: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of package and version, as files and checksums are called."""
        return f"translate-{self.pair[0]}_{self.pair[1]}-{self.version}"

    @property
    def title(self) -> str:
        """The package in a sentence."""
        return f"{self.pair[0]} -> {self.pair[1]} {self.version}"

    @classmethod
    def from_index(cls, entry: Any, *, base: str) -> Download | None:
        """Read an entry; None for what is no translation package that HTTP can fetch."""
        if not isinstance(entry, dict) or entry.get("type", "translate") != "translate":
            return None
        codes = str(entry.get("from_code")), str(entry.get("to_code"))
        version = str(entry.get("package_version"))
        listed = entry.get("links")
        links = [
            str(httpx.URL(base).join(str(link))) for link in (listed if isinstance(listed, list) else ())
        ]
        links = [link for link in links if link.startswith(("http://", "https://"))]
        # These become names of files.
        if not all(CODE.fullmatch(code) for code in codes) or not VERSION.fullmatch(version) or not links:
            return None
        return cls((codes[0], codes[1]), version, tuple(links))


def read_json(address: str) -> Any:
    """Fetch a small JSON document.

    Raises:
        Offline: there is no answer, or another one.
    """
    try:
        response = httpx.get(address, timeout=TIMEOUT, follow_redirects=True)
        response.raise_for_status()
        return response.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise Offline(f"{address} gives no usable answer ({_reason(error)}).") from None


def fetch(download: Download, folder: Path, report: Callable[[str], None]) -> Path:
    """Download into a folder, telling how far it is; a second call goes on where the first stopped.

    Raises:
        Offline: no link works to the end; what has arrived stays for the next time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    finished, part = folder / f"{download.name}.argosmodel", folder / f"{download.name}.part"
    reasons = []
    for link in download.links * _TRIES:
        try:
            _continue(link, part, lambda got, total: report(_progress(download, got, total)))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reasons.append(f"{link}: {_reason(error)}")
            continue
        part.rename(finished)
        return finished
    arrived = part.stat().st_size if part.exists() else 0
    raise Offline(
        f"the download broke off ({reasons[-1]}). {arrived / 1e6:.1f} MB have arrived and are kept:"
        " run the same command again to go on."
    )


def _continue(link: str, part: Path, tell: Callable[[int, int | None], None]) -> None:
    """Fetch what is missing of one file."""
    have = part.stat().st_size if part.exists() else 0
    headers = (
        {"Range": f"bytes={have}-", "Accept-Encoding": "identity"}
        if have
        else {"Accept-Encoding": "identity"}
    )
    with httpx.stream("GET", link, headers=headers, timeout=TIMEOUT, follow_redirects=True) as response:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            if response.headers.get("Content-Range", "").endswith(f"/{have}"):
                return  # it had arrived whole
            part.unlink()
        response.raise_for_status()
        goes_on = response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
        have = have if response.status_code == httpx.codes.PARTIAL_CONTENT and goes_on else 0
        total = _total(response, have)
        _refuse_too_large(total, part, have)
        with part.open("ab" if have else "wb") as file:
            _copy(response, file.write, have, total, tell)


def _copy(
    response: httpx.Response,
    write: Callable[[bytes], int],
    have: int,
    total: int | None,
    tell: Callable[[int, int | None], None],
) -> None:
    told = have - have % _REPORT_EVERY
    for block in response.iter_bytes():  # as they come: a fixed size would lose the last ones at a break
        write(block)
        have += len(block)
        if have > LARGEST_FILE:
            raise httpx.RequestError("the file is too large")
        if have - told >= _REPORT_EVERY:
            told = have
            tell(have, total)
    if total is not None and have != total:
        raise httpx.RemoteProtocolError("the answer ended too early")
    tell(have, total)


def _total(response: httpx.Response, have: int) -> int | None:
    length = response.headers.get("Content-Length", "")
    is_plain = response.headers.get("Content-Encoding", "identity") == "identity"
    return have + int(length) if length.isdigit() and is_plain else None


def _refuse_too_large(total: int | None, part: Path, have: int) -> None:
    if total is None:
        return
    # The file, and the same unpacked.
    if shutil.disk_usage(part.parent).free < (total - have) + 2 * total:
        raise httpx.RequestError(f"the disk has no room for {3 * total / 1e6:.0f} MB")
    if total > LARGEST_FILE:
        raise httpx.RequestError(f"the file is larger than {LARGEST_FILE / 1e6:.0f} MB")


def _progress(download: Download, got: int, total: int | None) -> str:
    of = f" of {total / 1e6:.1f}" if total else ""
    return f"{download.title}: {got / 1e6:.1f}{of} MB"


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.HTTPStatusError):
        return f"HTTP {error.response.status_code}"
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    if isinstance(error, httpx.ConnectError):
        return "no connection"
    return str(error) or type(error).__name__
