"""Asks ClamAV's daemon about a file, where the installation names one.

The protocol is that of clamd(8): `zINSTREAM`, the file in pieces that say their length, an empty one,
then one line of answer. The file is not written anywhere for it.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterable
from dataclasses import dataclass

SECONDS = 15.0
"""How long an answer may take in all; a file that waits longer is shown as not checked."""

_LONGEST_ANSWER = 4096
_PIECE_BYTES = 64 * 1024


class ClamdAway(Exception):
    """The scanner cannot be reached, or did not answer as it should."""


@dataclass(frozen=True)
class Clamd:
    """Where clamd listens: a socket in the file system, or a host and its port."""

    path: str = ""
    host: str = ""
    port: int = 0

    @classmethod
    def at(cls, address: str) -> Clamd:
        """Read `unix:/run/clamav/clamd.ctl`, `tcp:host:port` or `host:port`.

        Raises:
            ValueError: it is none of these.
        """
        kind, _, rest = address.partition(":")
        if kind == "unix" and rest.startswith("/"):
            return cls(path=rest)
        host, _, port = (rest if kind == "tcp" else address).removeprefix("//").rpartition(":")
        if host and port.isdecimal() and 0 < int(port) < 65536:
            return cls(host=host.strip("[]"), port=int(port))
        raise ValueError("must be unix:/path or host:port")

    def finds_virus(self, content: Iterable[bytes], *, seconds: float = SECONDS) -> bool:
        """Tell whether clamd finds a virus in a file.

        Raises:
            ClamdAway: there is no such answer.
        """
        end = time.monotonic() + seconds
        try:
            with self._connected(seconds) as connection:
                connection.sendall(b"zINSTREAM\0")
                for piece in _pieces(content):
                    connection.settimeout(max(end - time.monotonic(), 0.001))
                    connection.sendall(struct.pack(">I", len(piece)) + piece)
                connection.sendall(struct.pack(">I", 0))
                return _is_found(_answer(connection, end))
        except OSError as error:  # a time-out is one too
            raise ClamdAway(type(error).__name__) from error

    def _connected(self, seconds: float) -> socket.socket:
        if not self.path:
            return socket.create_connection((self.host, self.port), timeout=seconds)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(seconds)
            connection.connect(self.path)
        except BaseException:
            connection.close()
            raise
        return connection


def _pieces(content: Iterable[bytes]) -> Iterable[bytes]:
    for part in content:
        for at in range(0, len(part), _PIECE_BYTES):
            yield part[at : at + _PIECE_BYTES]


def _answer(connection: socket.socket, end: float) -> bytes:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        connection.settimeout(max(end - time.monotonic(), 0.001))
        received = connection.recv(_LONGEST_ANSWER)
        if not received:
            break
        answer += received
    return answer.strip(b"\0\n")


def _is_found(answer: bytes) -> bool:
    if answer == b"stream: OK":
        return False
    if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
        return True
    raise ClamdAway("answer")
