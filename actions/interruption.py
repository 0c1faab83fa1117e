"""Whether a message inside a form answers it or interrupts it.

The understanding knows nothing of the form, so a need ("we have a baby") may look like a question
of the guide. What is surely an answer stays in the form; danger, a person and stop always leave it.
"""

from __future__ import annotations

from actions.needs import LEAVES_IF_SURE, SURE_OF_A_NEED
from actions.questions import Question
from actions.turn import FALLBACK, Turn

ALWAYS = frozenset({"report_emergency", "ask_human", "stop", "change_language", "delete_my_data"})
"""Intents that interrupt whatever was asked."""

ANSWERS = frozenset({"inform", "affirm", "deny", "skip", "correct", FALLBACK})
"""Intents that are an answer, or an attempt at one."""

SMALL_TALK = frozenset({"greet", "thank", "goodbye", "out_of_scope", "bot_challenge"})
"""Intents that mean little beside a value: "hello, there are four of us"."""

SURE = 0.85
"""From here on a topic is believed even beside a value."""

_WORDS_OF_A_NAME = 3


def interrupts(
    turn: Turn,
    asked: Question | None,
    *,
    own_intent: str,
    asks: bool,
    has_values: bool,
    is_offered: bool,
    is_title: bool = False,
) -> bool:
    """Tell whether the message is to be answered by a rule instead of the form.

    `asks`: it is put as a question. `has_values`: it gives something that a question of the form can use.
    `is_offered`: it says in words one of the answers that the buttons offer; "I work without a contract"
    is then no cry for help. `is_title`: it is the title of such a button and nothing else; "a person who
    does not manage alone" then asks for nobody of the desk.
    """
    if turn.intent in ("affirm", "deny") and turn.awaits("delete_my_data"):
        return True
    if is_title:
        return False
    if turn.intent == own_intent or turn.intent in ANSWERS:
        return False
    if turn.intent in ALWAYS:
        return not _names_languages(turn, asked)
    if turn.is_button:
        return True
    if turn.intent in LEAVES_IF_SURE and turn.confidence < SURE_OF_A_NEED:
        return False
    if turn.intent == "ask_menu" and turn.confidence < SURE:
        return False  # "which one?" asks what to answer, not what else there is
    if asked is not None and asked.free_text:
        return asks or _interrupts_free_text(turn, asked)
    if is_offered and not asks:
        return False
    if has_values and not asks:
        return turn.intent not in SMALL_TALK and turn.confidence >= SURE
    return True


def _names_languages(turn: Turn, asked: Question | None) -> bool:
    is_list_of_languages = turn.intent == "change_language" and bool(turn.values("language_name"))
    return (
        is_list_of_languages and not turn.is_button and asked is not None and asked.slot == "spoken_languages"
    )


def _interrupts_free_text(turn: Turn, asked: Question) -> bool:
    """Tell whether a statement is no answer: a mere "thanks", or a whole sentence for a name."""
    if turn.confidence < SURE:
        return False
    is_short = len(turn.text.split()) <= _WORDS_OF_A_NAME
    return is_short if turn.intent in SMALL_TALK else asked.is_short and not is_short
