"""Rows of words -> the cases that they ask for, or what is wrong with which cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from backoffice.case.needs import Need
from backoffice.client.schemas import CaseType
from backoffice.search.folding import fold
from backoffice.spreadsheet.columns import (
    WrongCell,
    code_of,
    parts_of,
    places_of,
    shown_words,
    yes_or_no,
)
from translations.languages import LANGUAGES

COLUMNS = ("type", "person", "phone", "language", "municipality", "needs", "urgent", "note", "number")
"""The columns that are read; others, such as the phase in a file that was exported, are left aside."""

WANTED = ("type", "person", "language")


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
    places = places_of(rows[0], COLUMNS, WANTED, words="caselists.column")
    read = (
        (line, {name: row[place] if place < len(row) else "" for name, place in places.items()})
        for line, row in enumerate(rows[1:], start=2)
        if any(row)
    )
    return [_row(line, cells) for line, cells in read]


def _row(line: int, cells: Mapping[str, str]) -> ImportRow:
    wrong: list[WrongCell] = []

    def refuse(column: str, why: str, words: str = "") -> None:
        wrong.append(WrongCell(column, why, words[:80]))

    type = code_of("case_type", CaseType, cells["type"])
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
    urgent = yes_or_no(cells.get("urgent", ""))
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
    for part in parts_of(words):
        need = code_of("need", Need, part)
        if need is None:
            refuse_with.append(WrongCell("needs", "need", part[:80]))
        else:
            yield need.value


def _language(words: str) -> str | None:
    wanted = fold(words)
    for code, language in LANGUAGES.items():
        if wanted in {code, fold(language.own_name), *map(fold, shown_words(f"language.{code}"))}:
            return code
    return None
