"""Names of languages in any language -> ISO 639-1 code; a nationality ("Italian citizenship") is none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from nlu.components.entity import Entity
from nlu.components.phrase import Phrase, stands_after, stands_before
from nlu.components.terms import Languages, Match, TermIndex, by_value, every_language, words_of
from nlu.components.wording import Token

_ABOUT_LANGUAGES: Final = frozenset({"change_language", "ask_italian_course"})
_NEVER: Final = frozenset({"ask_citizenship"})


def read_language_names(phrase: Phrase) -> list[Entity]:
    """Return every language that a message names, whatever for, each once."""
    found: dict[str, Entity] = {}
    for match in _named(phrase):
        if _is_language(phrase, match):
            found.setdefault(match.value, phrase.entity("language_name", match.value, match.first, match.end))
    return list(found.values())


def _named(phrase: Phrase) -> list[Match[str]]:
    """Return the names in the message's languages, and letter by letter those of others.

    Who changes the language often asks in the one that they want: "english please" in an Italian
    conversation. In other messages only a name in other letters is surely one.
    """
    cues = _cues(phrase.languages)
    own = cues.names.find(phrase.words)
    taken = {place for match in own for place in range(match.first, match.end)}
    others = cues.names_anywhere if phrase.intent == "change_language" else cues.names_elsewhere
    elsewhere = [match for match in others.find(phrase.words) if match.first not in taken]
    return sorted([*own, *elsewhere], key=lambda match: match.first)


def _is_language(phrase: Phrase, match: Match[str]) -> bool:
    cues, words = _cues(phrase.languages), phrase.words
    if stands_before(cues.not_after, words, match.first) or stands_after(cues.not_before, words, match.end):
        return False
    if phrase.intent in _ABOUT_LANGUAGES or phrase.intent in ("inform", None):
        return True
    if phrase.intent in _NEVER and not stands_before(cues.strong, words, match.first, within=3):
        return False
    return (
        _says_in(words[match.first])
        or stands_before(cues.cues, words, match.first, within=2)
        or stands_after(cues.cues_after, words, match.end)
        or _is_listed_with_another(phrase, match)
    )


def _is_listed_with_another(phrase: Phrase, match: Match[str]) -> bool:
    """Tell the second language of "parlo rumeno e italiano"."""
    before = _cues(phrase.languages).names.ending_at(phrase.words, match.first - 1) or _cues(
        phrase.languages
    ).names.ending_at(phrase.words, match.first)
    return before is not None and stands_before(
        _cues(phrase.languages).cues, phrase.words, before.first, within=2
    )


def _says_in(word: Token) -> bool:
    """Tell whether "in" is part of the word: Arabic بالعربية, Ukrainian українською."""
    return (word.text[0] == "ب" and len(word.forms) > 1) or word.text.endswith(("ською", "ски", "ськи"))


@dataclass(frozen=True)
class _Cues:
    names: TermIndex[str]
    names_elsewhere: TermIndex[str]
    names_anywhere: TermIndex[str]
    cues: TermIndex[bool]
    cues_after: TermIndex[bool]
    strong: TermIndex[bool]
    not_after: TermIndex[bool]
    not_before: TermIndex[bool]


def _written_in_other_letters() -> list[tuple[str, str]]:
    """Return the names that no language in Latin letters has: everybody may write العربية."""
    names = by_value(every_language(), "language_names")
    return [(term, code) for term, code in names if not term.isascii()]


@cache
def _cues(languages: Languages) -> _Cues:
    def index(*path: str) -> TermIndex[bool]:
        return TermIndex(((term, True) for term in words_of(languages, *path)), tolerant=False)

    return _Cues(
        names=TermIndex(by_value(languages, "language_names"), allows_error=False),  # Albania is not Albanian
        # By sound the Bengali word for Chinese is the Punjabi "how much".
        names_elsewhere=TermIndex(_written_in_other_letters(), tolerant=False),
        names_anywhere=TermIndex(by_value(every_language(), "language_names"), tolerant=False),
        cues=index("language_cues"),
        cues_after=index("language_cues_after"),
        strong=TermIndex(
            ((term, True) for term in words_of(languages, "language_cues") if len(term) > 4), tolerant=False
        ),
        not_after=index("language_not_after"),
        not_before=index("language_not_before"),
    )
