"""How wide words will be, guessed before there is a screen, and how they are broken into lines."""

from __future__ import annotations

import unicodedata

_NARROW = frozenset("iljtfrI.,:;'’|!()[] ")
_BROAD = frozenset("mwMW%@—…")


def width(text: str, size: float) -> float:
    """Return how wide a line may be in the page's typeface, or in the one that stands in for it."""
    return size * sum(map(_ems, text))


def lines(text: str, size: float, room: float, *, most: int = 2) -> list[str]:
    """Break words into lines that fit; what does not fit into the last one ends with an ellipsis."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if width(longer, size) <= room or not found[-1]:
            found[-1] = longer
        else:
            found.append(word)
    kept = found[:most]
    if len(found) > most:
        kept[-1] += " …"
    return [_cut(each, size, room) for each in kept]


def _cut(text: str, size: float, room: float) -> str:
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip(" …") + "…"


def _ems(letter: str) -> float:
    if letter in _NARROW:
        return 0.34
    if letter in _BROAD or unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if unicodedata.combining(letter):
        return 0.0
    return 0.68 if letter.isupper() else 0.57
