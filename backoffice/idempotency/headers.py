"""The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header-07)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header

KeyHeader = Annotated[
    str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[!-~]+$")
]
"""The header where it may be left out."""
