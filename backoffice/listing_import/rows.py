"""Rows of words -> homes as `listing.facts` reads them, with their owners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from backoffice.home_owner.models import OwnerKind
from backoffice.listing.facts import CHOICES, NUMBERS, SEVERAL, WORDS, YES_OR_NO
from backoffice.search.folding import fold
from backoffice.spreadsheet.columns import code_of, parts_of, places_of, shown_words

OWNER_COLUMNS = ("owner", "phone", "kind")
COLUMNS = (
    "code", "reference", *OWNER_COLUMNS, "municipality", "area", "address", "rooms", "size_m2", "floor",
    "lift", "step_free", "heating", "furnishing", "energy_class", "max_people", "rent_eur_month",
    "expenses_eur_month", "deposit_eur", "included", "contract_types", "near", "pets", "available_from",
    "description",
)  # fmt: skip
"""The columns that are read; others are left aside."""

WANTED = ("municipality", "rooms", "rent_eur_month")

_GROUPS = {"contract_types": "contract_type"}
"""Where the words of codes are not called as their field."""


@dataclass(frozen=True)
class ImportRow:
    """One row. `line` is as a spreadsheet counts; `home` has what was written, with codes for known words."""

    line: int
    code: str = ""
    owner: str = ""
    phone: str = ""
    kind: str = ""
    home: dict[str, Any] = field(default_factory=dict)


def parse(rows: list[list[str]]) -> list[ImportRow]:
    """Return what the rows say; the first one names the columns, in Italian or English.

    Raises:
        FileRefused: a column is missing that no home can do without, or is there twice.
    """
    places = places_of(rows[0], COLUMNS, WANTED, words="homes.field")
    read = (
        (line, {name: row[place] if place < len(row) else "" for name, place in places.items()})
        for line, row in enumerate(rows[1:], start=2)
        if any(row)
    )
    return [_row(line, cells) for line, cells in read]


def _row(line: int, cells: Mapping[str, str]) -> ImportRow:
    home: dict[str, Any] = {}
    for name in ("municipality", "energy_class", "available_from", *WORDS, *NUMBERS):
        if name in cells:
            home[name] = cells[name]
    for name, codes in CHOICES.items():
        if cells.get(name):
            home[name] = _code(name, codes, cells[name])
    for name, codes in SEVERAL.items():
        if cells.get(name):
            home[name] = [_code(name, codes, part) for part in parts_of(cells[name])]
    for name in YES_OR_NO:
        if cells.get(name):
            home[name] = _yes_or_no(cells[name])
    kind = cells.get("kind", "")
    return ImportRow(
        line=line,
        code=cells.get("code", "").upper(),
        owner=cells.get("owner", ""),
        phone=cells.get("phone", ""),
        kind=_kind(kind) if kind else "",
        home=home,
    )


def _code(name: str, codes: type[StrEnum], words: str) -> str:
    """Return the code that words mean, or the words, which are refused as they stand."""
    found = code_of(_GROUPS.get(name, name), codes, words)
    return found.value if found else words


def _kind(words: str) -> str:
    found = code_of("owner_kind", OwnerKind, words)
    return found.value if found else words


def _yes_or_no(words: str) -> str:
    wanted = fold(words)
    if wanted in {"no", "0", "false", *map(fold, shown_words("caselists.no"))}:
        return "no"
    if wanted in {"x", "1", "true", "yes", *map(fold, shown_words("caselists.yes"))}:
        return "yes"
    return words
