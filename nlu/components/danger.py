"""Words of danger in every language and script: they beat every other reading and every running form.

The lists are `danger_words/<language>.txt`, one for each language that the assistant speaks.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Final

from nlu.components.terms import TermIndex
from nlu.components.wording import tokens

_FOLDER: Final = Path(__file__).parent / "danger_words"
_HINT: Final = "~"


class Danger(IntEnum):
    """How clearly a message says that somebody is in danger."""

    NONE = 0
    HINTED = 1
    SAID = 2


def read_danger(message: str) -> Danger:
    """Return the clearest sign of danger in a message."""
    return max((match.value for match in _index().find(tokens(message))), default=Danger.NONE)


@cache
def _index() -> TermIndex[Danger]:
    terms: list[tuple[str, Danger]] = []
    for path in sorted(_FOLDER.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            term = line.strip()
            if term and not term.startswith("#"):
                level = Danger.HINTED if term.startswith(_HINT) else Danger.SAID
                terms.append((term.removeprefix(_HINT).strip(), level))
    return TermIndex(terms, allows_error=False)
