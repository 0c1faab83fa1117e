"""Column types that several domains use."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Enum


def enum_column(kind: type[StrEnum], name: str) -> Enum:
    """Return the type of a column that holds an enum's values as text, with a check constraint."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=30,
        values_callable=lambda members: [member.value for member in members],
    )
