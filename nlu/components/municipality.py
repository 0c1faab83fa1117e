"""Any spelling of a town of the district -> its Italian name; ambiguous and outside towns told apart.

Three entities: `municipality` (contract), `municipality_ambiguous` ("Casaletto": three towns begin so) and
`municipality_outside` (Cremona, Milano ...: the person should hear that this is another district).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from anyascii import anyascii
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from nlu.components.entity import Entity
from nlu.components.phrase import Phrase, stands_after, stands_before
from nlu.components.terms import Languages, Match, TermIndex, words_of
from nlu.components.wording import fold, loose

_PLACES: Final = Path(__file__).parent / "places.yml"
_BY_LANGUAGE: Final = Path(__file__).parent / "places"
"""How people of each language write the towns by ear."""
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SHORTEST_FUZZY, _LENGTH_FOR_TWO_ERRORS = 6, 9
_SHORTEST_SKELETON: Final = 4
_CREAM_HAS_ARTICLES: Final = frozenset({"it", "en", "es", "fr"})
_VOWELS: Final = str.maketrans("", "", "aeiou'`’ -")
_SKELETON: Final = str.maketrans(
    {"p": "b", "v": "f", "w": "f", "c": "k", "q": "k", "g": "k", "j": "k", "z": "s", "d": "t"}
)


@dataclass(frozen=True)
class _Place:
    """What a spelling means; `weak` ones (also an ordinary word) count only behind a word of place."""

    entity: str
    name: str
    is_weak: bool = False


_UNKNOWN: Final = _Place("", "", is_weak=True)


def read_municipalities(phrase: Phrase) -> list[Entity]:
    """Return the towns of a message, each once."""
    found: dict[tuple[str, str], Entity] = {}
    position = 0
    while position < len(phrase.words):
        match = _place_at(phrase, position)
        if match is None:
            position += 1
            continue
        place = match.value
        found.setdefault(
            (place.entity, place.name), phrase.entity(place.entity, place.name, match.first, match.end)
        )
        position = match.end
    return list(found.values())


def _place_at(phrase: Phrase, position: int) -> Match[_Place] | None:
    match = _index().at(phrase.words, position) or _misspelt(phrase, position)
    if match is None or match.end > len(phrase.words):
        return None
    if match.value.is_weak and not _is_place(phrase, match):
        return None
    if match.value.name == "Crema" and _is_cream(phrase, match):
        return None
    return match


def _is_place(phrase: Phrase, match: Match[_Place]) -> bool:
    if len(phrase.words) == match.end - match.first and phrase.intent in ("inform", None):
        return True
    written_on = phrase.words[match.first].forms
    is_capital = match.first > 0 and phrase.message[phrase.words[match.first].start].isupper()
    if is_capital and match.value.name and phrase.intent != "out_of_scope":
        return True
    is_marked_on = len(written_on) > 1 and phrase.words[match.first].text[0] in "بفل"
    return is_marked_on or _has_word_of_place(phrase, match)


def _has_word_of_place(phrase: Phrase, match: Match[_Place]) -> bool:
    """Tell whether "in" or the like stands before a word, or behind it as in Urdu."""
    cues = _cues(phrase.languages)
    return stands_before(cues.place_before, phrase.words, match.first) or stands_after(
        cues.place_after, phrase.words, match.end
    )


def _is_cream(phrase: Phrase, match: Match[_Place]) -> bool:
    if phrase.intent == "out_of_scope" and not _has_word_of_place(phrase, match):
        return True
    if stands_after(_cues(phrase.languages).cream_after, phrase.words, match.end):
        return True
    if phrase.languages[0] not in _CREAM_HAS_ARTICLES and _has_word_of_place(phrase, match):
        return False  # "la" is "at" in Romanian
    is_capital = phrase.message[phrase.words[match.first].start].isupper()
    return not is_capital and stands_before(_cues(phrase.languages).cream_before, phrase.words, match.first)


def _misspelt(phrase: Phrase, position: int) -> Match[_Place] | None:
    word = phrase.words[position]
    if word.text in _cues(phrase.languages).not_towns or word.is_number:
        return None
    if word.text.isascii():
        return _near_in_latin(phrase, position)
    return _near_by_ear(phrase, position)


def _near_in_latin(phrase: Phrase, position: int) -> Match[_Place] | None:
    """Allow one error, two in long names where a place is said; the first letter must be right.

    "risultare" is two letters away from "rivoltare", and no town.
    """
    word = phrase.words[position]
    if len(word.text) < _SHORTEST_FUZZY:
        return None
    is_long = len(word.text) >= _LENGTH_FOR_TWO_ERRORS
    errors = 2 if is_long and _is_place(phrase, Match(position, position + 1, _UNKNOWN)) else 1
    near = _nearest_spelling(word.text, errors)
    return None if near is None else Match(position, position + 1, _spellings_to_places()[near])


@lru_cache(maxsize=20_000)
def _nearest_spelling(word: str, errors: int) -> str | None:
    near = process.extractOne(word, _spellings(), scorer=Levenshtein.distance, score_cutoff=errors)
    return near[0] if near is not None and near[0][0] == word[0] else None


def _near_by_ear(phrase: Phrase, position: int) -> Match[_Place] | None:
    """Find a town written by ear in another script, behind a word of place."""
    if not _is_place(phrase, Match(position, position + 1, _UNKNOWN)):
        return None
    for form in phrase.words[position].forms:
        place = _by_consonants(form) if "\u0600" <= form[0] <= "\u06ff" else _by_letters(form)
        if place is not None:
            return Match(position, position + 1, place)
    return None


def _by_letters(word: str) -> _Place | None:
    latin = loose(word)
    if len(latin) < _SHORTEST_FUZZY:
        return None
    near = process.extractOne(latin, _sounds(), scorer=Levenshtein.distance, score_cutoff=1)
    return _sounds_to_places()[near[0]] if near is not None and near[0][0] == latin[0] else None


def _by_consonants(word: str) -> _Place | None:
    skeleton = _skeleton(word)
    if len(skeleton) < _SHORTEST_SKELETON or skeleton not in _skeletons():
        return None
    return _Place("municipality", _skeletons()[skeleton])


def _skeleton(word: str) -> str:
    return loose(anyascii(word)).translate(_VOWELS).translate(_SKELETON)


@cache
def _places() -> Mapping[str, Any]:
    """Return places.yml with the spellings of every language added to its lists."""
    places: dict[str, Any] = _read(_PLACES)
    for path in sorted(_BY_LANGUAGE.glob("*.yml")):
        _add(places, _read(path))
    return places


def _read(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506  # the safe one, in C
    return read


def _add(places: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping):
            _add(places.setdefault(key, {}), value)
        else:
            places.setdefault(key, []).extend(value)


def _all_spellings() -> Iterator[tuple[str, _Place]]:
    for name, spellings in _places()["towns"].items():
        place = _Place("municipality", name)
        for spelling in (name, *spellings.get("names", ()), *spellings.get("hamlets", ())):
            yield spelling, place
        for spelling in spellings.get("weak", ()):
            yield spelling, _Place("municipality", name, is_weak=True)
    for entity in ("ambiguous", "outside"):
        for name, spellings in _places()[entity].items():
            yield from ((spelling, _Place(f"municipality_{entity}", name)) for spelling in spellings)
    for name, spellings in _places()["outside_weak"].items():
        yield from ((spelling, _Place("municipality_outside", name, is_weak=True)) for spelling in spellings)


@cache
def _index() -> TermIndex[_Place]:
    return TermIndex(_all_spellings(), tolerant=False)


@cache
def _spellings_to_places() -> dict[str, _Place]:
    """Return the one-word spellings in Latin letters that are long enough to be recognised with an error."""
    return {
        fold(spelling): place
        for spelling, place in _all_spellings()
        if not place.is_weak
        and spelling.isascii()
        and spelling.isalpha()
        and len(spelling) >= _SHORTEST_FUZZY
    }


@cache
def _spellings() -> tuple[str, ...]:
    return tuple(_spellings_to_places())


@cache
def _sounds_to_places() -> dict[str, _Place]:
    return {loose(spelling): place for spelling, place in _spellings_to_places().items()}


@cache
def _sounds() -> tuple[str, ...]:
    return tuple(_sounds_to_places())


@cache
def _skeletons() -> dict[str, str]:
    """Return consonants -> town for the towns of one word; two towns with the same ones are left out."""
    skeletons: dict[str, set[str]] = {}
    for name in _places()["towns"]:
        skeletons.setdefault(_skeleton(name.split()[0]), set()).add(name)
    return {skeleton: names.pop() for skeleton, names in skeletons.items() if len(names) == 1}


@dataclass(frozen=True)
class _Cues:
    place_before: TermIndex[bool]
    place_after: TermIndex[bool]
    cream_before: TermIndex[bool]
    cream_after: TermIndex[bool]
    not_towns: frozenset[str]


@cache
def _cues(languages: Languages) -> _Cues:
    def index(terms: tuple[str, ...]) -> TermIndex[bool]:
        return TermIndex(((term, True) for term in terms), tolerant=False)

    places = _places()
    return _Cues(
        place_before=index(words_of(languages, "place_before")),
        place_after=index(words_of(languages, "place_after")),
        cream_before=index(tuple(places["cream_before"])),
        cream_after=index(tuple(places["cream_after"])),
        not_towns=frozenset(fold(word) for word in places["not_towns"]),
    )
