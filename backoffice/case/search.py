"""Finding text whatever its case, accents and script: "Citta'" finds "città", "іванна" finds "Іванна"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_TASHKIL = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640]")
"""Arabic vowel signs and the stretching line, which people leave out when they type."""


def fold(text: str) -> str:
    """Return a text in lower case, without accents, vowel signs and doubled spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return " ".join(_TASHKIL.sub("", bare).split())


def search_text(parts: Iterable[str | None]) -> str:
    """Return what a row is found by: its parts, folded, a line each."""
    return "\n".join(fold(part) for part in parts if part)


def like_pattern(word: str) -> str:
    r"""Return the pattern of `LIKE ... ESCAPE '\'` for a word anywhere in a text."""
    escaped = word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"
