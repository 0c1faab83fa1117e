"""Examples made from examples: a wish with values is the wish, and so is a wish with a greeting before it.

People who write data give wishes ("cerco casa") and values ("siamo in 4, massimo 600") apart; people who
chat send both at once. Without these examples the many values would make it an `inform`.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_SEED: Final = 20261123
_VALUES_OF: Final = {
    "search_housing": frozenset({"money", "people", "rooms", "municipality"}),
    "offer_housing": frozenset({"money", "people", "rooms", "municipality"}),
    "register_care_worker": frozenset({"years", "care_schedule", "care_skill", "municipality"}),
    "hire_care_worker": frozenset({"care_schedule", "care_skill", "municipality"}),
    "inform": frozenset({"money", "people", "rooms", "municipality"}),
}
_LONGEST_WISH: Final = 90
_LONGEST_GREETING: Final = 25
_GREETED: Final = 0.25
_SMALL_TALK: Final = frozenset(
    {"greet", "goodbye", "thank", "affirm", "deny", "skip", "inform", "bot_challenge"}
)


@dataclass(frozen=True)
class Example:
    """A line of the training data; `entities` are the names of those marked in it."""

    text: str
    intent: str
    language: str
    entities: frozenset[str] = frozenset()


def augmented(examples: Sequence[Example]) -> list[Example]:
    """Return the examples and those made from them; the same ones at every call."""
    dice = random.Random(_SEED)  # noqa: S311  # not for secrets
    return [*examples, *_with_values(examples, dice), *_with_greetings(examples, dice)]


def _with_greetings(examples: Sequence[Example], dice: random.Random) -> list[Example]:
    """Put "buongiorno" before some of the examples: most people greet before they say what they want."""
    greetings = _by_language(
        each for each in examples if each.intent == "greet" and len(each.text) <= _LONGEST_GREETING
    )
    made: list[Example] = []
    for example in examples:
        fitting = greetings.get(example.language, ())
        if not fitting or example.intent in _SMALL_TALK or dice.random() > _GREETED:
            continue
        greeting = dice.choice(fitting).text.rstrip("!?., ")
        made.append(_joined(example, (", ", " ", "! "), [greeting, example.text], dice))
    return made


def _with_values(examples: Sequence[Example], dice: random.Random) -> list[Example]:
    values = _by_language(each for each in examples if each.intent == "inform" and each.entities)
    made: list[Example] = []
    for example in examples:
        wanted = _VALUES_OF.get(example.intent)
        if (
            wanted is None
            or len(example.text) > _LONGEST_WISH
            or (example.intent == "inform" and not example.entities)
        ):
            continue
        fitting = [each for each in values.get(example.language, ()) if each.entities <= wanted]
        for count in (1, 2) if len(fitting) >= 2 else ():
            said = [each.text for each in dice.sample(fitting, count)]
            made.append(_joined(example, (", ", " ", ". "), [example.text, *said], dice))
    return made


def _joined(
    example: Example, separators: Sequence[str], parts: Sequence[str], dice: random.Random
) -> Example:
    return Example(dice.choice(separators).join(parts), example.intent, example.language)


def _by_language(examples: Iterable[Example]) -> dict[str, list[Example]]:
    by_language: dict[str, list[Example]] = {}
    for example in examples:
        by_language.setdefault(example.language, []).append(example)
    return by_language
