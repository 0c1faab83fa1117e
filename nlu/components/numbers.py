"""Numbers in digits and words, in every language of `terms/`: "600", "٦٠٠", "seicento", "шістсот"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import regex
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from nlu.components.chinese_numbers import UNITS, chinese_number
from nlu.components.terms import Languages, table_of, words_of
from nlu.components.wording import Token, fold, loose

_LARGEST_SENSIBLE: Final = 1_000_000
_SHORTEST_FUZZY: Final = 6
_ARABIC_AND: Final = frozenset({"و", "w", "wa", "u", "ou"})
_CHINESE_UNITS: Final = {"百": 100, "千": 1000, "万": 10_000, "萬": 10_000}
_BY_SOUND: Final = "uk"
_CYRILLIC: Final = regex.compile(r"\p{Cyrillic}")
_FRENCH_TWENTY: Final = "vingt"
_GAP: Final = frozenset((" ", "-", ""))


@dataclass(frozen=True)
class Number:
    """A number that covers the words `first` to `end` (exclusive).

    `is_weak`: a word that is mostly something else ("sei" is also "you are", "una" an article): a number only
    beside what it counts, or where it stands alone.
    """

    first: int
    end: int
    value: int
    in_words: bool
    is_weak: bool = False


@dataclass(frozen=True)
class _Numerals:
    """`words` may hold halves ("ڈیڑھ" is 1.5), `halves` are words that add one to what follows ("ساڑھے")."""

    words: dict[str, float]
    multipliers: dict[str, int]
    connectors: frozenset[str]
    weak: frozenset[str]
    glued: dict[str, float]
    sounds: dict[str, float]
    halves: frozenset[str]
    fuzzy: tuple[str, ...]


def read_numbers(message: str, words: Sequence[Token], languages: Languages) -> list[Number]:
    """Return every number of a message, in order."""
    found: list[Number] = []
    position = 0
    while position < len(words):
        number = _number_at(message, words, position, languages)
        if number is not None:
            found.append(number)
        position = number.end if number else position + 1
    return found


def _number_at(message: str, words: Sequence[Token], position: int, languages: Languages) -> Number | None:
    known = _numerals(languages)
    if words[position].is_number:
        return _in_digits(message, words, position, known)
    chinese = chinese_number(words, position)
    if chinese is None and words[position].text in UNITS:
        return None
    if chinese is not None:
        value, end = chinese
        is_weak = end == position + 1 and words[position].text in known.weak
        return Number(position, end, value, in_words=True, is_weak=is_weak)
    return _in_words(message, words, position, known)


def _in_digits(message: str, words: Sequence[Token], position: int, known: _Numerals) -> Number | None:
    value = _digits(words[position].text)
    end = position + 1
    if end < len(words) and words[end].text in _CHINESE_UNITS and words[end].start == words[position].end:
        value, end = _mixed(words, value, end)
    elif end < len(words) and words[end].text in known.multipliers and _is_gap(message, words, end):
        value, end = value * known.multipliers[words[end].text], end + 1
    elif end < len(words) and words[end].text == "k" and words[end].start == words[position].end:
        value, end = value * 1000, end + 1
    return Number(position, end, value, in_words=False) if value <= _LARGEST_SENSIBLE else None


def _mixed(words: Sequence[Token], value: int, end: int) -> tuple[int, int]:
    """Read 1千2 as 1,200 and 3百5 as 350: digits with Chinese units."""
    unit = _CHINESE_UNITS[words[end].text]
    value, end = value * unit, end + 1
    if end < len(words) and words[end].text.isdigit() and len(words[end].text) == 1:
        is_glued = words[end].start == words[end - 1].end
        return (value + int(words[end].text) * unit // 10, end + 1) if is_glued else (value, end)
    return value, end


def _digits(text: str) -> int:
    """Read "1.200", "1 200" and "7,50" (cents are dropped: the contract wants an integer)."""
    comma = text.find(",")
    whole = text if comma >= 0 and len(text) - comma - 1 == 3 else text.split(",")[0]
    point = whole.rfind(".")
    if point >= 0 and len(whole) - point - 1 != 3:
        whole = whole[:point]
    return int("".join(character for character in whole if character.isdigit()) or 0)


def _in_words(message: str, words: Sequence[Token], position: int, known: _Numerals) -> Number | None:
    total, current, end = 0.0, 0.0, position
    half = 0.5 if words[position].text in known.halves else 0.0
    index, joined = position + (1 if half else 0), False
    while index < len(words) and (index == position or _is_gap(message, words, index)):
        parts = _parts(words[index], known)
        if not parts:
            begins_another = total + current >= 100 and _is_whole(words, index + 1, known)
            if (
                index > position
                and words[index].text in known.connectors
                and not joined
                and not begins_another
            ):
                index, joined = index + 1, True
                continue
            break
        is_arabic_and = words[index].text[0] == "و" or (
            index > position and words[index - 1].text in _ARABIC_AND
        )
        for value, is_multiplier in parts:
            part = value if is_multiplier else value + half * _magnitude(value)
            half = half if is_multiplier else 0.0
            if is_multiplier:
                current = max(current, 1) * part
            elif current % 100 == 4 and words[index].text.startswith(_FRENCH_TWENTY):
                current += 76  # quatre-vingt
            elif current == 0 or _fits(current, part):
                current += part
            elif _is_unit_before_tens(current, part):
                current = current + part if is_arabic_and else current * 100 + part
            else:
                return _finished(words, position, end, total + current, known)
            if part >= 1000 and is_multiplier:
                total, current = total + current, 0
        index, end, joined = index + 1, index + 1, False
    return _finished(words, position, end, total + current, known) if end > position else None


def _magnitude(value: float) -> int:
    """Return of what a half is a half: সাড়ে তিনশ, "three hundred and a half", is 350."""
    return next((unit for unit in (1000, 100) if value >= unit and value % unit == 0), 1)


def _is_whole(words: Sequence[Token], index: int, known: _Numerals) -> bool:
    """Tell whether a number of its own begins here: "between four hundred and five hundred"."""
    if index + 1 >= len(words):
        return False
    first, second = _parts(words[index], known), _parts(words[index + 1], known)
    is_hundreds = bool(first) and len(second) == 1 and second[0] == (100.0, True)
    return (is_hundreds and not first[-1][1]) or (len(first) == 1 and first[0][0] >= 100 and not first[0][1])


def _finished(words: Sequence[Token], first: int, end: int, value: float, known: _Numerals) -> Number | None:
    if end == first or value != int(value):
        return None
    is_weak = all(any(form in known.weak for form in word.forms) for word in words[first:end])
    return Number(first, end, int(value), in_words=True, is_weak=is_weak)


def _fits(current: float, more: float) -> bool:
    if current % 1000 == 0:
        return more < 1000
    if current % 100 == 0:
        return more < 100
    is_french = current % 100 in (60, 80) and 10 <= more < 20  # soixante-dix, quatre-vingt-quinze
    return is_french or (current % 10 == 0 and more < 10)


def _is_unit_before_tens(current: float, more: float) -> bool:
    """Arabic counts "five and twenty"; English and Italian say "six fifty" for 650."""
    return current % 100 < 10 and more < 100 and more % 10 == 0


def _is_gap(message: str, words: Sequence[Token], index: int) -> bool:
    return message[words[index - 1].end : words[index].start].strip(" ") in _GAP


def _parts(word: Token, known: _Numerals) -> tuple[tuple[float, bool], ...]:
    """Return the values that a word is made of, each with whether it multiplies what stands before it."""
    for form in word.forms:
        if form in known.multipliers:
            return ((known.multipliers[form], True),)
        if form in known.words:
            return ((known.words[form], False),)
    return _glued(word.text, known) or _misspelt(word.text, known)


def _glued(word: str, known: _Numerals) -> tuple[tuple[float, bool], ...]:
    """Take "seicentocinquanta" apart: two or more numerals written as one word, nothing left over."""
    if len(word) < 6:
        return ()
    for length in range(len(word) - 1, 1, -1):
        head, tail = word[:length], word[length:]
        first = (
            ((known.multipliers[head], True),)
            if head in known.multipliers
            else (((known.glued[head], False),) if head in known.glued else ())
        )
        if not first:
            continue
        if tail in known.multipliers:
            return (*first, (known.multipliers[tail], True))
        if tail in known.words:
            return (*first, (known.words[tail], False))
        rest = _glued(tail, known)
        if rest:
            return (*first, *rest)
    return ()


def _misspelt(word: str, known: _Numerals) -> tuple[tuple[float, bool], ...]:
    sounds = loose(word)
    if len(sounds) >= 4 and sounds in known.sounds:
        return ((known.sounds[sounds], False),)
    if len(word) < _SHORTEST_FUZZY or not word.isascii() or not word.isalpha():
        return ()
    near = process.extractOne(word, known.fuzzy, scorer=Levenshtein.distance, score_cutoff=1)
    if near is None or near[0][:2] != word[:2]:
        return ()
    return ((known.words[near[0]], False),)


@cache
def _numerals(languages: Languages) -> _Numerals:
    words = {word: float(value) for word, value in table_of(languages, "numbers").items()}
    multipliers = {word: int(value) for word, value in table_of(languages, "multipliers").items()}
    glued = words | {word: float(value) for word, value in table_of(languages, "glued_parts").items()}
    return _Numerals(
        words=words,
        multipliers=multipliers,
        connectors=frozenset(fold(word) for word in words_of(languages, "connectors")),
        weak=frozenset(fold(word) for word in words_of(languages, "weak_numbers")),
        glued={word: value for word, value in glued.items() if word.isascii()},
        halves=frozenset(fold(word) for word in words_of(languages, "halves")),
        # Ukrainian in Latin letters: semero, pyatdesyat. In Punjabi "khali" (empty) sounds like 40.
        sounds={
            loose(word): value
            for word, value in words.items()
            if _BY_SOUND in languages and _CYRILLIC.match(word)
        },
        fuzzy=tuple(word for word in words if word.isascii() and len(word) >= _SHORTEST_FUZZY),
    )
