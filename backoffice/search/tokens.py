"""Words as keyed tokens: HMAC-SHA-256 of the folded word under a key of the installation, 64 bits of it.

A word is found by itself and by its beginnings from the third letter on; Chinese, which has no spaces, by
each letter and pair of neighbours; a number of many digits by its endings too. What whoever steals the
database learns without the key: which subjects share a token, and how common each token is.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable

from backoffice.search.folding import fold
from backoffice.search.models import Indexed

SHORTEST_BEGINNING = 3
LONGEST_BEGINNING = 8
SHORTEST_ENDING = 4
LONGEST_WORD = 40

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_MARKS = re.compile("[\u0900-\u0d7f]")


def words_of(text: str) -> set[str]:
    """Return everything that a text is found by."""
    return {part for word in _split(text) for part in _parts(word)}


def asked_words(text: str) -> list[str]:
    """Return the words that all have to be there. Digits alone are one number, however it is spaced."""
    folded = fold(text)
    if not any(letter.isalpha() for letter in folded):
        digits = "".join(letter for letter in folded if letter.isdigit())
        return [digits] if digits else []
    return [part for word in _split(text) for part in (_pairs(word) if _UNSPACED.search(word) else [word])]


def tokens(words: Iterable[str], kind: Indexed, key: bytes) -> set[int]:
    """Return the tokens of words for one kind of subject, as signed 64-bit integers."""
    return {token(word, kind, key) for word in words}


def token(word: str, kind: Indexed, key: bytes) -> int:
    """Return the token of one word."""
    return int.from_bytes(hmac.digest(key, f"{kind.value}\n{word}".encode(), "sha256")[:8], signed=True)


def _split(text: str) -> list[str]:
    # Vowel signs of Indian scripts are marks that `\w` leaves out: they stay with their word.
    joined = _MARKS.sub(lambda mark: mark.group() if mark.group().isalnum() else "", fold(text))
    return [word[:LONGEST_WORD] for word in _WORD.findall(joined)]


def _parts(word: str) -> set[str]:
    if _UNSPACED.search(word):
        return {*word, *_pairs(word)}
    longest = min(len(word), LONGEST_BEGINNING)
    parts = {word, *(word[:end] for end in range(SHORTEST_BEGINNING, longest + 1))}
    if word.isdigit():
        parts |= {word[start:] for start in range(1, len(word) - SHORTEST_ENDING + 1)}
    return parts


def _pairs(word: str) -> list[str]:
    return [word] if len(word) < 2 else [word[place : place + 2] for place in range(len(word) - 1)]
