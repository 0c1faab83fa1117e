"""Which language a message is in: its script says it, or for Latin letters its commonest words."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Final

from nlu.components.terms import by_value
from nlu.components.wording import fold, script, tokens

_BY_SCRIPT: Final = {"Cyrl": "uk", "Arab": "ar", "Guru": "pa", "Beng": "bn", "Hans": "zh"}
_SAME_SCRIPT: Final = {"Arab": frozenset({"ar", "ur"})}
_IN_DOUBT: Final = "it"


def guess_language(message: str, given: str | None = None) -> str:
    """Return an ISO 639-1 code; `given` is what the channel knows and wins where the script allows it."""
    written_in = script(message)
    if written_in in _BY_SCRIPT:
        is_possible = given in _SAME_SCRIPT.get(written_in, frozenset({_BY_SCRIPT[written_in]}))
        return given if given is not None and is_possible else _BY_SCRIPT[written_in]
    if given is not None:
        return given
    votes = Counter(language for token in tokens(message) for language in _common_words().get(token.text, ()))
    return max(votes, key=lambda language: (votes[language], language == _IN_DOUBT), default=_IN_DOUBT)


@cache
def _common_words() -> dict[str, tuple[str, ...]]:
    words: dict[str, tuple[str, ...]] = {}
    for word, language in by_value("common_words"):
        words[fold(word)] = (*words.get(fold(word), ()), language)
    return words
