"""Column types for what is personal: encrypted in the table, plain in Python.

A model with such columns says in `__sealed_by__` which of its foreign keys leads to whoever's key seals
them: `"person_id"`, `"conversation_id"`, `"case_id"`, `"message_id"`, `"organisation_id"`; the way goes on
until a table is met that has keys (`data_key_id`). None: the installation's key. Values are marked with
their key when the session flushes (`sealing.py`); a statement that brings a bare one is refused. Nothing
can be looked for in these columns: exact search goes through `backoffice.search`.

A value whose key was destroyed reads as if there were none: the empty text, the empty object.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import JSON, Column, Dialect, Table, Text, event
from sqlalchemy.types import TypeDecorator

from backoffice.encryption import cipher
from backoffice.encryption.keyring import KeyDestroyed, KeyNotAtHand, ring_of
from backoffice.encryption.together import StillSealed, values_that_wait


class NotSealed(TypeError):
    """A bare value was to be written into a column that is encrypted: a mistake of ours."""


class SealedStr(str):
    """A text that knows which key it is sealed with."""

    key_id: str

    def __new__(cls, text: str, key_id: str) -> SealedStr:
        """Mark a text."""
        made = super().__new__(cls, text)
        made.key_id = key_id
        return made


class SealedDict(dict[str, Any]):
    """A JSON object that knows its key."""

    key_id: str


class SealedList(list[Any]):
    """A JSON array that knows its key."""

    key_id: str


Marked = SealedStr | SealedDict | SealedList


def mark(value: Any, key_id: str) -> Marked:
    """Return a text, object or array that is to be sealed with a key."""
    if isinstance(value, str):
        return SealedStr(value, key_id)
    made: SealedDict | SealedList = SealedDict(value) if isinstance(value, dict) else SealedList(value)
    made.key_id = key_id
    return made


class SealedText(TypeDecorator[str]):
    """A text that is encrypted at rest. The empty text and None stay what they are."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str = "") -> None:
        """Make the type; `place` (`table.column`) is filled in when its column joins a table."""
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt a marked text."""
        if value is None or value == "":
            return value
        if not isinstance(value, SealedStr):
            raise NotSealed(self.place)
        key = ring_of(dialect).key(value.key_id)
        return cipher.seal(value.encode(), key, key_id=value.key_id, belongs_to=self.place)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt a text; one that was written before there was encryption is returned as it lies."""
        if value is None or not cipher.is_sealed(value):
            return value
        opened: str = _open(value, dialect, self.place, _text)
        return opened


class SealedJson(TypeDecorator[Any]):
    """A JSON value that is encrypted at rest; replace it as a whole, never change it in place."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, place: str = "") -> None:
        """Make the type; `place` (`table.column`) is filled in when its column joins a table."""
        super().__init__()
        self.place = place

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Encrypt a marked object or array; an empty one has nothing to hide."""
        if value is None or value in ({}, []):
            return value
        if not isinstance(value, SealedDict | SealedList):
            raise NotSealed(self.place)
        text = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
        key = ring_of(dialect).key(value.key_id)
        return cipher.seal(text, key, key_id=value.key_id, belongs_to=self.place)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Decrypt an object or array; one from before there was encryption is returned as it lies."""
        if not isinstance(value, str) or not cipher.is_sealed(value):
            return value
        return _open(value, dialect, self.place, _json)


def _text(opened: bytes | None) -> str:
    return "" if opened is None else opened.decode()


def _json(opened: bytes | None) -> Any:
    return {} if opened is None else json.loads(opened)


def _open(value: str, dialect: Dialect, place: str, read: Callable[[bytes | None], Any]) -> Any:
    """Return a value as `read` makes it of its bytes; of None where its key was destroyed."""
    ring, waiting = ring_of(dialect), values_that_wait()
    try:
        key_of = ring.key if waiting is None else ring.key_at_hand
        return read(cipher.unseal(value, key_of, belongs_to=place))
    except KeyDestroyed:
        return read(None)
    except KeyNotAtHand as absent:
        assert waiting is not None
        sealed = StillSealed(absent.key_id, partial(_open, value, dialect, place, read))
        waiting.append(sealed)
        return sealed


def _name_place(column: Column[Any], table: Table) -> None:
    if isinstance(column.type, SealedText | SealedJson):
        column.type.place = f"{table.name}.{column.name}"


event.listen(Column, "after_parent_attach", _name_place, propagate=True)
