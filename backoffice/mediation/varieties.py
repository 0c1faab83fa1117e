"""Varieties of languages that people do not understand among each other, by the code of the language."""

from __future__ import annotations

from collections.abc import Mapping

VARIETIES: Mapping[str, tuple[str, ...]] = {
    "ar": ("moroccan", "tunisian", "egyptian", "syrian"),
    "bn": ("sylheti",),
    "en": ("nigerian",),
    "fr": ("west_african",),
    "pa": ("shahmukhi",),
    "sq": ("gheg", "tosk"),
    "zh": ("mandarin", "wenzhou", "cantonese"),
}
"""The words are `backoffice.mediation.variety.<language>.<code>`; a language that is not here has none."""


def is_variety(language: str, code: str) -> bool:
    """Tell whether a language has a variety of that code."""
    return code in VARIETIES.get(language, ())
