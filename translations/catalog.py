"""Key, language and values -> the text that a person reads.

A catalogue is `translations/<language>/<area>.po`. Each entry has the key as `msgctxt`, the Italian
sentence as `msgid` and its translation as `msgstr`; in `it/` both are the same. Keys are unique
over all areas. A translation that is missing or marked fuzzy falls back to Italian, is counted in
`missing` and logged once; a key that no Italian catalogue has is a `KeyError`.

Values are put in by name, once, and never read as a format: a name like `{0.__class__}` stays a
name (`../docs/security.md`, attack 29). In right-to-left languages a value stands between U+2068
and U+2069, so that a town or a number keeps its own direction.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from translations.languages import FOLDER, SOURCE, direction

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"

missing: Counter[tuple[str, str]] = Counter()
"""How often a text was asked for in a language that lacks it, by (language, key)."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Catalogue:
    """The texts of one language: plural forms by key (one form for a text without plural)."""

    forms: Mapping[str, tuple[str, ...]]
    plural_index: Callable[[int], int]


def text(key: str, language: str, /, **values: str) -> str:
    """Return the text of `key` in `language` with the named values put in.

    Raises:
        KeyError: no catalogue has this key, or a placeholder of the text was given no value.
    """
    forms, spoken = _forms(key, language)
    return _fill(forms[0], spoken, values)


def plural(key: str, language: str, count: int, /, **values: str) -> str:
    """Return the form of `key` that fits `count`; `{count}` is `count` unless given otherwise.

    Raises:
        KeyError: as `text`.
    """
    forms, spoken = _forms(key, language)
    index = catalogue(spoken).plural_index(abs(count))
    return _fill(forms[min(index, len(forms) - 1)], spoken, {"count": str(count), **values})


def has(key: str) -> bool:
    """Tell whether there is a text under this key at all."""
    return key in catalogue(SOURCE).forms


def area_texts(area: str, language: str) -> dict[str, str]:
    """Return every text of one area as key -> first form, for a page that shows them itself."""
    source = _read(FOLDER / SOURCE / f"{area}.po")
    return {
        str(entry.context): _forms(str(entry.context), language)[0][0] for entry in source if entry.context
    }


def delivered_texts(area: str, language: str) -> dict[str, str]:
    """Return the texts of one area that a language has, by key; only this area's file is read."""
    entries = _read(FOLDER / language / f"{area}.po")
    return {
        str(entry.context): _strings(entry)[0] for entry in entries if entry.context and _is_usable(entry)
    }


@cache
def is_reviewed_by_native_speaker(language: str, area: str) -> bool:
    """Tell whether the header of an area says that a native speaker has read it."""
    path = FOLDER / language / f"{area}.po"
    return path.is_file() and b"X-Reviewed-By-Native-Speaker: yes" in path.read_bytes()


def placeholders(sentence: str) -> set[str]:
    """Return the names of the placeholders in a sentence."""
    return set(_PLACEHOLDER.findall(sentence))


@cache
def catalogue(language: str) -> Catalogue:
    """Read all areas of a language, once per process."""
    forms: dict[str, tuple[str, ...]] = {}
    rule = get_plural(language)
    expression = rule.plural_expr
    for path in sorted((FOLDER / language).glob("*.po")):
        area = _read(path)
        expression = area.plural_expr
        forms.update(
            {str(entry.context): _strings(entry) for entry in area if entry.context and _is_usable(entry)}
        )
    return Catalogue(forms, _plural_function(expression))


def _read(path: Path) -> Catalog:
    if not path.is_file():
        return Catalog()
    with path.open("rb") as file:
        return read_po(file)


def _strings(entry: Message) -> tuple[str, ...]:
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())


def _is_usable(entry: Message) -> bool:
    return not entry.fuzzy and all(_strings(entry)) and bool(_strings(entry))


def _plural_function(expression: str) -> Callable[[int], int]:
    # The standard library's own parser of plural rules; it is not in its documentation, but stable.
    function: Callable[[int], int] = c2py(expression)
    return function


def _forms(key: str, language: str) -> tuple[tuple[str, ...], str]:
    forms = catalogue(language).forms.get(key)
    if forms is not None:
        return forms, language
    if (language, key) not in missing:
        _log.warning("text missing", extra={"key": key, "language": language})
    missing[language, key] += 1
    return catalogue(SOURCE).forms[key], SOURCE


def _fill(sentence: str, language: str, values: Mapping[str, str]) -> str:
    if "{" not in sentence:
        return sentence  # most are so, and a page has hundreds
    rtl = direction(language) == "rtl"

    def value(match: re.Match[str]) -> str:
        inserted = values[match.group(1)]
        return f"{_FIRST_STRONG_ISOLATE}{inserted}{_POP_ISOLATE}" if rtl else inserted

    return _PLACEHOLDER.sub(value, sentence)
