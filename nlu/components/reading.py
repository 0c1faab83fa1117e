"""All entities of a message: the one place that knows the order of the readers and who goes before whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final

from nlu.components.amounts import (
    count_units,
    is_counted,
    read_bare_numbers,
    read_money,
    read_rooms,
    read_years,
)
from nlu.components.care_terms import read_care_terms
from nlu.components.dates import read_dates
from nlu.components.entity import Entity
from nlu.components.household import read_minors, read_people
from nlu.components.language_names import read_language_names
from nlu.components.municipality import read_municipalities
from nlu.components.phone import read_phones
from nlu.components.phrase import SOURCE, Phrase
from nlu.components.terms import Languages

CONTRACT_ENTITIES: Final = (
    "municipality",
    "money",
    "people",
    "rooms",
    "years",
    "care_schedule",
    "care_skill",
    "language_name",
    "phone",
)
"""The entities of contract/intents.md; the others are for our own dialogue."""

EXTRA_ENTITIES: Final = ("minors", "number", "date", "municipality_ambiguous", "municipality_outside")

_FEW_WORDS: Final = 2
_ASKED_AS: Final = {
    "people": "people",
    "rooms": "rooms",
    "budget_eur_month": "money",
    "years_experience": "years",
}


def read_entities(
    message: str,
    intent: str | None,
    *,
    today: date,
    languages: Languages = SOURCE,
    asked_slot: str | None = None,
) -> list[Entity]:
    """Return what a message says, in the order in which it stands there.

    Args:
        message: As the person wrote it.
        intent: What was understood; it decides which readers may speak. None: all may.
        today: The day in Italy, for "tomorrow" and "from March".
        languages: Whose words are read (`reading_languages`).
        asked_slot: The slot that a form has just asked for: a bare number is its answer.
    """
    seen = _see(message, today, languages)
    phrase, phones, dates = replace(seen.phrase, intent=intent), seen.phones, seen.dates
    counted = count_units(
        phrase, phrase.numbers([*phones, *(each for each in dates if _has_digits(each, message))])
    )
    people = read_people(phrase, counted)
    amounts = [*people, *read_rooms(phrase, counted), *read_years(phrase, counted)]
    amounts += [entity for entity in read_money(phrase, counted) if not _overlaps(entity, amounts)]
    minors = read_minors(phrase, counted, asked=asked_slot == "minors")
    amounts += read_bare_numbers(phrase, counted, [*amounts, *minors])
    tells_household = bool(people) or any(each.kind == "children" for each in counted)
    words = [
        *minors,
        *read_municipalities(phrase),
        *read_language_names(phrase),
        *read_care_terms(phrase, tells_household=tells_household),
    ]
    found = [*phones, *dates, *_answered(phrase, amounts, asked_slot), *words]
    return sorted(found, key=lambda entity: (entity.start, entity.name))


@dataclass(frozen=True)
class _Seen:
    """What stands in a message whatever its intent is."""

    phrase: Phrase
    phones: tuple[Entity, ...]
    dates: tuple[Entity, ...]


@lru_cache(maxsize=16)
def _see(message: str, today: date, languages: Languages) -> _Seen:
    """Read it once: a message is asked for its values before the intent is known, and again after."""
    phrase = Phrase.of(message, languages=languages)
    dates = read_dates(phrase, today)
    # "01.02.2027" has the digits of a telephone as well.
    phones = [each for each in read_phones(message) if not _is_within(each, dates)]
    dates = [each for each in dates if not is_counted(phrase, each)]
    return _Seen(phrase, tuple(phones), tuple(each for each in dates if not _overlaps(each, phones)))


def _answered(phrase: Phrase, amounts: list[Entity], asked_slot: str | None) -> list[Entity]:
    """Read the one bare number of an answer as what was asked: "600" after the question for the rent."""
    is_lone = len(amounts) == 1 and len(phrase.words) <= _FEW_WORDS
    if asked_slot == "minors" and is_lone and amounts[0].name == "people":
        # "2 jon" after the question for the children: two of them, counted as people are.
        only = amounts[0]
        return [Entity("minors", only.value, only.start, only.end)]
    name = _ASKED_AS.get(asked_slot or "")
    if name is None or any(entity.name == name for entity in amounts):
        return amounts
    numbers = [entity for entity in amounts if entity.name in ("number", "money")]
    if len(numbers) != 1:
        return amounts
    only = numbers[0]
    return [
        Entity(name, only.value, only.start, only.end) if entity is only else entity for entity in amounts
    ]


def _has_digits(entity: Entity, message: str) -> bool:
    return any(character.isdigit() for character in message[entity.start : entity.end])


def _is_within(entity: Entity, others: list[Entity]) -> bool:
    return any(other.start <= entity.start and entity.end <= other.end for other in others)


def _overlaps(entity: Entity, others: list[Entity]) -> bool:
    return any(entity.overlaps(other.start, other.end) for other in others)
