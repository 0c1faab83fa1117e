"""Words of care work -> `care_schedule` and `care_skill` codes (contract, intents.md: only what is named)."""

from __future__ import annotations

from functools import cache
from typing import Final

from nlu.components.entity import Entity
from nlu.components.phrase import Phrase, stands_after, stands_before
from nlu.components.terms import Languages, Match, TermIndex, by_value, words_of

_INTENTS: Final = frozenset(
    {"register_care_worker", "hire_care_worker", "ask_care_contract", "ask_care_training", "inform", None}
)
_WORK_INTENTS: Final = frozenset({"report_work_problem", "ask_job_search", "ask_case_status"})
"""Here skills and hours are told as well, but a child is the person's own, a weekend a day off."""
_ENTITIES: Final = ("care_schedule", "care_skill")
_NOT_CARE: Final = "none"
"""Words that only sound like a skill: the Urdu grandmother "nani" like a nanny."""
_WHO_LIVES: Final = frozenset({"i", "we", "they", "who", "he", "she", "now", "currently", "you", "also"})


def read_care_terms(phrase: Phrase, *, tells_household: bool = False) -> list[Entity]:
    """Return each schedule and each skill that a message names, once.

    Args:
        phrase: The message.
        tells_household: Whether it counts who lives in a home: its children are then no skill.
    """
    if phrase.intent not in _INTENTS | _WORK_INTENTS:
        return []
    found: dict[tuple[str, str], Entity] = {}
    for name in _ENTITIES:
        for match in _index(name, phrase.languages).find(phrase.words):
            if _is_meant(phrase, match, tells_household=tells_household):
                entity = phrase.entity(name, match.value, match.first, match.end)
                found.setdefault((name, match.value), entity)
    return list(found.values())


def _is_meant(phrase: Phrase, match: Match[str], *, tells_household: bool) -> bool:
    if match.value == _NOT_CARE:
        return False
    if match.value == "children" and phrase.intent == "inform":
        has_none = stands_before(_without(phrase.languages), phrase.words, match.first) or stands_after(
            _without(phrase.languages), phrase.words, match.end
        )
        return not (tells_household or has_none)
    if _is_negated(phrase, match):
        return False  # "no interna, solo por horas"
    if match.value == "hourly" and phrase.intent == "report_work_problem":
        return False  # "4 ore in busta paga"
    if match.value in ("children", "weekend") and phrase.intent in _WORK_INTENTS | {"ask_care_contract"}:
        return match.value == "children" and phrase.intent == "ask_care_contract"
    # "I live in Crema" tells where, "badante, live in" how.
    is_address = [word.text for word in phrase.words[match.first : match.end]] == ["live", "in"]
    return not (is_address and match.first > 0 and phrase.words[match.first - 1].text in _WHO_LIVES)


def _is_negated(phrase: Phrase, match: Match[str]) -> bool:
    """Tell whether "no" stands right before a term, in the same part of the sentence."""
    if match.first == 0 or not stands_before(_without(phrase.languages), phrase.words, match.first):
        return False
    between = phrase.message[phrase.words[match.first - 1].end : phrase.words[match.first].start]
    return not between.strip()


@cache
def _without(languages: Languages) -> TermIndex[bool]:
    return TermIndex(((term, True) for term in words_of(languages, "no_children")), tolerant=False)


@cache
def _index(name: str, languages: Languages) -> TermIndex[str]:
    return TermIndex(by_value(languages, name))
