"""A text of a catalogue -> the Italian sentence that it was translated from.

What the service says comes from the catalogues, so that its Italian wording is known word for word:
better than any machine's. A text may be several sentences of the catalogues, one below the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from translations.catalog import catalogue
from translations.languages import SOURCE

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")
_LEAST_FIXED_LETTERS = 12
"""A text of placeholders and little else fits everything."""


@dataclass(frozen=True)
class _Pattern:
    """A sentence with placeholders, and its Italian source."""

    whole: re.Pattern[str]
    source: str


@dataclass(frozen=True)
class _Sentences:
    """The sentences of one language, those without placeholders by their words."""

    plain: dict[str, str]
    patterns: tuple[_Pattern, ...]


def source_of(text: str, language: str) -> str | None:
    """Return the Italian wording of a text that the service said in `language`; None where it is not ours.

    Values stand in it as they were said: a name, a number, or words of the other language.
    """
    whole = _sentence(text, language)
    if whole is not None:
        return whole
    for break_ in ("\n\n", "\n"):
        parts = [_sentence(part, language) if part.strip() else part for part in text.split(break_)]
        if len(parts) > 1 and all(part is not None for part in parts):
            return break_.join(part or "" for part in parts)
    return None


def _sentence(text: str, language: str) -> str | None:
    known, words = _sentences(language), _folded(text)
    if words in known.plain:
        return known.plain[words]
    for pattern in known.patterns:
        found = pattern.whole.fullmatch(words)
        if found:
            return _filled(pattern.source, found.groupdict())
    return None


def _filled(source: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda place: values.get(place.group(1), ""), source)


@cache
def _sentences(language: str) -> _Sentences:
    plain: dict[str, str] = {}
    patterns: list[_Pattern] = []
    italian = catalogue(SOURCE).forms
    for key, forms in catalogue(language).forms.items():
        if key not in italian:
            continue
        for form, source in zip(forms, [*italian[key], *[italian[key][-1]] * len(forms)], strict=False):
            if not _PLACEHOLDER.search(form):
                plain.setdefault(_folded(form), source)
            elif len(_PLACEHOLDER.sub("", form)) >= _LEAST_FIXED_LETTERS:
                patterns.append(_Pattern(_as_pattern(form), source))
    return _Sentences(plain, tuple(patterns))


def _as_pattern(form: str) -> re.Pattern[str]:
    parts, seen = [], set()
    for index, part in enumerate(_PLACEHOLDER.split(_folded(form))):
        if index % 2 == 0:
            parts.append(re.escape(part))
        elif part in seen:
            parts.append(f"(?P={part})")
        else:
            seen.add(part)
            parts.append(f"(?P<{part}>.+?)")
    return re.compile("".join(parts), re.DOTALL)


def _folded(text: str) -> str:
    return text.translate(_ISOLATES).strip()
