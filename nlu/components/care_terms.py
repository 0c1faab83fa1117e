"""Words of care work -> `care_schedule` and `care_skill` codes (contract, intents.md: only what is named)."""

from __future__ import annotations

from functools import cache
from typing import Final

from nlu.components.amounts import count_units
from nlu.components.entity import Entity
from nlu.components.phrase import Phrase
from nlu.components.terms import TermIndex, by_value

_INTENTS: Final = frozenset(
    {"register_care_worker", "hire_care_worker", "ask_care_contract", "ask_care_training", "inform", None}
)
_ENTITIES: Final = ("care_schedule", "care_skill")


def read_care_terms(phrase: Phrase) -> list[Entity]:
    """Return each schedule and each skill that a message names, once."""
    if phrase.intent not in _INTENTS:
        return []
    counts_children = phrase.intent == "inform" and _counts_people(phrase)
    found: dict[tuple[str, str], Entity] = {}
    for name in _ENTITIES:
        for match in _index(name).find(phrase.words):
            if match.value == "children" and counts_children:
                continue
            entity = phrase.entity(name, match.value, match.first, match.end)
            found.setdefault((name, match.value), entity)
    return list(found.values())


def _counts_people(phrase: Phrase) -> bool:
    """Tell "two children" of somebody who says how many they are from the children one takes care of."""
    return any(
        each.kind in ("people", "adults", "children") for each in count_units(phrase, phrase.numbers([]))
    )


@cache
def _index(name: str) -> TermIndex[str]:
    return TermIndex(by_value(name))
