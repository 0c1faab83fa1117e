"""Names of languages in any language -> ISO 639-1 code; a nationality ("Italian citizenship") is none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from nlu.components.entity import Entity
from nlu.components.phrase import Phrase, stands_after, stands_before
from nlu.components.terms import Match, TermIndex, by_value, words_of
from nlu.components.wording import stripped

_ABOUT_LANGUAGES: Final = frozenset({"change_language", "ask_italian_course"})
_NEVER: Final = frozenset({"out_of_scope", "ask_citizenship"})


def read_language_names(phrase: Phrase) -> list[Entity]:
    """Return every language that a message names, whatever for, each once."""
    found: dict[str, Entity] = {}
    for match in _cues().names.find(phrase.words):
        if _is_language(phrase, match):
            found.setdefault(match.value, phrase.entity("language_name", match.value, match.first, match.end))
    return list(found.values())


def _is_language(phrase: Phrase, match: Match[str]) -> bool:
    cues, words = _cues(), phrase.words
    if stands_before(cues.not_after, words, match.first) or stands_after(cues.not_before, words, match.end):
        return False
    if phrase.intent in _ABOUT_LANGUAGES or (phrase.intent in ("inform", None) and len(words) <= 4):
        return True
    if phrase.intent in _NEVER and not stands_before(cues.strong, words, match.first, within=3):
        return False
    return _has_particle(words[match.first].text) or stands_before(cues.cues, words, match.first, within=2)


def _has_particle(word: str) -> bool:
    """Tell whether Arabic's "in" is written on the word: بالعربية."""
    return word[0] == "ب" and len(stripped(word)) > 1


@dataclass(frozen=True)
class _Cues:
    names: TermIndex[str]
    cues: TermIndex[bool]
    strong: TermIndex[bool]
    not_after: TermIndex[bool]
    not_before: TermIndex[bool]


@cache
def _cues() -> _Cues:
    def index(*path: str) -> TermIndex[bool]:
        return TermIndex(((term, True) for term in words_of(*path)), tolerant=False)

    return _Cues(
        names=TermIndex(by_value("language_names"), allows_error=False),  # Albania is not Albanian
        cues=index("language_cues"),
        strong=TermIndex(
            ((term, True) for term in words_of("language_cues") if len(term) > 4), tolerant=False
        ),
        not_after=index("language_not_after"),
        not_before=index("language_not_before"),
    )
