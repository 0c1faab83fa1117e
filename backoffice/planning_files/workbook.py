"""A document of a figure as XLSX: a sheet of numbers, and a sheet that says what they mean."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

from backoffice.case_export.files import text_cell
from backoffice.planning_files.schemas import FigureDocument
from backoffice.planning_files.tables import heads, lines
from backoffice.planning_files.wording import Wording

NARROWEST, WIDEST = 9, 44
"""Widths of columns, in letters."""
WORDS_WIDTH = 100
_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")

Fact = tuple[str, str | int | datetime]


def workbook_of(document: FigureDocument, wording: Wording) -> bytes:
    """Return the file. Counts are numbers, the day of release is a date, and words are never formulas."""
    book = Workbook(write_only=True)
    _numbers(book.create_sheet(wording.say("sheet.numbers")), document)
    _definitions(book.create_sheet(wording.say("sheet.definitions")), _facts(document, wording))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _numbers(sheet: WriteOnlyWorksheet, document: FigureDocument) -> None:
    names = heads(document)
    rows = list(lines(document))
    for place, name in enumerate(names):
        longest = max((len(str(row[place])) for row in rows if row[place] is not None), default=0)
        width = min(max(longest + 2, len(name) + 4, NARROWEST), WIDEST)
        _looks(sheet).column_dimensions[get_column_letter(place + 1)].width = width
    sheet.freeze_panes = "A2"
    _looks(sheet).auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(rows) + 1}"
    sheet.append([_bold(sheet, name) for name in names])
    for row in rows:
        sheet.append([text_cell(sheet, cell) if isinstance(cell, str) else cell for cell in row])


def _definitions(sheet: WriteOnlyWorksheet, facts: Iterable[Fact]) -> None:
    _looks(sheet).column_dimensions["A"].width = WIDEST - 10
    _looks(sheet).column_dimensions["B"].width = WORDS_WIDTH
    for name, value in facts:
        cell = text_cell(sheet, value) if isinstance(value, str) else WriteOnlyCell(sheet, value=value)
        if isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd"
        cell.alignment = _WRAPPED
        sheet.append([_bold(sheet, name), cell])


def _facts(document: FigureDocument, wording: Wording) -> Sequence[Fact]:
    figure = document.figure
    return [
        (wording.say("head.figure"), figure.title),
        (wording.say("head.definition"), figure.definition),
        (wording.say("head.unit"), figure.unit_name),
        *([(wording.say("head.measure"), wording.say("measured"))] if figure.measure else []),
        (wording.say("head.year"), document.year),
        (wording.say("head.periods"), ", ".join(period.name for period in document.periods)),
        (wording.say("head.released_on"), datetime.combine(document.released_on, time())),
        (wording.planning("hidden"), document.hidden_means),
        (wording.say("head.absent"), document.absent_means),
        *((f"{each.code.value}", f"{each.name} ({each.table})") for each in figure.dimensions),
        (wording.say("head.licence"), wording.say("licence")),
        (wording.say("head.source"), wording.say("source")),
    ]


def _looks(sheet: WriteOnlyWorksheet) -> Worksheet:
    """Return the sheet with its widths and filter, which openpyxl's types do not know of."""
    return cast("Worksheet", sheet)


def _bold(sheet: WriteOnlyWorksheet, words: str) -> Cell:
    cell = text_cell(sheet, words)
    cell.font = _BOLD
    cell.alignment = Alignment(vertical="top")
    return cell
