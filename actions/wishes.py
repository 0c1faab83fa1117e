"""What nobody may ask of who takes a home or comes to work: known by small, reviewed lists of plain words.

Source: D.Lgs. 286/1998, art. 43 and 44; D.Lgs. 215/2003 and 216/2003, art. 2. The lists are in
`unlawful_wishes.yml` and, for who looks for a family assistant, `unlawful_care_wishes.yml`; what they do not
hold is read by staff.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

_WELCOME = "welcome"
"""Phrases that say the opposite in nearly the same words: "not only Italians"."""

WORDS_FILE = Path(__file__).with_name("unlawful_wishes.yml")
CARE_WORDS_FILE = Path(__file__).with_name("unlawful_care_wishes.yml")


def ground_of(text: str, language: str, files: Sequence[Path] = (WORDS_FILE,)) -> str | None:
    """Return what a wish in a text discriminates by, in the person's language or in Italian; or None."""
    return next((ground for file in files if (ground := _ground_in(file, text, language))), None)


def _ground_in(file: Path, text: str, language: str) -> str | None:
    heard = _folded(text)
    for code in dict.fromkeys((language, "it")):
        grounds = _words(file).get(code, {})
        meant = _without(grounds.get(_WELCOME, ()), heard)
        for ground, phrases in grounds.items():
            if ground != _WELCOME and any(_stands_in(phrase, meant, code) for phrase in phrases):
                return ground
    return None


def _without(phrases: tuple[str, ...], heard: str) -> str:
    for phrase in phrases:
        heard = heard.replace(phrase, "")
    return heard


def _stands_in(phrase: str, heard: str, language: str) -> bool:
    if language == "zh":  # no spaces between words
        return phrase in heard.replace(" ", "")
    return f" {phrase} " in f" {heard} "


@cache
def _words(file: Path) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    read = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {
        language: {ground: tuple(map(_folded, phrases)) for ground, phrases in grounds.items()}
        for language, grounds in read.items()
    }


def _folded(text: str) -> str:
    """Return a text in small letters, without accents of Latin letters and without marks between words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not "\u0300" <= letter <= "\u036f")
    composed = unicodedata.normalize("NFC", letters)
    return " ".join(re.sub(r"[!-/:-@\[-`{-~،؛؟۔।，。！？、«»“”’]+", " ", composed).split())
