"""The question for a sum of euros with cents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from actions.questions import NOTHING, Hearing, Question, Reading, Remark
from actions.replies import Replies

_WRITTEN = re.compile(r"\d+(?:[.,٫٬’'\u00a0 ]\d+)*")
_MARKS = re.compile(r"[.,٫٬’'\u00a0 ]")
_GROUP = 3
_LARGEST = 7
"""Digits of the largest sum that is read at all."""


class SumQuestion(Question):
    """A sum between two bounds, with cents or without; heard only where it was asked."""

    stands_alone = True

    def limits(self, answers: Mapping[str, Any]) -> tuple[int, int]:
        """Return the least and the most that can be."""
        raise NotImplementedError

    def read(self, hearing: Hearing) -> Reading:
        """Read the sum; out of bounds it is not taken, and the sentence says why."""
        if not hearing.asked:
            return NOTHING
        said = written_sum(hearing.turn.text)
        if said is None:
            return NOTHING
        low, high = self.limits(hearing.answers)
        if low <= said <= high:
            return Reading(str(said))
        replies = hearing.replies
        limits = {"low": replies.euros(low), "high": replies.euros(high)}
        return Reading(remarks=(Remark(replies.text(f"bot.{self.slot}_out", **limits)),))

    def show(self, value: Any, replies: Replies) -> str:
        """Write the sum as the language does."""
        return replies.euros(Decimal(value))


def written_sum(text: str) -> Decimal | None:
    """Return the one sum that stands in a text: "7,45", "1.193,84 €", "٩٠٠"; None for none or several.

    A mark before three digits groups thousands; before one or two at the end it begins the cents.
    """
    found = _WRITTEN.findall(text)
    if len(found) != 1:
        return None
    *whole, last = _MARKS.split(found[0])
    has_cents = bool(whole) and len(last) < _GROUP
    groups = whole if has_cents else [*whole, last]
    if any(len(group) != _GROUP for group in groups[1:]) or sum(map(len, groups)) > _LARGEST:
        return None
    euros = int("".join(groups))
    cents = int(last.ljust(2, "0")) if has_cents else 0
    return Decimal(euros) + Decimal(cents) / 100
