"""Cuts a text to what Telegram takes in one message."""

from __future__ import annotations

import re

MESSAGE_LIMIT = 4096
"""Characters of one message (core.telegram.org/bots/api#sendmessage), counted here in UTF-16 units,
the narrower of the two ways to count."""

_BREAKS = ("\n\n", "\n", ". ", "۔", "। ", "。", " ")
_NOT_SENDABLE = re.compile("[\x00\ud800-\udfff]")


def split_text(text: str, *, limit: int = MESSAGE_LIMIT) -> list[str]:
    """Cut a text into parts of at most `limit` UTF-16 units, at paragraphs, lines, sentences or words.

    Nothing but white space at a cut is lost. A text without anything to see gives no part.
    """
    rest = _NOT_SENDABLE.sub("", text).strip()
    parts: list[str] = []
    while units(rest) > limit:
        cut = _cut(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [part for part in (*parts, rest) if part]


def units(text: str) -> int:
    """Return the length of a text as Telegram counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, limit: int) -> int:
    """Return where to cut: after the last good break in the second half of what fits."""
    end = _fitting(text, limit)
    for mark in _BREAKS:
        # White space at the cut is dropped: it may lie beyond what fits.
        beyond = len(mark) - len(mark.rstrip())
        position = text.rfind(mark, end // 2, end + beyond)
        if position > 0:
            return position + len(mark)
    return end


def _fitting(text: str, limit: int) -> int:
    """Return how many characters fit into `limit` UTF-16 units."""
    units = 0
    for position, letter in enumerate(text):
        units += 2 if ord(letter) > 0xFFFF else 1
        if units > limit:
            return position
    return len(text)
