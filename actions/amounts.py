"""Questions for a whole number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from actions.questions import NOTHING, Hearing, Question, Reading, Remark
from actions.replies import Button, Replies
from actions.turn import Turn

_BARE_NUMBER = re.compile(r"^\W*(\d{1,7})\W*(?:€|euro|eur)?\W*$", re.IGNORECASE)
_ANY_NUMBER = re.compile(r"\d{1,7}")

_WIDEST_RANGE = 1.5

MINORS = "minors"
"""The entity of counted children: no other question takes their number."""


class NumberQuestion(Question):
    """A whole number between two bounds; each bound has its own kind sentence.

    `no_is_zero`: "no" or "nobody" answers it with 0.
    """

    def __init__(
        self,
        slot: str,
        *,
        entity: str | None,
        bounds: tuple[int, int],
        offered: Sequence[int],
        optional: bool = False,
        no_is_zero: bool = False,
        is_money: bool = False,
    ) -> None:
        super().__init__(slot, optional=optional)
        self.entity = entity
        self.bounds = bounds
        self.offered = offered
        self.no_is_zero = no_is_zero
        self.is_money = is_money

    def read(self, hearing: Hearing) -> Reading:
        """Read the number; out of bounds it is not taken, and the sentence says why."""
        number = self._number(hearing)
        if number is None:
            return NOTHING
        low, high = self.limits(hearing)
        if low <= number <= high:
            return Reading(number)
        bound = "too_low" if number < low else "too_high"
        limit = self.show(low if number < low else high, hearing.replies)
        return Reading(remarks=(Remark(hearing.replies.text(f"bot.{self.slot}_{bound}", limit=limit)),))

    def show(self, value: Any, replies: Replies) -> str:
        """Write the number, with the euro sign where it is money."""
        return replies.euros(value) if self.is_money else str(value)

    def limits(self, hearing: Hearing) -> tuple[int, int]:
        """Return the smallest and the largest number that can be."""
        return self.bounds

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Offer a few numbers."""
        low, high = self.limits(hearing)
        possible = [number for number in self.offered if low <= number <= high]
        return [self.answer_button(self.show(number, hearing.replies), str(number)) for number in possible]

    def _number(self, hearing: Hearing) -> int | None:
        turn = hearing.turn
        chosen = hearing.choice(self.slot)
        if chosen is not None:
            return int(chosen) if chosen.isdecimal() else None
        bare = bare_number(turn.text)
        if bare is not None:
            return bare if hearing.asked else None
        lone = lone_count(turn)
        if lone is not None and hearing.asked and not self.is_money:
            return lone
        given = [int(value) for value in turn.values(self.entity or "") if value.isdecimal()]
        if given and self.is_money:
            return _rent(
                given, tells_income=hearing.replies.code_typed(turn.text, {"income": "income"}) is not None
            )
        if given:
            return given[-1]  # the last one is the correction
        return self._loose_number(turn, hearing.replies) if hearing.asked else None

    def _loose_number(self, turn: Turn, replies: Replies) -> int | None:
        is_of_children = self.entity != MINORS and bool(turn.values(MINORS))
        numbers = [] if is_of_children else [int(n) for n in turn.values("number") if n.isdecimal()]
        if not numbers and not turn.entities:
            # Digits beside other values belong to those: "no, there are 5 of us" says nothing of rooms.
            numbers = [int(digits) for digits in _ANY_NUMBER.findall(turn.text)]
        if len(numbers) == 1:
            is_months = self.entity == "years" and replies.code_typed(turn.text, {"months": "months"})
            return numbers[0] // 12 if is_months else numbers[0]
        is_no = turn.intent == "deny" or replies.begins_with(turn.text, "nobody")
        return 0 if self.no_is_zero and is_no else None


def _rent(sums: list[int], *, tells_income: bool) -> int | None:
    """Return the rent that several sums mean, or None where only the person can say.

    "Between 500 and 600" is at most 600. Sums far apart are different things; beside an income the rent is
    the smaller one.
    """
    if max(sums) <= _WIDEST_RANGE * min(sums):
        return None if tells_income else max(sums)
    return min(sums) if tells_income else None


def lone_count(turn: Turn) -> int | None:
    """Return the number that one word alone means, as Ukrainian "двоє" (two of us), whatever is counted."""
    values = turn.values("people")
    is_one_word = len(turn.text.split()) == 1 and len(turn.entities) == 1
    return int(values[0]) if is_one_word and values and values[0].isdecimal() else None


def bare_number(text: str) -> int | None:
    """Return the number when a text is nothing else: "4", "600 €", "٦٠٠"."""
    match = _BARE_NUMBER.match(text)
    return int(match.group(1)) if match else None
