"""Questions about the person: their own words, their name, their telephone."""

from __future__ import annotations

from typing import Any

import phonenumbers

from actions.questions import NOTHING, Hearing, Question, Reading, Remark
from actions.replies import Replies

_FEWEST_DIGITS = 5
_WORDS_OF_A_YES = 3


class TextQuestion(Question):
    """The person's own words, at most `longest` characters; a name has letters and no digits."""

    free_text = True

    def __init__(self, slot: str, *, longest: int, is_name: bool = False) -> None:
        super().__init__(slot, optional=True)
        self.longest = longest
        self.is_short = is_name

    def read(self, hearing: Hearing) -> Reading:
        """Take the words as they are; "no" and "nothing" skip."""
        turn = hearing.turn
        if not hearing.asked or turn.is_button or not turn.text.strip():
            return NOTHING
        words = " ".join(turn.text.split())
        if turn.intent in ("affirm", "deny", "skip") and len(turn.text.split()) <= _WORDS_OF_A_YES:
            return Reading(skipped=True) if turn.intent == "deny" else NOTHING
        if len(words) > self.longest:
            return Reading(remarks=(Remark(hearing.replies.text(f"bot.{self.slot}_too_long")),))
        if self.is_short:
            if hearing.replies.is_question(turn.text):
                return NOTHING
            words = hearing.replies.without_opening(words, "name_opening")
            words = hearing.replies.without_closing(words, "name_closing")
            if not any(letter.isalpha() for letter in words) or any(letter.isdigit() for letter in words):
                return NOTHING
        return Reading(words)

    def show(self, value: Any, replies: Replies) -> str:
        """Write the words as they were given."""
        return str(value)


class PhoneQuestion(Question):
    """A telephone number, kept in E.164; one without a country is Italian."""

    def read(self, hearing: Hearing) -> Reading:
        """Read a number that can exist."""
        turn = hearing.turn
        given = turn.value("phone") or (turn.text if hearing.asked else "")
        digits = sum(character.isdecimal() for character in given)
        if digits < _FEWEST_DIGITS:
            says_none = hearing.replies.code_typed(given, {"none": "no_phone"}) is not None
            if hearing.asked and (turn.intent == "deny" or says_none):
                return Reading(skipped=True)
            return Reading(remarks=(_invalid(hearing),)) if digits else NOTHING
        try:
            number = phonenumbers.parse(given, "IT")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            return Reading(remarks=(_invalid(hearing),))
        return Reading(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def show(self, value: Any, replies: Replies) -> str:
        """Write the number with its country."""
        return str(value)


def _invalid(hearing: Hearing) -> Remark:
    return Remark(hearing.replies.text("bot.phone_invalid"))
