"""What the form of a person offers: countries, languages and scripts, named in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from babel import Locale

from backoffice.person.details import COUNTRIES, Script
from translations.languages import LANGUAGES

_SPOKEN_HERE = (
    "am", "bg", "bs", "de", "el", "fa", "ff", "ha", "hi", "hr", "hu", "hy", "ig", "ja", "ka", "kn", "ko",
    "ku", "ln", "mk", "ml", "ne", "pl", "ps", "pt", "ru", "si", "so", "sr", "sw", "ta", "te", "th", "ti",
    "tl", "tr", "vi", "wo", "yo",
)  # fmt: skip
"""Languages of people of the district beside those that the assistant speaks (ISO 639-1)."""


@cache
def countries(ui: str) -> list[tuple[str, str]]:
    """Return code and name of every country, by name."""
    names = Locale(ui).territories
    return sorted(((code, str(names[code])) for code in COUNTRIES), key=lambda pair: pair[1])


def spoken_languages(ui: str, also: Iterable[str]) -> list[tuple[str, str]]:
    """Return code and name of the languages to choose from; `also`: those that are written down already."""
    names = Locale(ui).languages
    codes = {*LANGUAGES, *_SPOKEN_HERE, *filter(None, also)}
    return sorted(((code, str(names.get(code, code))) for code in codes), key=lambda pair: pair[1].lower())


def scripts(ui: str) -> list[tuple[str, str]]:
    """Return code and name of the scripts."""
    names = Locale(ui).scripts
    return [(each.value, str(names.get(each.value, each.value))) for each in Script]
