"""Rows of words as CSV and XLSX, written as they come: memory does not grow with the list.

CSV is what Excel in Italy opens by a double click: UTF-8 with its mark, semicolons, CRLF. In XLSX every
cell is text, so that nothing is run; what begins like a formula stays as it is.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from backoffice.case_export.cells import harmless

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_PIECE = 64 * 1024


def csv_pieces(rows: Iterable[Sequence[str]], *, delimiter: str = ";") -> Iterator[bytes]:
    """Return the rows as pieces of a CSV file; `,` is RFC 4180's, for programs rather than Excel in Italy."""
    yield b"\xef\xbb\xbf"
    line = io.StringIO()
    writer = csv.writer(line, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([harmless(words) for words in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def xlsx_pieces(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Return the rows as pieces of an XLSX file, which is made on disk first."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sportello")
    for row in rows:
        sheet.append([text_cell(sheet, words) for words in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        yield from _pieces(file)


def text_cell(sheet: WriteOnlyWorksheet, words: str) -> Cell:
    """Return a cell of words: no spreadsheet takes it for a formula."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", words))
    cell.data_type = "s"  # openpyxl would make a formula of what begins with "="
    return cell


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece
