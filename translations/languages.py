"""The twelve languages of the service (contract, intents.md) and how each is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True)
class Language:
    """One language: ISO 639-1 code, the name its speakers use, direction, and ISO 15924 script."""

    code: str
    own_name: str
    direction: Direction
    script: str


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("it", "Italiano", "ltr", "Latn"),
        Language("en", "English", "ltr", "Latn"),
        Language("fr", "Français", "ltr", "Latn"),
        Language("es", "Español", "ltr", "Latn"),
        Language("ro", "Română", "ltr", "Latn"),
        Language("sq", "Shqip", "ltr", "Latn"),
        Language("uk", "Українська", "ltr", "Cyrl"),
        Language("ar", "العربية", "rtl", "Arab"),
        Language("pa", "ਪੰਜਾਬੀ", "ltr", "Guru"),
        Language("ur", "اردو", "rtl", "Arab"),
        Language("bn", "বাংলা", "ltr", "Beng"),
        Language("zh", "中文", "ltr", "Hans"),
    )
}

SOURCE = "it"
"""The language that every text is written in first, and the one to fall back to."""

FOLDER = Path(__file__).parent
"""Where the catalogues lie: `<language>/<area>.po`."""

SUPPORTED: tuple[str, ...] = tuple(code for code in LANGUAGES if (FOLDER / code / "bot.po").is_file())
"""The languages that the assistant speaks here: those with a catalogue for its dialogue."""


def direction(code: str) -> Direction:
    """Return the direction of a language; left to right for one that is not ours."""
    language = LANGUAGES.get(code)
    return language.direction if language else "ltr"


def supported_or_source(code: str | None) -> str:
    """Return `code` when the assistant speaks it, else Italian."""
    return code if code in SUPPORTED else SOURCE
