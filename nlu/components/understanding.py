"""What a message means: intent, confidence, entities. The server and `nlu.parse` both ask here.

Order: the linear model, of intent and of language; the dialogue's state as a prior (in a form an answer is
likelier than a new topic); words of danger, which beat everything; the threshold below which the assistant
asks back; then the entities that the intent lets speak.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, Final

import numpy as np

from nlu.components.danger import Danger, read_danger
from nlu.components.entity import Entity
from nlu.components.features import Floats
from nlu.components.language_guess import LanguageGuess, guess_language
from nlu.components.linear_model import LinearModel
from nlu.components.reading import CONTRACT_ENTITIES, read_entities
from nlu.components.terms import Languages, TermIndex, reading_languages, words_of
from nlu.components.wording import tokens

FALLBACK: Final = "nlu_fallback"
EMERGENCY: Final = "report_emergency"

_YES_NO_SLOTS: Final = frozenset({"confirmed", "permit_allows_work"})
_IN_A_FORM: Final = {"inform": 1.5, "skip": 1.2, "affirm": 0.8, "deny": 0.8, "stop": 0.3}
_AFTER_NAME: Final = {"inform": 3.0, "change_language": -2.0}
"""Many names are names of peoples as well: Rusu, Arab, Turco."""
_NAME_SLOTS: Final = frozenset({"person_name"})
_AFTER_YES_NO: Final = {"affirm": 2.0, "deny": 2.0, "inform": 0.5, "skip": 0.8}
_ALWAYS_HEARD: Final = frozenset(
    {"ask_human", "change_language", "delete_my_data", "greet", "thank", "goodbye"}
)
_STRANGER: Final = {"out_of_scope": 1.5}
"""What else people ask for has more words than any list of examples: measured on the curve of thresholds."""
_VALUES_ONLY: Final = {"inform": 3.0}
_WISH: Final = {"inform": -2.5}
_DANGER_HINTED: Final = {EMERGENCY: 1.5}
_COVERED_BY_VALUES: Final = 0.7
_RANKED: Final = 10


_FEW_WORDS = 4


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which an intent is believed.

    An emergency is believed far earlier, and also where it is only the second likeliest meaning: to show a
    number too many costs little.
    """

    intent: float = 0.45
    emergency: float = 0.15
    emergency_not_first: float = 0.3
    no_known_word: float = 0.55
    """Letters alone, as of a slip on the keyboard, look a little like something always."""
    emergency_in_form: float = 0.45
    """A sentence in a form without one word of danger tells rather what is needed: "my mother can't walk"."""
    emergency_in_few_words: float = 0.6
    """In a form a name or a short answer without one word of danger must not end the form."""
    topic_in_form: float = 0.5
    """In a form another topic must be surer: what is doubtful is rather an answer that the form can read."""

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Thresholds:
        """Read them from the component's part of config.yml; what is missing there is as above."""
        names = {
            "intent": "threshold",
            "emergency": "emergency_threshold",
            "emergency_not_first": "emergency_not_first_threshold",
            "emergency_in_form": "emergency_in_form_threshold",
            "emergency_in_few_words": "emergency_in_few_words_threshold",
            "topic_in_form": "topic_in_form_threshold",
            "no_known_word": "no_known_word_threshold",
        }
        return cls(**{field: float(config[name]) for field, name in names.items() if name in config})


@dataclass(frozen=True)
class Asked:
    """What the dialogue waits for: the running form and the slot it has asked for, or a yes/no question."""

    form: str | None = None
    slot: str | None = None
    is_yes_no: bool = False


@dataclass(frozen=True)
class Understood:
    """A message understood; `ranking` holds (intent, confidence), the first being `intent` itself."""

    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    language: LanguageGuess
    entities: tuple[Entity, ...] = field(default=())


def understand(
    message: str,
    model: LinearModel,
    *,
    today: date,
    given_language: str | None = None,
    asked: Asked | None = None,
    thresholds: Thresholds | None = None,
) -> Understood:
    """Understand one message.

    Args:
        message: As the person wrote it, at most 1,000 characters.
        model: Intents and languages.
        today: The day in Italy.
        given_language: The one in which the conversation is held, where that is known.
        asked: What the dialogue waits for, where that is known.
        thresholds: Other than the usual ones.
    """
    asked = asked or Asked()
    danger = read_danger(message)
    intents, spoken = model.read(message)
    language = guess_language(message, model.languages.labels, spoken, given_language)
    read_in = reading_languages(*language.likely, *([given_language] if given_language else ()))
    bonuses = _bonuses(message, asked, danger, today, read_in)
    ranking = _ranking(model.intents.labels, _with_prior(intents, model.intents.labels, bonuses))
    thresholds = thresholds or Thresholds()
    if not model.knows_a_word(message):
        thresholds = replace(thresholds, intent=max(thresholds.intent, thresholds.no_known_word))
    if asked.form is not None and danger is Danger.NONE:
        is_short = _count_words(message) <= _FEW_WORDS
        least = thresholds.emergency_in_few_words if is_short else thresholds.emergency_in_form
        thresholds = replace(
            thresholds,
            emergency=max(thresholds.emergency, least),
            emergency_not_first=max(thresholds.emergency_not_first, least),
        )
    intent, confidence = _decide(ranking, danger, asked, thresholds)
    if intent != ranking[0][0]:
        ranking = ((intent, confidence), *(entry for entry in ranking if entry[0] != intent))
    entities = read_entities(
        message, _gate(ranking, asked), today=today, languages=read_in, asked_slot=asked.slot
    )
    return Understood(intent, confidence, ranking[:_RANKED], language, tuple(entities))


def _count_words(message: str) -> float:
    """Return how many words a message has; Chinese writes none apart, two characters are about one."""
    return sum(0.5 if "\u3400" <= word.text <= "\u9fff" else 1 for word in tokens(message))


def _with_prior(intents: Floats, labels: Sequence[str], bonuses: Sequence[Mapping[str, float]]) -> Floats:
    logarithms = np.log(intents + 1e-9)
    places = _places(tuple(labels))
    for bonus in bonuses:
        for label, amount in bonus.items():
            if label in places:
                logarithms[places[label]] += amount
    powers = np.exp(logarithms - logarithms.max())
    probabilities: Floats = powers / powers.sum()
    return probabilities


@cache
def _places(labels: tuple[str, ...]) -> dict[str, int]:
    return {label: place for place, label in enumerate(labels)}


def _bonuses(
    message: str, asked: Asked, danger: Danger, today: date, languages: Languages
) -> list[dict[str, float]]:
    bonuses: list[dict[str, float]] = []
    if asked.form is None:
        bonuses.append(_STRANGER)
    if asked.is_yes_no or asked.slot in _YES_NO_SLOTS:
        bonuses.append(_AFTER_YES_NO)
    elif asked.form is not None:
        bonuses.append(_IN_A_FORM)
    if asked.slot in _NAME_SLOTS:
        bonuses.append(_AFTER_NAME)
    if danger is Danger.HINTED:
        bonuses.append(_DANGER_HINTED)
    if _says_values_only(message, today, languages):
        bonuses.append(_VALUES_ONLY)
    elif asked.form is None and _wishes(languages).find(tokens(message)):
        # "cerco un bilocale a Crema, siamo in 4, massimo 600": many values, yet what it says is the wish.
        bonuses.append(_WISH)
    return bonuses


def _says_values_only(message: str, today: date, languages: Languages) -> bool:
    read = read_entities(message, "inform", today=today, languages=languages)
    found = [each for each in read if each.name in CONTRACT_ENTITIES]
    if not found:
        return False
    letters = sum(not character.isspace() for character in message)
    covered = {
        place for each in found for place in range(each.start, each.end) if not message[place].isspace()
    }
    return len(covered) / letters >= _COVERED_BY_VALUES


@cache
def _wishes(languages: Languages) -> TermIndex[bool]:
    return TermIndex(((term, True) for term in words_of(languages, "wish")), allows_error=False)


def _ranking(labels: tuple[str, ...], probabilities: Floats) -> tuple[tuple[str, float], ...]:
    order = np.argsort(-probabilities)
    sure = probabilities.tolist()
    return tuple((labels[place], round(sure[place], 4)) for place in order.tolist())


def _decide(
    ranking: tuple[tuple[str, float], ...], danger: Danger, asked: Asked, thresholds: Thresholds
) -> tuple[str, float]:
    first, confidence = ranking[0]
    emergency = dict(ranking).get(EMERGENCY, 0.0)
    if danger is Danger.SAID:
        return EMERGENCY, max(emergency, 0.99)
    if (
        first == EMERGENCY and confidence >= thresholds.emergency
    ) or emergency >= thresholds.emergency_not_first:
        return EMERGENCY, emergency
    if first == EMERGENCY:
        return FALLBACK, round(1 - confidence, 4)
    is_topic = asked.form is not None and first not in _IN_A_FORM and first not in _ALWAYS_HEARD
    if confidence < (thresholds.topic_in_form if is_topic else thresholds.intent):
        return FALLBACK, round(1 - confidence, 4)
    return first, confidence


def _gate(ranking: tuple[tuple[str, float], ...], asked: Asked) -> str:
    """Return the intent by which entities are read: the likeliest one, believed or not.

    In a form every answer gives values, whatever was understood.
    """
    intent = ranking[0][0]
    if asked.form is not None and (intent == FALLBACK or intent in _IN_A_FORM):
        return "inform"
    return ranking[1][0] if intent == FALLBACK and len(ranking) > 1 else intent
