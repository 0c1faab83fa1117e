"""How easily an Italian text is read: the Gulpease index, 0 (hard) to 100 (easy).

Source: Gruppo universitario linguistico pedagogico (GULP), Istituto di Filosofia dell'Università degli studi
di Roma "La Sapienza", 1988: 89 + (300 x sentences - 10 x letters) / words. Below 80 a text is hard for who
has finished primary school, below 60 for who has finished lower secondary school, below 40 for who has a
diploma.
"""

from __future__ import annotations

import re

HARD_BELOW = 60
"""Below it whoever writes is warned: many who read the guide left school early."""

_WORD = re.compile(r"[^\W_]+(?:[’'.,:/-][^\W_]+)*")
_END = re.compile(r"[.!?…](?=\s|$)|[:;](?=\s|$)|\n+")


def gulpease(text: str) -> int:
    """Return the index of a text, rounded, between 0 and 100; 100 for one without words.

    A line is a sentence, and so is what stands before a colon or semicolon: the formula's own rule.
    """
    words: list[str] = _WORD.findall(text)
    if not words:
        return 100
    letters = sum(letter.isalnum() for word in words for letter in word)
    sentences = sum(1 for piece in _END.split(text) if _WORD.search(piece))
    index = round(89 + (300 * sentences - 10 * letters) / len(words))
    return max(0, min(100, index))
