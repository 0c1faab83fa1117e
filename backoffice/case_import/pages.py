"""Uploading a file with cases, looking at what it would do, confirming."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import Response, StreamingResponse

from backoffice.case.permissions import can_assign
from backoffice.case_export.files import CSV_TYPE, XLSX_TYPE, csv_pieces, xlsx_pieces
from backoffice.case_import.rows import COLUMNS
from backoffice.case_import.service import (
    earlier_import,
    get_own_import,
    import_cases,
    rows_of,
    take_file,
    twins_of,
)
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import NotFound
from backoffice.spreadsheet.reading import MOST_BYTES, MOST_ROWS
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedInCaseStaff
from backoffice.templating import interface_language, redirect, render
from translations.catalog import text

router = APIRouter(include_in_schema=False)


def importer(staff: SignedInCaseStaff) -> Staff:
    """Return who asks, if they may open cases.

    Raises:
        NotFound: they may not; before their file is looked at.
    """
    if not can_assign(staff):
        raise NotFound
    return staff


Importer = Annotated[Staff, Depends(importer)]


@router.get("/case-imports")
def import_page(request: Request, staff: Importer) -> Response:
    """Show where to upload a file."""
    return render(
        request,
        "case_import/upload.html",
        staff=staff,
        most_rows=MOST_ROWS,
        megabytes=MOST_BYTES // 1024**2,
        columns=COLUMNS,
    )


@router.get("/case-imports/template")
def import_template(
    request: Request, staff: Importer, format: Annotated[str, Query(pattern="^(csv|xlsx)$")] = "xlsx"
) -> Response:
    """Send an empty file with the heads of the columns and one invented row."""
    ui = interface_language(request)
    heads = [text(f"backoffice.caselists.column.{name}", ui) for name in COLUMNS[:-1]]
    example = [
        text("backoffice.case_type.housing", ui),
        "Amina Esempio",
        "+39 333 0000000",
        "ar",
        "Crema",
        text("backoffice.need.rent", ui),
        text("backoffice.caselists.no", ui),
        "",
    ]
    pieces = csv_pieces([heads, example]) if format == "csv" else xlsx_pieces([heads, example])
    return StreamingResponse(
        pieces,
        media_type=CSV_TYPE if format == "csv" else XLSX_TYPE,
        headers={"Content-Disposition": f'attachment; filename="sportello-import.{format}"'},
    )


@router.post("/case-imports")
def submit_file(
    session: DbSession, staff: Importer, clock: ClockDep, file: Annotated[UploadFile, File()]
) -> Response:
    """Read a file; nothing is opened yet."""
    taken = take_file(session, file.file.read(MOST_BYTES + 1), staff=staff, now=clock())
    return redirect(f"/case-imports/{taken.id}")


@router.get("/case-imports/{import_id}")
def dry_run_page(request: Request, import_id: str, session: ReadSession, staff: Importer) -> Response:
    """Show row by row what the file would do."""
    taken = get_own_import(session, staff, import_id)
    rows = rows_of(taken)
    doubtful = twins_of(session, staff, rows)
    return render(
        request,
        "case_import/dry_run.html",
        staff=staff,
        taken=taken,
        rows=rows,
        twins=doubtful,
        earlier=earlier_import(session, taken),
        wrong=sum(bool(row.wrong) for row in rows),
        fresh=sum(not row.wrong and row.line not in doubtful for row in rows),
    )


@router.post("/case-imports/{import_id}/confirm")
def submit_import(
    import_id: str,
    session: DbSession,
    staff: Importer,
    clock: ClockDep,
    also: Annotated[list[int] | None, Form()] = None,
) -> Response:
    """Open the cases of a file."""
    taken = get_own_import(session, staff, import_id)
    import_cases(session, taken, also=also or [], staff=staff, now=clock())
    return redirect(f"/case-imports/{taken.id}")
