"""The words of people: made safe to store, and the copy that the assistant gets.

A typed text can never become a command of Rasa's (`/intent{...}`): Rasa strips white space and then
looks for a leading slash, so every leading slash is removed, together with all white space, control
and format characters before and between them (reference, reliability.md 0.6 and attack 25).
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_FOR_ASSISTANT = 1000
"""Understanding takes seconds beyond this (reference, reliability.md 0.7); the transcript keeps all."""

NOTHING_LEFT = "?"
"""What the assistant gets for a text of slashes and spaces only: it will ask back."""

_UNSEEN = frozenset({"Cc", "Zl", "Zp"})
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})


def clean(text: str) -> str:
    """Return the text as it is stored: NFC, without NUL (PostgreSQL cannot keep it) and half characters."""
    whole = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    return unicodedata.normalize("NFC", whole.replace("\0", ""))


def clean_name(name: str) -> str | None:
    """Return a name as it is stored: one line, without controls of direction; None where nothing is left.

    A name stands in the middle of other people's sentences: it must not turn them round (attack 32).
    """
    without = _DIRECTION.sub("", clean(name))
    seen = (letter if unicodedata.category(letter) not in _UNSEEN else " " for letter in without)
    return " ".join("".join(seen).split()) or None


def for_assistant(text: str) -> str:
    """Return the copy of a typed text that goes to Rasa: no leading slash of any kind, not too long."""
    start = 0
    while start < len(text) and (text[start].isspace() or _is_skipped(text[start])):
        start += 1
    return text[start : start + LONGEST_FOR_ASSISTANT].rstrip() or NOTHING_LEFT


def _is_skipped(letter: str) -> bool:
    # Compatibility forms too (U+FF0F): a later normalisation would make a slash of them.
    return unicodedata.category(letter) in _INVISIBLE or unicodedata.normalize("NFKC", letter) == "/"
