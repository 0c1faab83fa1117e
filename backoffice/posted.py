"""What a page posts, field by field: words, days and versions as they were typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

Fields = Mapping[str, list[str]]


def one(fields: Fields, name: str) -> str:
    """Return what was typed into a field, without spaces around it."""
    return (fields.get(name) or [""])[0].strip()


def first_of_each(fields: Fields) -> dict[str, str]:
    """Return what was typed into each field, the first of several, to show it again."""
    return {name: values[0] for name, values in fields.items() if values}


def version_read(fields: Fields) -> int | None:
    """Return the version that the form was made from; None where it says none."""
    typed = one(fields, "version")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def day_typed(typed: str) -> date | None:
    """Return the day that was typed; None for what is none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
