"""The office words of Italy, which must stay recognisable: people meet them on forms and counters.

`glossary.csv` holds, for each Italian term, its other forms, and what it is called in our languages
(the first of several is used, each is recognised). Only words of offices stand there: an everyday
word ("affitto") a model translates better than a mask, and one that is also a verb ("visto") would
spoil sentences.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from translations.languages import FOLDER, LANGUAGES, SOURCE, direction

GLOSSARY_FILE = FOLDER / "glossary.csv"

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True)
class Term:
    """One office word: Italian, its other Italian forms, and its names by language."""

    italian: str
    forms: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]

    def rendering(self, target: str) -> str:
        """Return what a reader of the language gets: its own name with the Italian in brackets."""
        names = self.names.get(target)
        if target == SOURCE or not names or names[0] == self.italian:
            return self.italian
        italian = self.italian
        if direction(target) == "rtl":
            italian = f"{_FIRST_STRONG_ISOLATE}{italian}{_POP_ISOLATE}"
        return f"{names[0]} ({italian})"


@dataclass(frozen=True)
class FoundTerm:
    """A term in a text, `text[start:end]`."""

    start: int
    end: int
    term: Term


@dataclass(frozen=True)
class Glossary:
    """All terms; `read_glossary` makes it from a file."""

    terms: tuple[Term, ...]

    def find(self, text: str, source: str) -> list[FoundTerm]:
        """Return the terms that a text in a language names, in that language or in Italian.

        A name with its Italian in brackets behind it, as `Term.rendering` writes it, is one term.
        """
        found = []
        for match in self._pattern(source).finditer(text):
            term = self._known(source).get(_normal(match.group("term")))
            if term is None:
                continue
            end = match.end()
            if behind := re.compile(rf"\s*\(\u2068?{re.escape(term.italian)}\u2069?\)", re.I).match(
                text, end
            ):
                end = behind.end()
            found.append(FoundTerm(match.start(), end, term))
        return found

    def _known(self, source: str) -> dict[str, Term]:
        if source not in self._tables:
            # Italian comes first: a word that is the same in both languages means the Italian office.
            spellings = reversed(self._spellings(source))
            self._tables[source] = {_normal(spelling): term for spelling, term in spellings}
        return self._tables[source]

    def _pattern(self, source: str) -> re.Pattern[str]:
        if source not in self._patterns:
            self._patterns[source] = _pattern(spelling for spelling, _ in self._spellings(source))
        return self._patterns[source]

    def _spellings(self, source: str) -> list[tuple[str, Term]]:
        italian = [(form, term) for term in self.terms for form in (term.italian, *term.forms)]
        own = [(name, term) for term in self.terms for name in term.names.get(source, ())]
        return [*italian, *own]

    @cached_property
    def _tables(self) -> dict[str, dict[str, Term]]:
        return {}

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {}


@cache
def read_glossary(path: Path = GLOSSARY_FILE) -> Glossary:
    """Read the glossary; several forms in a cell stand between bars."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Glossary(
        tuple(
            Term(
                italian=row["it"],
                forms=_cell(row["forms"]),
                names={code: _cell(row[code]) for code in LANGUAGES if code != SOURCE and row[code]},
            )
            for row in rows
        )
    )


def _cell(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split("|") if part.strip())


def _pattern(spellings: Iterable[str]) -> re.Pattern[str]:
    """Longest first. Abbreviations count in capitals alone: CAS and SAI are words in small letters."""
    written = sorted(set(spellings), key=len, reverse=True)
    alternatives = "|".join(_alternative(spelling) for spelling in written)
    return re.compile(rf"(?P<term>{alternatives})" if alternatives else r"(?P<term>(?!))")


def _alternative(spelling: str) -> str:
    quoted = re.escape(spelling).replace(r"\ ", r"[ \u00a0]+").replace("'", "['’]")
    if "\u4e00" <= spelling[0] <= "\u9fff":
        return quoted
    edged = rf"(?<!\w){quoted}(?!\w)"
    return edged if _is_abbreviation(spelling) else f"(?i:{edged})"


def _is_abbreviation(spelling: str) -> bool:
    return spelling.isupper() and len(spelling) <= 5


def _normal(spelling: str) -> str:
    return " ".join(spelling.casefold().replace("’", "'").split())
