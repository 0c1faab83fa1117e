"""Offers another language, once, to a person who writes in one that the conversation is not held in."""

from __future__ import annotations

from actions.replies import LANGUAGES, SUPPORTED, Replies, language_button
from actions.slots import slot_set
from actions.turn import Event, Turn

OFFERED = "language_offered"
"""The slot that keeps the language offered last."""

SURE = 0.9
FEWEST_WORDS = 3
"""One or two words are borrowed by everybody: "permesso di soggiorno", "ok", "ciao"."""
LAST_LATIN = "\u024f"
_ABOUT_LANGUAGE = "change_language"
_VALUES = "inform"


def offer_language(turn: Turn, replies: Replies) -> list[Event]:
    """Offer the language that was written in; return the event that keeps that it was offered.

    The words stand in both languages, because either may be the one that the person reads.
    """
    other = _other_language(turn)
    if other is None:
        return []
    own_name = LANGUAGES[other].own_name
    asked = [Replies(code).text("bot.language_offer", own_name=own_name) for code in (other, turn.language)]
    replies.say_text("\n".join(asked), buttons=[language_button(other), language_button(turn.language)])
    return [slot_set(OFFERED, other)]


def _other_language(turn: Turn) -> str | None:
    written = turn.written
    if written is None or written.language not in SUPPORTED or written.language == turn.language:
        return None
    if turn.intent in (_ABOUT_LANGUAGE, _VALUES) or turn.slots.get(OFFERED) == written.language:
        return None
    if OFFERED in turn.set_now or written.confidence < SURE:
        return None
    return written.language if _is_in_other_letters(turn.text) or _is_long(turn.text) else None


def _is_in_other_letters(text: str) -> bool:
    return any(letter.isalpha() and letter > LAST_LATIN for letter in text)


def _is_long(text: str) -> bool:
    return len(text.split()) >= FEWEST_WORDS
