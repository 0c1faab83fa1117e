"""AES-256-GCM (NIST SP 800-38D) for values and keys, HKDF (RFC 5869) for keys that are derived.

    sealed value = "s1." base64url(key id(16) nonce(12) cipher tag(16))
    wrapped key  = nonce(12) cipher(32) tag(16)

Nonces are random: 2^32 values under one key is the limit, far above what one person is written about.
What a value belongs to (its table and column) is authenticated with it, so that it opens nowhere else.
"""

from __future__ import annotations

import os
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = "s1."
"""What every sealed value begins with."""

_ID_BYTES = 16
_NONCE_BYTES = 12


class Unreadable(Exception):
    """The key does not fit, or the bytes are not those that were written."""


def new_key() -> bytes:
    """Return a random key of 256 bits."""
    return AESGCM.generate_key(256)


@lru_cache(maxsize=64)
def derived_key(secret: bytes, purpose: str) -> bytes:
    """Return the key of one purpose, derived from a secret that serves several."""
    return HKDF(SHA256(), 32, salt=None, info=f"sportello {purpose}".encode()).derive(secret)


def wrap(key: bytes, by: bytes, *, key_id: str) -> bytes:
    """Return a key, encrypted and bound to its id."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(by).encrypt(nonce, key, key_id.encode())


def unwrap(wrapped: bytes, by: bytes, *, key_id: str) -> bytes:
    """Return the key again.

    Raises:
        Unreadable: another key wrapped it, or it is another key's row.
    """
    try:
        return AESGCM(by).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], key_id.encode())
    except InvalidTag:
        raise Unreadable(f"key {key_id}") from None


def seal(value: bytes, key: bytes, *, key_id: str, belongs_to: str) -> str:
    """Return a value as its column keeps it. `belongs_to` is `table.column`."""
    nonce = os.urandom(_NONCE_BYTES)
    cipher = AESGCM(key).encrypt(nonce, value, belongs_to.encode())
    return MARK + urlsafe_b64encode(uuid.UUID(key_id).bytes + nonce + cipher).decode()


def is_sealed(stored: str) -> bool:
    """Tell whether a stored text is one of ours."""
    return stored.startswith(MARK)


def unseal(stored: str, key_of: Callable[[str], bytes], *, belongs_to: str) -> bytes:
    """Return a value again. `key_of` gives the key of an id; what it raises is the caller's affair.

    Raises:
        Unreadable: it is too short, the key does not fit, or the value was changed or moved.
    """
    raw = _bytes_of(stored)
    if len(raw) < _ID_BYTES:
        raise Unreadable("a sealed value is too short")
    key = key_of(_id_of(raw))
    nonce, cipher = raw[_ID_BYTES : _ID_BYTES + _NONCE_BYTES], raw[_ID_BYTES + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, cipher, belongs_to.encode())
    except (InvalidTag, ValueError):
        raise Unreadable(f"a value of {belongs_to}") from None


def _id_of(raw: bytes) -> str:
    """Return the key's id as `uuid.UUID` writes it, which takes four times as long: a list reads hundreds."""
    digits = raw[:_ID_BYTES].hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _bytes_of(stored: str) -> bytes:
    try:
        return urlsafe_b64decode(stored[len(MARK) :])
    except ValueError:
        raise Unreadable("a sealed value is broken") from None
