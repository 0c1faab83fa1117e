"""What Rasa remembers of a conversation lies encrypted, under a key that comes with each turn.

The key is the conversation's, derived by the backoffice, and is kept here for the length of a turn only:
when a person's data is erased, their key is destroyed there, and what lies here is noise.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.types import TypeDecorator

_MARK: Final = "m1."
_NONCE_BYTES: Final = 12
_PLACE: Final = b"events.data"
_key: ContextVar[bytes | None] = ContextVar("memory_key", default=None)


class MemoryLocked(Exception):
    """There is no key for this memory, or it is another conversation's."""


@contextmanager
def opened_with(memory_key: str) -> Iterator[None]:
    """Read and write the memory of one conversation within the block.

    Args:
        memory_key: 32 bytes in URL-safe base 64, as a turn brings them.
    """
    token = _key.set(urlsafe_b64decode(memory_key + "=" * (-len(memory_key) % 4)))
    try:
        yield
    finally:
        _key.reset(token)


class SealedEvent(TypeDecorator):
    """The JSON of one event, encrypted. Events of versions before this one are read as they lie."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Encrypt an event.

        Raises:
            MemoryLocked: no turn is going on.
        """
        if value is None:
            return None
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + AESGCM(_key_now()).encrypt(nonce, value.encode("utf-8", "surrogatepass"), _PLACE)
        return _MARK + urlsafe_b64encode(sealed).decode()

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        """Decrypt an event.

        Raises:
            MemoryLocked: no turn is going on, or the key is another one.
        """
        if value is None or not value.startswith(_MARK):
            return value
        sealed = urlsafe_b64decode(value[len(_MARK) :])
        try:
            opened = AESGCM(_key_now()).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _PLACE)
        except InvalidTag:
            raise MemoryLocked("another key") from None
        return opened.decode("utf-8", "surrogatepass")


def _key_now() -> bytes:
    key = _key.get()
    if key is None:
        raise MemoryLocked("no turn is going on")
    return key
