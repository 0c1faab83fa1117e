"""A file of bytes -> rows of words. Nothing in it is run, and it is measured before it is unpacked."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook

from backoffice.case_export.cells import plain
from backoffice.spreadsheet.errors import FileRefused

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 500
MOST_COLUMNS = 60
LONGEST_CELL = 2000
MOST_UNPACKED_BYTES = 30 * 1024 * 1024
MOST_MEMBERS = 200

_ENTITIES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
"""How XML in UTF-16 begins: spreadsheets write UTF-8, and entities could hide in the other."""


def read_rows(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV or XLSX file, the head first, without empty ones at the end.

    Raises:
        FileRefused: another kind of file, too large, too many rows, or nothing in it.
    """
    if len(content) > MOST_BYTES:
        raise FileRefused("size", megabytes=str(MOST_BYTES // 1024**2))
    rows = _from_xlsx(content) if content.startswith(b"PK") else _from_csv(content)
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    if len(rows) < 2:
        raise FileRefused("empty")
    if len(rows) > MOST_ROWS + 1:
        raise FileRefused("rows", most=str(MOST_ROWS))
    return rows


def _from_csv(content: bytes) -> list[list[str]]:
    if b"\0" in content:
        raise FileRefused("kind")
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = content.decode("cp1252", errors="replace")  # what Excel saves as "CSV" in Italy
    head = words.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(words, newline=""), delimiter=delimiter):
            rows.append([plain(cell)[:LONGEST_CELL].strip() for cell in row[:MOST_COLUMNS]])
            if len(rows) > MOST_ROWS + 100:
                raise FileRefused("rows", most=str(MOST_ROWS))
    except csv.Error as wrong:
        raise FileRefused("kind") from wrong
    return rows


def _from_xlsx(content: bytes) -> list[list[str]]:
    try:
        _measure(content)
        # data_only: the value that the spreadsheet last showed, never a formula; links are not followed
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        rows = [
            [_words(value) for value in row]
            for row in sheet.iter_rows(max_row=MOST_ROWS + 100, max_col=MOST_COLUMNS, values_only=True)
        ]
        book.close()
    except FileRefused:
        raise
    except (
        zipfile.BadZipFile,
        ParseError,
        KeyError,
        IndexError,
        ValueError,
        TypeError,
        AttributeError,
        OSError,
        RuntimeError,
        NotImplementedError,
        EOFError,
    ) as wrong:
        raise FileRefused("kind") from wrong
    return rows


def _measure(content: bytes) -> None:
    """Unpack member by member within a bound: what a header says of its size may be a lie."""
    left = MOST_UNPACKED_BYTES
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > left:
            raise FileRefused("unpacked")
        for member in members:
            with archive.open(member) as opened:
                unpacked = opened.read(left + 1)
            left -= len(unpacked)
            if left < 0:
                raise FileRefused("unpacked")
            if unpacked.startswith(_WIDE) or _ENTITIES.search(unpacked):
                raise FileRefused("kind")


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:LONGEST_CELL].strip()
