"""The word lists `terms/<language>.yml`, read for the languages that a message may be in (`Languages`).

Never all of them at once: "do" is two in Urdu and a verb in English, "sei" six in Italian and "are" of nobody
else.

A term is one or several words; a word ending in `*` stands for every word that begins so. Each term is also
found as people misspell it, and one in another script as people write it in Latin letters
(`wording.loose`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import yaml
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from nlu.components.wording import Token, fold, loose, tokens

FOLDER: Final = Path(__file__).parent / "terms"
_SHORTEST_STEM: Final = 2
_SHORTEST_LOOSE: Final = 4
_SHORTEST_LOOSE_STEM: Final = 6
_SHORTEST_FUZZY: Final = 7
_NOT_LATIN: Final = "~"
_BORROWED: Final = {"pa": ("en",), "ur": ("en",), "bn": ("en",), "ar": ("fr",)}
"""Languages whose everyday words stand in another's sentences: "2 bedroom chahida", "bghit studio"."""
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Value = TypeVar("Value")

Languages = tuple[str, ...]
"""Whose words are read, the likeliest language first; of two values for a word the first one's stays."""


@dataclass(frozen=True)
class Match(Generic[Value]):
    """A term found in the words `first` to `end` (exclusive) of a message."""

    first: int
    end: int
    value: Value


class TermIndex(Generic[Value]):
    """Finds terms in a message; of two that overlap the longer one wins."""

    def __init__(
        self, terms: Iterable[tuple[str, Value]], *, tolerant: bool = True, allows_error: bool = True
    ) -> None:
        """Index the terms.

        Args:
            terms: Each with what it means.
            tolerant: Whether a word that sounds like a term is one.
            allows_error: Whether a long word may have one wrong letter besides.
        """
        self._phrases: dict[str, list[tuple[tuple[str, ...], Value]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[tuple[str, ...], Value]]] = defaultdict(list)
        self._loose: dict[str, Value] = {}
        self._loose_stems: dict[str, Value] = {}
        for term, value in terms:
            self._add(term, value, tolerant=tolerant)
        self._fuzzy = [word for word in self._loose if allows_error and len(word) >= _SHORTEST_FUZZY]
        self._stem_lengths = sorted({len(stem) for stem in self._stems if len(stem) >= _SHORTEST_STEM})
        self._loose_stem_lengths = sorted({len(stem) for stem in self._loose_stems}, reverse=True)
        # Most words of a message begin like no term at all.
        self._heads = {stem[:_SHORTEST_STEM] for stem in self._stems}
        self._has_sounds = bool(self._loose or self._loose_stems)
        self._loose_heads = {stem[:_SHORTEST_LOOSE_STEM] for stem in self._loose_stems}

    def find(self, words: Sequence[Token]) -> list[Match[Value]]:
        """Return the terms of a message in their order, none overlapping another."""
        found: list[Match[Value]] = []
        position = 0
        while position < len(words):
            match = self.at(words, position)
            if match is None:
                position += 1
            else:
                found.append(match)
                position = match.end
        return found

    def at(self, words: Sequence[Token], position: int) -> Match[Value] | None:
        """Return the longest term that begins with this word."""
        best: Match[Value] | None = None
        if position >= len(words):
            return None
        for form in words[position].forms:
            if form not in self._phrases and form[:_SHORTEST_STEM] not in self._heads:
                continue
            for phrase, value in self._candidates(form):
                end = _phrase_end(words, position, phrase)
                if end is not None and (best is None or end > best.end):
                    best = Match(position, end, value)
        return best or self._misspelt(words, position)

    def ending_at(self, words: Sequence[Token], end: int, *, longest: int = 4) -> Match[Value] | None:
        """Return the longest term whose last word is the one before `end`."""
        for first in range(max(0, end - longest), end):
            match = self.at(words, first)
            if match is not None and match.end == end:
                return match
        return None

    def _add(self, term: str, value: Value, *, tolerant: bool) -> None:
        phrase = _folded(term)
        if not phrase:
            return
        table = self._stems if phrase[0].endswith("*") else self._phrases
        table[phrase[0].rstrip("*")].append((phrase, value))
        if tolerant and len(phrase) == 1:
            self._add_sound(phrase[0], value)

    def _add_sound(self, word: str, value: Value) -> None:
        """Index a word by its sound: for Latin letters always, for others when it is in their script.

        "baby" and the Ukrainian "баби" sound alike and have nothing in common.
        """
        table, shortest = (
            (self._loose_stems, _SHORTEST_LOOSE_STEM)
            if word.endswith("*")
            else (self._loose, _SHORTEST_LOOSE)
        )
        sounds = loose(word.rstrip("*"))
        if len(sounds) >= shortest:
            table.setdefault(sounds, value)
            if not word.isascii():
                table.setdefault(_NOT_LATIN + sounds, value)

    def _candidates(self, form: str) -> Iterator[tuple[tuple[str, ...], Value]]:
        yield from self._phrases.get(form, ())
        for length in self._stem_lengths:
            if length > len(form):
                return
            yield from self._stems.get(form[:length], ())

    def _misspelt(self, words: Sequence[Token], position: int) -> Match[Value] | None:
        word = words[position].text
        if not self._has_sounds or len(word) < _SHORTEST_LOOSE or word.isdigit():
            return None
        sounds = ("" if word.isascii() else _NOT_LATIN) + loose(word)
        value = self._loose.get(sounds)
        is_stem = value is None and sounds[:_SHORTEST_LOOSE_STEM] in self._loose_heads
        for length in self._loose_stem_lengths if is_stem else ():
            if value is None and length <= len(sounds):
                value = self._loose_stems.get(sounds[:length])
        if value is None and self._fuzzy and len(sounds) >= _SHORTEST_FUZZY:
            near = process.extractOne(sounds, self._fuzzy, scorer=Levenshtein.distance, score_cutoff=1)
            value = self._loose[near[0]] if near else None
        return None if value is None else Match(position, position + 1, value)


def reading_languages(*likely: str) -> Languages:
    """Return whose words to read in a message of these languages: what they borrow, and always Italian."""
    borrowed = [other for language in likely for other in _BORROWED.get(language, ())]
    return tuple(dict.fromkeys([*likely, *borrowed, "it"]))


def own_languages(languages: Languages) -> Languages:
    """Return the languages that a message is likely to be in, without those that are only mixed in."""
    likely = languages[:-1] if len(languages) > 1 and languages[-1] == "it" else languages
    borrowed = _BORROWED.get(languages[0], ())
    return tuple(code for code in likely if code not in borrowed)


@cache
def every_language() -> Languages:
    """Return all languages that have a file: for what is the same whoever writes it."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


@cache
def lists(languages: Languages) -> dict[str, Any]:
    """Return the files of some languages joined key by key; a language without a file adds nothing."""
    joined: dict[str, Any] = {}
    for language in languages:
        _join(joined, _file(language))
    return joined


def words_of(languages: Languages, *path: str) -> tuple[str, ...]:
    """Return one list of terms, such as `words_of(("it",), "units", "money")`; empty where none has it."""
    return tuple(str(term) for term in _at(languages, path) or ())


def by_value(languages: Languages, *path: str) -> list[tuple[str, Any]]:
    """Return `(term, value)` of a table that maps values to lists of terms, such as care_skill."""
    table: Mapping[Any, Sequence[Any]] = _at(languages, path) or {}
    return [(str(term), value) for value, terms in table.items() for term in terms]


def table_of(languages: Languages, *path: str) -> dict[str, Any]:
    """Return a table that maps terms to values, such as `numbers`, with its words folded."""
    joined: dict[str, Any] = {}
    for term, value in (_at(languages, path) or {}).items():
        joined.setdefault(fold(str(term)), value)
    return joined


@cache
def _file(language: str) -> dict[str, Any]:
    path = FOLDER / f"{language}.yml"
    read: dict[str, Any] = (
        yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506  # the safe one, in C
        if path.is_file()
        else {}
    )
    return read or {}


def _at(languages: Languages, path: Sequence[str]) -> Any:
    node: Any = lists(languages)
    for key in path:
        node = (node or {}).get(key)
    return node


def _join(joined: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping):
            _join(joined.setdefault(key, {}), value)
        elif isinstance(value, list):
            joined.setdefault(key, []).extend(value)
        else:
            joined.setdefault(key, value)


@cache
def _folded(term: str) -> tuple[str, ...]:
    # Kept: a term stands in the index of every pair of languages that a message may be in.
    parts: list[str] = []
    for part in term.split():
        parts.extend(token.text for token in tokens(part.rstrip("*")))
        if part.endswith("*") and parts:
            parts[-1] += "*"
    return tuple(parts)


def _phrase_end(words: Sequence[Token], position: int, phrase: Sequence[str]) -> int | None:
    """Return where a phrase ends whose first word stands at `position` already, or None."""
    if position + len(phrase) > len(words):
        return None
    for offset, expected in enumerate(phrase[1:], start=1):
        forms = words[position + offset].forms
        is_stem = expected.endswith("*")
        if not any(form.startswith(expected[:-1]) if is_stem else form == expected for form in forms):
            return None
    return position + len(phrase)
