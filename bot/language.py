"""Which language to begin in: the channel's hint, overruled by the script of what was written.

A hint is the language of an app, not a mother tongue. A script that only one of our languages is
written in is stronger. Latin letters say nothing: much Arabic, Urdu and Punjabi is typed in them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from translations.languages import LANGUAGES, SOURCE, SUPPORTED

_SCRIPT_NAMES = {
    "CYRILLIC": "Cyrl",
    "ARABIC": "Arab",
    "GURMUKHI": "Guru",
    "BENGALI": "Beng",
    "CJK": "Hans",
    "LATIN": "Latn",
}
_FIRST_OF_SCRIPT = {"Cyrl": "uk", "Arab": "ar", "Guru": "pa", "Beng": "bn", "Hans": "zh"}
_URDU_ONLY = re.compile("[ٹڈڑںےہھ]")
"""Letters of Urdu that Arabic does not have."""


def begin_language(*, hint: str | None, text: str | None) -> str:
    """Return the language in which to speak to somebody who has chosen none."""
    return language_of_text(text, hint=hint) or two_letters(hint) or SOURCE


def language_of_text(text: str | None, *, hint: str | None = None) -> str | None:
    """Return the supported language that the script of a text shows, or none if it shows none."""
    script = _script_of(text or "")
    if script is None or script == "Latn":
        return None
    hinted = two_letters(hint)
    if hinted and LANGUAGES[hinted].script == script:
        return hinted
    language = "ur" if script == "Arab" and _URDU_ONLY.search(text or "") else _FIRST_OF_SCRIPT[script]
    return language if language in SUPPORTED else None


def two_letters(hint: str | None) -> str | None:
    """Cut an IETF tag such as `uk-UA` to a code of a supported language, else none."""
    code = (hint or "")[:2].lower()
    return code if code in SUPPORTED and not (hint or "")[2:3].isalpha() else None


def _script_of(text: str) -> str | None:
    """Return the script of most letters of the first 400 characters."""
    counts: Counter[str] = Counter()
    for letter in text[:400]:
        if letter.isalpha():
            name = unicodedata.name(letter, "").partition(" ")[0]
            counts[_SCRIPT_NAMES.get(name, "other")] += 1
    if not counts:
        return None
    script, _ = counts.most_common(1)[0]
    return None if script == "other" else script
