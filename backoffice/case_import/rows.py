"""Rows of words -> the cases that they ask for, or what is wrong with which cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from backoffice.case.needs import Need
from backoffice.case_import.errors import FileRefused
from backoffice.client.schemas import CaseType
from backoffice.search.folding import fold
from backoffice.templating import INTERFACE_LANGUAGES
from translations.catalog import text
from translations.languages import LANGUAGES

COLUMNS = ("type", "person", "phone", "language", "municipality", "needs", "urgent", "note", "number")
"""The columns that are read; others, such as the phase in a file that was exported, are left aside."""

WANTED = ("type", "person", "language")

Code = TypeVar("Code", bound=StrEnum)


@dataclass(frozen=True)
class WrongCell:
    """What is wrong: a key `caselists.wrong.<why>`, in which column, with which words."""

    column: str
    why: str
    words: str


@dataclass(frozen=True)
class ImportRow:
    """One row: the case that it asks for. `line` is as a spreadsheet counts, the head being 1."""

    line: int
    type: str = ""
    person: str = ""
    phone: str = ""
    language: str = ""
    municipality: str = ""
    needs: list[str] = field(default_factory=list)
    urgent: bool = False
    note: str = ""
    number: str = ""
    wrong: list[WrongCell] = field(default_factory=list)


def parse(rows: list[list[str]]) -> list[ImportRow]:
    """Return what the rows ask for; the first one names the columns, in Italian or English.

    Raises:
        FileRefused: a column is missing that no case can do without, or is there twice.
    """
    places = _places(rows[0])
    read = (
        (line, {name: row[place] if place < len(row) else "" for name, place in places.items()})
        for line, row in enumerate(rows[1:], start=2)
        if any(row)
    )
    return [_row(line, cells) for line, cells in read]


def _places(heads: list[str]) -> dict[str, int]:
    names = {fold(shown): name for name in COLUMNS for shown in (name, *_shown(f"caselists.column.{name}"))}
    places: dict[str, int] = {}
    for place, head in enumerate(heads):
        name = names.get(fold(head))
        if name in places:
            raise FileRefused("heads", names=head)
        if name is not None:
            places[name] = place
    missing = [name for name in WANTED if name not in places]
    if missing:
        shown = ", ".join(text(f"backoffice.caselists.column.{name}", "it") for name in missing)
        raise FileRefused("heads", names=shown)
    return places


def _row(line: int, cells: Mapping[str, str]) -> ImportRow:
    wrong: list[WrongCell] = []

    def refuse(column: str, why: str, words: str = "") -> None:
        wrong.append(WrongCell(column, why, words[:80]))

    type = _code("case_type", CaseType, cells["type"])
    if type is None:
        refuse("type", "type" if cells["type"] else "empty", cells["type"])
    language = _language(cells["language"])
    if language is None:
        refuse("language", "language" if cells["language"] else "empty", cells["language"])
    if not cells["person"]:
        refuse("person", "empty")
    for column, longest in (("person", 200), ("phone", 20), ("municipality", 80)):
        if len(cells.get(column, "")) > longest:
            refuse(column, "long", cells[column])
    urgent = _yes(cells.get("urgent", ""))
    if urgent is None:
        refuse("urgent", "yes_or_no", cells["urgent"])
    return ImportRow(
        line=line,
        type=type.value if type else "",
        person=cells["person"],
        phone=cells.get("phone", ""),
        language=language or "",
        municipality=cells.get("municipality", ""),
        needs=list(_needs(cells.get("needs", ""), refuse_with=wrong)),
        urgent=bool(urgent),
        note=cells.get("note", ""),
        number=cells.get("number", ""),
        wrong=wrong,
    )


def _needs(words: str, *, refuse_with: list[WrongCell]) -> Iterator[str]:
    for part in words.replace(";", ",").split(","):
        if not part.strip():
            continue
        need = _code("need", Need, part)
        if need is None:
            refuse_with.append(WrongCell("needs", "need", part.strip()[:80]))
        else:
            yield need.value


def _code(group: str, kind: type[Code], words: str) -> Code | None:
    wanted = fold(words)
    for each in kind:
        if wanted in {fold(each.value), *map(fold, _shown(f"{group}.{each.value}"))}:
            return each
    return None


def _language(words: str) -> str | None:
    wanted = fold(words)
    for code, language in LANGUAGES.items():
        if wanted in {code, fold(language.own_name), *map(fold, _shown(f"language.{code}"))}:
            return code
    return None


def _yes(words: str) -> bool | None:
    wanted = fold(words)
    if wanted in {"", "no", "0", "false", *map(fold, _shown("caselists.no"))}:
        return False
    return True if wanted in {"x", "1", "true", *map(fold, _shown("caselists.yes"))} else None


def _shown(key: str) -> Iterable[str]:
    """Return the words of a key in the languages of the pages."""
    return [text(f"backoffice.{key}", language) for language in INTERFACE_LANGUAGES]
