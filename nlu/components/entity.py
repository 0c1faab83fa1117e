"""What a reader of entities returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entity:
    """A value that a person gave: contract name (or one of ours), normal form, and where it stands.

    `value` is an integer for amounts, else a string: Italian town name, code, E.164 number or ISO date.
    """

    name: str
    value: str | int
    start: int
    end: int

    def overlaps(self, start: int, end: int) -> bool:
        """Tell whether it covers a character of that stretch."""
        return self.start < end and start < self.end
