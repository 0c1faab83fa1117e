"""Which language a message is in, by its script; Latin letters are the language given, else the likelier of two."""

from __future__ import annotations

from typing import Final

from nlu.components.wording import script, tokens

_BY_SCRIPT: Final = {"Cyrl": "uk", "Arab": "ar", "Guru": "pa", "Beng": "bn", "Hans": "zh"}
_SAME_SCRIPT: Final = {"Arab": frozenset({"ar", "ur"})}
_ENGLISH: Final = frozenset(
    ["i", "the", "a", "is", "are", "my", "for", "to", "you", "we", "have", "want", "need", "how", "what", "where", "can", "do", "of", "and", "with", "please", "not", "in", "it", "me"]
)
_ITALIAN: Final = frozenset(
    ["il", "la", "lo", "un", "una", "di", "che", "e", "per", "non", "ho", "sono", "mi", "come", "dove", "cosa", "posso", "mio", "mia", "con", "del", "della", "devo", "voglio", "in", "si"]
)


def guess_language(message: str, given: str | None = None) -> str:
    """Return an ISO 639-1 code; `given` is what the channel knows and wins where the script allows it."""
    written_in = script(message)
    if written_in in _BY_SCRIPT:
        is_possible = given in _SAME_SCRIPT.get(written_in, frozenset({_BY_SCRIPT[written_in]}))
        return given if given is not None and is_possible else _BY_SCRIPT[written_in]
    if given is not None:
        return given
    words = {token.text for token in tokens(message)}
    return "en" if len(words & _ENGLISH) > len(words & _ITALIAN) else "it"
