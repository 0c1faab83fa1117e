"""Numbers with what they count: money, rooms, years of experience, or just a number.

Rules of reading: contract, intents.md, "How entities are read". People are counted in `household.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from nlu.components.entity import Entity
from nlu.components.numbers import Number
from nlu.components.phrase import Phrase, stands_after, stands_before
from nlu.components.terms import Languages, Match, TermIndex, by_value, words_of
from nlu.components.wording import Token

_EXPERIENCE_INTENTS: Final = frozenset({"register_care_worker", "ask_care_training", "inform", None})
_EXPERIENCE_IF_SAID_SO: Final = frozenset(
    {"ask_job_search", "ask_qualification_recognition", "hire_care_worker"}
)
_ROOM_INTENTS: Final = frozenset({"search_housing", "offer_housing"})
_ABOUT_HOMES: Final = _ROOM_INTENTS | {"report_housing_problem", "ask_rental_contract", "inform", None}
_ABOUT_MONEY: Final = frozenset(
    {
        "search_housing",
        "offer_housing",
        "report_housing_problem",
        "ask_rental_contract",
        "ask_care_contract",
        "report_work_problem",
        "register_care_worker",
        "hire_care_worker",
        "ask_benefits",
        "ask_legal_aid",
        "inform",
        None,
    }
)
_SERVICE_NUMBERS: Final = frozenset({112, 113, 114, 115, 118, 1522, 19696, 116117, 730, 104})
_LEAST_WITH_CURRENCY, _LEAST_WITH_CUE, _LEAST_BARE, _MOST = 1, 40, 150, 60_000
_SHORTEST_GLUED: Final = 2
"""Digits of "60e"; "3e" is the third floor in French."""
_LONGEST_EXPERIENCE: Final = 45
_LONGEST_UNSAID: Final = 25
"""More years than this, and no word of work beside them: rather an age."""


@dataclass(frozen=True)
class Counted:
    """A number and the kind of thing that it counts; `end` is behind the unit."""

    number: Number
    kind: str | None
    first: int
    end: int


@dataclass(frozen=True)
class _Cues:
    units: TermIndex[str]
    between: TermIndex[bool]
    money_before: TermIndex[bool]
    not_money_before: TermIndex[bool]
    money_after: TermIndex[bool]
    rooms_before: TermIndex[bool]
    fixed_rooms: TermIndex[int]
    fixed_years: TermIndex[int]
    room_words: TermIndex[bool]
    age: TermIndex[bool]
    age_before: TermIndex[bool]
    persons: TermIndex[bool]
    residence: TermIndex[bool]
    experience: TermIndex[bool]
    months: TermIndex[bool]
    weekdays: TermIndex[bool]


def count_units(phrase: Phrase, numbers: list[Number]) -> list[Counted]:
    """Say of every number what unit stands beside it, if any."""
    return [_with_unit(phrase, number) for number in numbers]


def read_money(phrase: Phrase, counted: list[Counted]) -> list[Entity]:
    """Return the sums in euros, with or without the currency word."""
    return [
        phrase.entity("money", each.number.value, each.first, each.end)
        for each in counted
        if each.number.value <= _MOST
        and (each.kind == "money" or (each.kind is None and _is_sum(phrase, each.number)))
    ]


def read_rooms(phrase: Phrase, counted: list[Counted]) -> list[Entity]:
    """Return how many rooms: a number, a word like "bilocale", or one where a single room is wanted."""
    if phrase.intent not in _ABOUT_HOMES:
        return []
    cues = _cues(phrase.languages)
    found = [
        phrase.entity("rooms", each.number.value, each.first, each.end)
        for each in counted
        if each.kind == "rooms" and 0 < each.number.value <= 20
    ]
    for match in cues.fixed_rooms.find(phrase.words):
        entity = phrase.entity("rooms", match.value, match.first, match.end)
        if not any(entity.overlaps(other.start, other.end) for other in found):
            found.append(entity)
    if not found and phrase.intent in _ROOM_INTENTS:
        single = next(iter(cues.room_words.find(phrase.words)), None)
        found = [phrase.entity("rooms", 1, single.first, single.end)] if single else []
    return found


def read_years(phrase: Phrase, counted: list[Counted]) -> list[Entity]:
    """Return years of work experience; not an age, not the time in Italy."""
    if phrase.intent not in _EXPERIENCE_INTENTS | _EXPERIENCE_IF_SAID_SO:
        return []
    found = [
        phrase.entity("years", each.number.value, each.first, each.end)
        for each in counted
        if each.kind == "years" and each.number.value <= _LONGEST_EXPERIENCE and _is_experience(phrase, each)
    ]
    fixed = _cues(phrase.languages).fixed_years.find(phrase.words)
    return found or [phrase.entity("years", match.value, match.first, match.end) for match in fixed]


def is_counted(phrase: Phrase, entity: Entity) -> bool:
    """Tell whether a unit stands behind what looks like a day in digits: "2.5 años", "7.50 €"."""
    if not phrase.message[entity.start : entity.end].replace(".", "").isdigit():
        return False
    after = next((place for place, word in enumerate(phrase.words) if word.start >= entity.end), None)
    return after is not None and _unit_after(phrase, after) is not None


def read_bare_numbers(phrase: Phrase, counted: list[Counted], used: list[Entity]) -> list[Entity]:
    """Return the numbers that nothing else explains: what "4" means, only the question before it knows."""
    stands_alone = len(phrase.words) <= 2
    bare = [
        phrase.entity("number", each.number.value, each.number.first, each.number.end)
        for each in counted
        if each.kind in (None, "children")
        and (stands_alone or not each.number.is_weak)
        # 周五 is Friday, not five.
        and not stands_before(_cues(phrase.languages).weekdays, phrase.words, each.number.first)
    ]
    return [entity for entity in bare if not any(entity.overlaps(other.start, other.end) for other in used)]


def _with_unit(phrase: Phrase, number: Number) -> Counted:
    words = phrase.words
    if number.first > 0 and words[number.first - 1].text == "€":
        return Counted(number, "money", number.first - 1, number.end)
    if _has_glued_euro(words, number.end):
        return Counted(number, "money", number.first, number.end + 1)
    match = _unit_after(phrase, number.end)
    if match is not None and match.value == "other" and _is_rent_of_a_month(phrase, number):
        return Counted(number, "money", number.first, match.end)
    if match is not None:
        return Counted(number, match.value, number.first, match.end)
    if stands_before(_cues(phrase.languages).rooms_before, words, number.first) and _has_colon(
        phrase, number
    ):
        return Counted(number, "rooms", number.first, number.end)
    return Counted(number, None, number.first, number.end)


def _has_colon(phrase: Phrase, number: Number) -> bool:
    """Tell "stanze: 3" from "3 stanze 600"."""
    return ":" in phrase.message[phrase.words[number.first - 1].end : phrase.words[number.first].start]


def _is_rent_of_a_month(phrase: Phrase, number: Number) -> bool:
    """Tell "1000 a month" without a currency from "in 10 months"."""
    month = _cues(phrase.languages).months.at(phrase.words, number.end)
    return month is not None and number.value >= _LEAST_BARE and phrase.intent in _ABOUT_MONEY


def _has_glued_euro(words: tuple[Token, ...], position: int) -> bool:
    """Tell whether "600e" was written: apart, "e" is Italian for "and"."""
    return (
        0 < position < len(words)
        and words[position].text in ("e", "eu")
        and words[position].start == words[position - 1].end
        and len(words[position - 1].text) >= _SHORTEST_GLUED
    )


def _unit_after(phrase: Phrase, position: int) -> Match[str] | None:
    """Return the unit behind a number; "4 altre persone", "tlata d nas": two words may stand between."""
    cues, words = _cues(phrase.languages), phrase.words
    for _ in range(3):
        if position >= len(words):
            return None
        match = cues.units.at(words, position)
        if match is not None:
            return match
        between = cues.between.at(words, position)
        if between is None:
            return None
        position = between.end
    return None


def _is_sum(phrase: Phrase, number: Number) -> bool:
    value, words = number.value, phrase.words
    if value in _SERVICE_NUMBERS or _is_year_or_postal_code(phrase, number) or number.is_weak:
        return False
    if stands_before(_cues(phrase.languages).not_money_before, words, number.first):
        return False
    if value >= _LEAST_WITH_CUE and (
        stands_before(_cues(phrase.languages).money_before, words, number.first, within=2)
        or stands_after(_cues(phrase.languages).money_after, words, number.end, within=2)
    ):
        return True
    return value >= _LEAST_BARE and phrase.intent in _ABOUT_MONEY


def _is_year_or_postal_code(phrase: Phrase, number: Number) -> bool:
    written = phrase.message[phrase.words[number.first].start : phrase.words[number.end - 1].end]
    is_plain = written.isdigit()
    return is_plain and (1900 <= number.value <= 2100 or (len(written) == 5 and written.startswith("26")))


def _is_experience(phrase: Phrase, each: Counted) -> bool:
    cues, words = _cues(phrase.languages), phrase.words
    said_so = stands_after(cues.experience, words, each.end, within=3) or stands_before(
        cues.experience, words, each.first, within=5
    )
    if said_so and stands_after(cues.experience, words, each.end, within=2):
        return True
    if stands_after(cues.age, words, each.end, within=2) or stands_before(
        cues.age_before, words, each.first, within=1
    ):
        return False
    if stands_before(cues.age, words, each.first, within=1):
        return False
    if not said_so and stands_before(cues.persons, words, each.first, within=2):
        return False
    lives_here = stands_after(cues.residence, words, each.end, within=2) or stands_before(
        cues.residence, words, each.first, within=3
    )
    if lives_here:
        return said_so and stands_after(cues.experience, words, each.end, within=5)
    if not said_so and each.number.value > _LONGEST_UNSAID and len(words) > each.end - each.first:
        return False  # "peruano, 43 años" is an age
    return said_so or phrase.intent in _EXPERIENCE_INTENTS


@cache
def _cues(languages: Languages) -> _Cues:
    units = [(term, kind) for kind, terms in _units(languages).items() for term in terms]
    return _Cues(
        units=TermIndex(units, tolerant=True),
        between=_index(languages, "between", tolerant=False),
        money_before=_index(languages, "before", "money"),
        not_money_before=_index(languages, "not_money_before", tolerant=False),
        money_after=_index(languages, "after", "money"),
        rooms_before=_index(languages, "before", "rooms"),
        fixed_rooms=TermIndex((term, int(value)) for term, value in by_value(languages, "fixed", "rooms")),
        fixed_years=TermIndex((term, int(value)) for term, value in by_value(languages, "fixed", "years")),
        room_words=_index(languages, "room_words"),
        age=_index(languages, "age"),
        age_before=_index(languages, "age_before", tolerant=False),
        # "a daughter of 5 years"
        persons=TermIndex(((term, True) for term in _persons(languages)), tolerant=False),
        residence=_index(languages, "residence", tolerant=False),
        experience=_index(languages, "experience"),
        months=_index(languages, "dates", "month_units", tolerant=False),
        weekdays=_index(languages, "weekdays", tolerant=False),
    )


def _units(languages: Languages) -> dict[str, tuple[str, ...]]:
    kinds = ("money", "people", "adults", "children", "rooms", "years", "other")
    return {kind: words_of(languages, "units", kind) for kind in kinds}


def _persons(languages: Languages) -> tuple[str, ...]:
    return (
        *words_of(languages, "units", "children"),
        *words_of(languages, "units", "adults"),
        *words_of(languages, "members", "one"),
    )


def _index(languages: Languages, *path: str, tolerant: bool = True) -> TermIndex[bool]:
    return TermIndex(((term, True) for term in words_of(languages, *path)), tolerant=tolerant)
