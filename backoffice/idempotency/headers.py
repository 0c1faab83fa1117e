"""The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header-07)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header

from backoffice.errors import BackofficeError

KeyHeader = Annotated[
    str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[!-~]+$")
]
"""The header where it may be left out."""


class KeyMissing(BackofficeError):
    """This request needs an `Idempotency-Key`."""

    status = 400

    def __init__(self) -> None:
        super().__init__("error.key_missing")


def require_key(key: KeyHeader = None) -> str:
    """Return the header's key.

    Raises:
        KeyMissing: there is none.
    """
    if key is None:
        raise KeyMissing
    return key
