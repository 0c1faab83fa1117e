"""Looking figures up by the day that is asked about: what no file says on that day is None."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backoffice.care_figures.files import (
    ContributionsFile,
    LevelsFile,
    PayTable,
    all_figures,
)
from backoffice.client.schemas import CareLevel
from backoffice.housing_figures.figures import Figure, Source


@dataclass(frozen=True)
class Cell:
    """One minimum of a table in gross euros, with what is known of the level's indemnity."""

    euros: Decimal
    table: str
    valid_from: date
    valid_to: date
    sources: tuple[Source, ...]
    indemnity: Decimal = Decimal(0)
    """What is due besides, where its amount is known."""
    indemnity_unknown: bool = False
    indemnity_included: bool = False


def rule(code: str, on: date) -> Figure | None:
    """Return the figure of a code that holds on a day and has a value."""
    return next(
        (
            each
            for each in all_figures().rules
            if each.code == code and each.holds_on(on) and each.value is not None
        ),
        None,
    )


def cell(table: PayTable, row: str, on: date) -> Cell | None:
    """Return one minimum of the table in force on a day; nothing is carried over from another year."""
    figures = all_figures()
    for name, file in figures.pay.items():
        found = file.tables.get(table) if file.holds_on(on) else None
        if found is None or row not in found.cells:
            continue
        level = CareLevel(row) if row in CareLevel.__members__ else None
        return Cell(
            euros=found.cells[row],
            table=f"{name}:{table.value}:{row}",
            valid_from=file.valid_from,
            valid_to=file.valid_to,
            sources=figures.named(found.sources),
            indemnity=found.indemnity.get(level, Decimal(0)) if level else Decimal(0),
            indemnity_unknown=level in found.indemnity_unknown,
            indemnity_included=level in found.indemnity_included,
        )
    return None


def contributions_on(on: date) -> tuple[ContributionsFile, tuple[Source, ...]] | None:
    """Return the contributions in force on a day, with their sources."""
    figures = all_figures()
    for file in figures.contributions.values():
        if file.holds_on(on):
            return file, figures.named(file.sources)
    return None


def levels_on(on: date) -> tuple[LevelsFile, tuple[Source, ...]] | None:
    """Return the levels in force on a day, with their sources."""
    figures = all_figures()
    for file in figures.levels.values():
        if file.holds_on(on):
            return file, figures.named(file.sources)
    return None
