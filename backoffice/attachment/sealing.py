"""How an attachment lies on the disk: encrypted in pieces with its own key, which lies wrapped in its row.

    file   = "SPF" version(1) prefix(7) piece*
    piece  = AES-256-GCM(key, nonce = prefix number(4) last(1), text = up to 64 KiB) = cipher tag(16)
    key    = random, one for each attachment, wrapped by the key of the installation:
    wrapped = state(1) nonce(12) AES-256-GCM(installation's key, the key)

Each piece can be read alone, so that a player may begin in the middle. None can be left out, moved,
cut off or put into another file: number and end are in its nonce, and what the file belongs to is
authenticated with it. The wrapped key is bound to attachment and conversation: a row that is moved
to another conversation opens nothing. Without the wrapped key the file is noise, wherever copies lie.
This is the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (2015), as age and Tink use it.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backoffice.encryption.cipher import derived_key

PIECE_BYTES = 64 * 1024

_MARK = b"SPF\x01"
_PREFIX_BYTES = 7
_HEAD_BYTES = len(_MARK) + _PREFIX_BYTES
_TAG_BYTES = 16
_NONCE_BYTES = 12
_SEALED_PIECE = PIECE_BYTES + _TAG_BYTES
_FREE, _BOUND = b"\x00", b"\x01"


class Unreadable(Exception):
    """The key does not fit, or the bytes are not those that were written."""


def installation_key(secret: str) -> bytes:
    """Return the key that wraps the keys of attachments, derived from `SPORTELLO_SECRET_KEY`."""
    return derived_key(secret.encode(), "attachments 1")


def new_key() -> bytes:
    """Return the key of one attachment."""
    return AESGCM.generate_key(256)


# --- Keys ---------------------------------------------------------------------------------------


def wrap(key: bytes, by: bytes, *, attachment_id: str, conversation_id: str | None) -> bytes:
    """Return a key as its row keeps it, bound to attachment and, where it is known, conversation."""
    state = _FREE if conversation_id is None else _BOUND
    nonce = os.urandom(_NONCE_BYTES)
    return state + nonce + AESGCM(by).encrypt(nonce, key, _owner(state, attachment_id, conversation_id))


def unwrap(wrapped: bytes, by: bytes, *, attachment_id: str, conversation_id: str | None) -> bytes:
    """Return a key.

    Raises:
        Unreadable: it belongs to another attachment, conversation or installation.
    """
    state, nonce, sealed = wrapped[:1], wrapped[1 : 1 + _NONCE_BYTES], wrapped[1 + _NONCE_BYTES :]
    try:
        return AESGCM(by).decrypt(nonce, sealed, _owner(state, attachment_id, conversation_id))
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error


def is_bound(wrapped: bytes) -> bool:
    """Tell whether a key belongs to a conversation already: a new Telegram chat's first file does not."""
    return wrapped[:1] == _BOUND


def _owner(state: bytes, attachment_id: str, conversation_id: str | None) -> bytes:
    conversation = conversation_id or "" if state == _BOUND else ""
    return state + f"{attachment_id}/{conversation}".encode()


# --- Files --------------------------------------------------------------------------------------


def seal(content: bytes, key: bytes, *, belongs_to: str) -> Iterator[bytes]:
    """Give the pieces of the file to write. `belongs_to`: attachment and part, authenticated with each."""
    head = _MARK + os.urandom(_PREFIX_BYTES)
    cipher, owner = AESGCM(key), head + belongs_to.encode()
    yield head
    last = _last_piece(len(content))
    for number in range(last + 1):
        piece = content[number * PIECE_BYTES : (number + 1) * PIECE_BYTES]
        yield cipher.encrypt(_nonce(head, number, last), piece, owner)


def plain_bytes(file_bytes: int) -> int:
    """Return how long the content of a sealed file of this length is.

    Raises:
        Unreadable: no file of ours has this length.
    """
    sealed = file_bytes - _HEAD_BYTES
    if sealed < _TAG_BYTES or 0 < sealed % _SEALED_PIECE < _TAG_BYTES:
        raise Unreadable
    return sealed - _TAG_BYTES * -(-sealed // _SEALED_PIECE)


def open_sealed(file: BinaryIO, key: bytes, *, belongs_to: str, start: int, stop: int) -> Iterator[bytes]:
    """Give the content from `start` up to `stop`, a piece at a time. Nothing unauthenticated is given.

    Raises:
        Unreadable: another key, another owner, or other bytes than were written.
    """
    file.seek(0, os.SEEK_END)
    last = _last_piece(plain_bytes(file.tell()))
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    if not head.startswith(_MARK):
        raise Unreadable
    cipher, owner = AESGCM(key), head + belongs_to.encode()
    first = min(start // PIECE_BYTES, last)
    file.seek(_HEAD_BYTES + first * _SEALED_PIECE)
    for number in range(first, min(_last_piece(stop), last) + 1):
        try:
            piece = cipher.decrypt(_nonce(head, number, last), file.read(_SEALED_PIECE), owner)
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error
        begin = number * PIECE_BYTES
        yield piece[max(start - begin, 0) : stop - begin]


class SealingWriter:
    """Seals a stream whose length nobody knows yet, in the same format: a backup, while it is made."""

    def __init__(self, file: BinaryIO, key: bytes, *, belongs_to: str) -> None:
        self._file, self._cipher = file, AESGCM(key)
        self._head = _MARK + os.urandom(_PREFIX_BYTES)
        self._owner = self._head + belongs_to.encode()
        self._waiting, self._number = bytearray(), 0
        file.write(self._head)

    def write(self, content: bytes) -> int:
        """Take more; a piece is written when it is known not to be the last."""
        self._waiting += content
        while len(self._waiting) > PIECE_BYTES:
            self._write_piece(bytes(self._waiting[:PIECE_BYTES]), is_last=False)
            del self._waiting[:PIECE_BYTES]
        return len(content)

    def finish(self) -> None:
        """Write the last piece. Without it the file does not open: half a backup is none."""
        self._write_piece(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _write_piece(self, piece: bytes, *, is_last: bool) -> None:
        nonce = self._head[len(_MARK) :] + struct.pack(">IB", self._number, is_last)
        self._file.write(self._cipher.encrypt(nonce, piece, self._owner))
        self._number += 1


class SealedReader:
    """Reads from its beginning what `SealingWriter` wrote, or `seal`; for `tarfile`."""

    def __init__(self, file: BinaryIO, key: bytes, *, belongs_to: str) -> None:
        self._file, self._cipher = file, AESGCM(key)
        self._head = file.read(_HEAD_BYTES)
        if not self._head.startswith(_MARK) or len(self._head) < _HEAD_BYTES:
            raise Unreadable
        self._owner = self._head + belongs_to.encode()
        self._ahead = file.read(_SEALED_PIECE)
        self._plain, self._number = bytearray(), 0

    def read(self, size: int) -> bytes:
        """Return that many bytes, fewer at the end only.

        Raises:
            Unreadable: another key, or other bytes than were written.
        """
        while len(self._plain) < size and (self._ahead or self._number == 0):
            self._read_piece()
        found = bytes(self._plain[:size])
        del self._plain[:size]
        return found

    def _read_piece(self) -> None:
        piece, self._ahead = self._ahead, self._file.read(_SEALED_PIECE)
        nonce = self._head[len(_MARK) :] + struct.pack(">IB", self._number, not self._ahead)
        try:
            self._plain += self._cipher.decrypt(nonce, piece, self._owner)
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error
        self._number += 1


def _last_piece(content_bytes: int) -> int:
    return max(content_bytes - 1, 0) // PIECE_BYTES


def _nonce(head: bytes, number: int, last: int) -> bytes:
    return head[len(_MARK) :] + struct.pack(">IB", number, number == last)
