"""Heads and cells as people write them, in Italian or English, -> the names and codes that are meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from backoffice.search.folding import fold
from backoffice.spreadsheet.errors import FileRefused
from backoffice.templating import INTERFACE_LANGUAGES
from translations.catalog import has, text

Code = TypeVar("Code", bound=StrEnum)


@dataclass(frozen=True)
class WrongCell:
    """What is wrong: a key below the import's own, in which column, with which words."""

    column: str
    why: str
    words: str


def places_of(
    heads: list[str], columns: Iterable[str], wanted: Sequence[str], *, words: str
) -> dict[str, int]:
    """Return where each known column stands; `words` is the group of the catalogue with their heads.

    Raises:
        FileRefused: a wanted column is missing, or a column is there twice.
    """
    names = {fold(shown): name for name in columns for shown in (name, *shown_words(f"{words}.{name}"))}
    places: dict[str, int] = {}
    for place, head in enumerate(heads):
        name = names.get(fold(head))
        if name in places:
            raise FileRefused("heads", names=head)
        if name is not None:
            places[name] = place
    missing = [name for name in wanted if name not in places]
    if missing:
        shown = ", ".join(text(f"backoffice.{words}.{name}", "it") for name in missing)
        raise FileRefused("heads", names=shown)
    return places


def code_of(group: str, kind: type[Code], words: str) -> Code | None:
    """Return the code that words mean: the code itself, or its name in a language of the pages."""
    wanted = fold(words)
    for each in kind:
        if wanted in {fold(each.value), *map(fold, shown_words(f"{group}.{each.value}"))}:
            return each
    return None


def yes_or_no(words: str) -> bool | None:
    """Return what a cell says; an empty one says no, None is something else."""
    wanted = fold(words)
    if wanted in {"", "no", "0", "false", *map(fold, shown_words("caselists.no"))}:
        return False
    return True if wanted in {"x", "1", "true", *map(fold, shown_words("caselists.yes"))} else None


def parts_of(words: str) -> list[str]:
    """Return the parts of a cell that holds several, parted by comma or semicolon."""
    return [part.strip() for part in words.replace(";", ",").split(",") if part.strip()]


def shown_words(key: str) -> Iterable[str]:
    """Return the words of a key in the languages of the pages; nothing where there are none."""
    key = f"backoffice.{key}"
    return [text(key, language) for language in INTERFACE_LANGUAGES] if has(key) else []
