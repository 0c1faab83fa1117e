"""A document of a figure as the bytes of a file."""

from __future__ import annotations

from backoffice.case_export.files import CSV_TYPE, XLSX_TYPE
from backoffice.errors import NotFound
from backoffice.planning_files.schemas import FigureDocument
from backoffice.planning_files.tables import csv_of
from backoffice.planning_files.wording import Wording
from backoffice.planning_files.workbook import workbook_of

MEDIA_TYPES = {"csv": CSV_TYPE, "json": "application/json", "xlsx": XLSX_TYPE}


def file_of(document: FigureDocument, kind: str, wording: Wording) -> bytes:
    """Return a document as a file.

    Raises:
        NotFound: we write no such kind.
    """
    if kind == "csv":
        return b"".join(csv_of(document))
    if kind == "json":
        return document.model_dump_json().encode()
    if kind == "xlsx":
        return workbook_of(document, wording)
    raise NotFound
