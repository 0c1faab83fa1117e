"""Words of danger in every language and script: they beat every other reading and every running form.

The lists are `danger_words/<language>.txt`, one for each language that the assistant speaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Final

from nlu.components.terms import TermIndex, every_language, words_of
from nlu.components.wording import tokens

_FOLDER: Final = Path(__file__).parent / "danger_words"
_HINT: Final = "~"
_UNLESS_AN_OFFICE: Final = "?"


class Danger(IntEnum):
    """How clearly a message says that somebody is in danger."""

    NONE = 0
    HINTED = 1
    SAID_UNLESS_AN_OFFICE = 2
    SAID = 3


def read_danger(message: str) -> Danger:
    """Return the clearest sign of danger in a message: none, hinted or said."""
    words = tokens(message)
    danger = max((match.value for match in _index().find(words)), default=Danger.NONE)
    if danger is Danger.SAID_UNLESS_AN_OFFICE:
        return Danger.HINTED if _offices().find(words) else Danger.SAID
    return danger


@cache
def _index() -> TermIndex[Danger]:
    terms = (term for path in sorted(_FOLDER.glob("*.txt")) for term in _read(path))
    return TermIndex(terms, allows_error=False)


@cache
def _offices() -> TermIndex[bool]:
    return TermIndex(((term, True) for term in words_of(every_language(), "offices")), tolerant=False)


def _read(path: Path) -> Iterator[tuple[str, Danger]]:
    levels = {_HINT: Danger.HINTED, _UNLESS_AN_OFFICE: Danger.SAID_UNLESS_AN_OFFICE}
    for line in path.read_text(encoding="utf-8").splitlines():
        term = line.strip()
        if term and not term.startswith("#"):
            yield term.lstrip(_HINT + _UNLESS_AN_OFFICE).strip(), levels.get(term[0], Danger.SAID)
