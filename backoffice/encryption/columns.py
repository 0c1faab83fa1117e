"""Column types for what is personal: encrypted in the table, plain in Python.

A model with such columns says in `__sealed_by__` which of its foreign keys leads to whoever's key seals
them: `"person_id"`, `"conversation_id"`, `"case_id"`, `"message_id"`, `"organisation_id"`. Nothing can be
looked for in them: exact search goes through `backoffice.search`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Text
from sqlalchemy.types import TypeDecorator


class SealedText(TypeDecorator[str]):
    """A text that is encrypted at rest. The empty text and None stay what they are."""

    impl = Text
    cache_ok = True


class SealedJson(TypeDecorator[Any]):
    """A JSON value that is encrypted at rest; replace it as a whole, never change it in place."""

    impl = JSON
    cache_ok = True
