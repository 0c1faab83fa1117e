"""What the assistant asked and understood, each fact with where it is from.

A summary is lines of Italian with the origin in brackets at their end, as `actions.handoff` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from translations.catalog import text

_LINE = re.compile(r"^(?P<words>.+?)\s*[(\[](?P<origin>[^()\[\]]{2,60})[)\]]\s*$", re.DOTALL)


class Origin(StrEnum):
    """Where a fact is from."""

    TYPED = "typed"
    BUTTON = "button"
    TRANSLATED = "translated"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Fact:
    """One line for staff. `origin_words`: the words in brackets, where they are none of the known origins."""

    words: str
    origin: Origin | None = None
    origin_words: str | None = None


def read_facts(lines: Sequence[str]) -> list[Fact]:
    """Return the facts of a summary."""
    return [_fact(line) for line in lines]


def _fact(line: str) -> Fact:
    found = _LINE.match(line)
    if found is None:
        return Fact(line)
    said = found["origin"].strip()
    origin = _origins().get(said.casefold())
    return Fact(found["words"], origin, None if origin else said)


@cache
def _origins() -> dict[str, Origin]:
    written = {text(f"backoffice.workplace.origin.{each}", "it").casefold(): each for each in Origin}
    return {**written, **{each.value: each for each in Origin}}
