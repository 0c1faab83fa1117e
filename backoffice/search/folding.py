"""Finding text whatever its case, accents and script: "Citta'" finds "città", "іванна" finds "Іванна"."""

from __future__ import annotations

import re
import unicodedata

_TASHKIL = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640]")
"""Arabic vowel signs and the stretching line, which people leave out when they type."""


def fold(text: str) -> str:
    """Return a text in lower case, without accents, vowel signs and doubled spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return " ".join(_TASHKIL.sub("", bare).split())
