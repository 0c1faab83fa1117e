"""Uploading a file with homes, looking at what it would change, confirming."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import Response, StreamingResponse

from backoffice.case_export.files import CSV_TYPE, XLSX_TYPE, csv_pieces, xlsx_pieces
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.home_owner.permissions import require_housing
from backoffice.listing_import.planning import Outcome
from backoffice.listing_import.rows import COLUMNS, WANTED
from backoffice.listing_import.service import (
    get_own_import,
    import_homes,
    mark_of,
    plans_of,
    take_homes,
)
from backoffice.spreadsheet.errors import FileRefused
from backoffice.spreadsheet.reading import MOST_BYTES, MOST_ROWS
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, redirect, render
from translations.catalog import text

router = APIRouter(prefix="/listing-imports", include_in_schema=False)

_EXAMPLE = {
    "reference": "RIF-12",
    "owner": "Rosa Esempio",
    "phone": "+39 333 0000000",
    "municipality": "Crema",
    "address": "Via Inventata 1",
    "rooms": "3",
    "size_m2": "70",
    "rent_eur_month": "550",
    "expenses_eur_month": "60",
}


def importer(staff: SignedIn) -> Staff:
    """Return who asks, if they work at the housing desk.

    Raises:
        NotFound: they do not; before their file is looked at.
    """
    require_housing(staff)
    return staff


Importer = Annotated[Staff, Depends(importer)]


@router.get("")
def import_page(request: Request, staff: Importer) -> Response:
    """Show where to upload a file."""
    return render(
        request,
        "listing_import/upload.html",
        staff=staff,
        most_rows=MOST_ROWS,
        megabytes=MOST_BYTES // 1024**2,
        columns=COLUMNS,
        wanted=WANTED,
    )


@router.get("/template")
def import_template(
    request: Request, staff: Importer, format: Annotated[str, Query(pattern="^(csv|xlsx)$")] = "xlsx"
) -> Response:
    """Send an empty file with the heads of the columns and one invented row."""
    ui = interface_language(request)
    heads = [text(f"backoffice.homes.field.{name}", ui) for name in COLUMNS]
    example = [_EXAMPLE.get(name, "") for name in COLUMNS]
    pieces = csv_pieces([heads, example]) if format == "csv" else xlsx_pieces([heads, example])
    return StreamingResponse(
        pieces,
        media_type=CSV_TYPE if format == "csv" else XLSX_TYPE,
        headers={"Content-Disposition": f'attachment; filename="sportello-homes.{format}"'},
    )


@router.post("")
def submit_homes(
    session: DbSession,
    staff: Importer,
    clock: ClockDep,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Read a file; nothing is written yet."""
    if file is None:
        raise FileRefused("empty")
    taken = take_homes(session, file.file.read(MOST_BYTES + 1), staff=staff, now=clock())
    return redirect(f"/listing-imports/{taken.id}")


@router.get("/{listing_import_id}")
def homes_dry_run(
    request: Request, listing_import_id: str, session: ReadSession, staff: Importer, clock: ClockDep
) -> Response:
    """Show row by row what the file would change."""
    taken = get_own_import(session, staff, listing_import_id)
    plans = plans_of(session, taken, staff=staff, now=clock())
    counted = Counter(plan.outcome for plan in plans)
    return render(
        request,
        "listing_import/dry_run.html",
        staff=staff,
        taken=taken,
        plans=plans,
        counts=[(outcome, counted[outcome]) for outcome in Outcome],
        acts=counted[Outcome.NEW] + counted[Outcome.CHANGED],
        shown=mark_of(plans),
    )


@router.post("/{listing_import_id}/confirm")
def confirm_homes(
    listing_import_id: str,
    session: DbSession,
    staff: Importer,
    clock: ClockDep,
    shown: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Write the homes of a file."""
    taken = get_own_import(session, staff, listing_import_id)
    import_homes(session, taken, shown=shown, staff=staff, now=clock())
    return redirect(f"/listing-imports/{taken.id}")
