"""The whole directory as a file of HSDS: taken away as JSON or as the package of CSV tables, or brought in.

What is brought in is read and checked first. To write it the same file is chosen again, so that nothing
is written that nobody saw.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import Response

from backoffice.audit import service as audit
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.directory.hsds import as_json
from backoffice.directory.hsds_export import flat_tables
from backoffice.directory.hsds_import import Checked, check
from backoffice.directory.hsds_load import load
from backoffice.directory.hsds_package import make_package
from backoffice.directory.hsds_rows import read_file
from backoffice.directory.permissions import EDITS, may_edit_all, require_editing_all
from backoffice.italy import day_in_italy
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render
from translations.languages import LANGUAGES, SOURCE

router = APIRouter(prefix="/directory/files", include_in_schema=False)

MOST_BYTES = 2 * 1024 * 1024
MOST_PROBLEMS = 200


@router.get("")
def files_page(request: Request, staff: SignedIn) -> Response:
    """Show what can be taken away, and to who looks after the whole directory where to bring a file in."""
    return _show(request, staff)


@router.get("/export")
def export_directory(
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    format: Annotated[Literal["json", "csv"], Query()] = "json",
    language: Annotated[str, Query(max_length=3)] = SOURCE,
) -> Response:
    """Send the directory: JSON with all services nested, or the package of CSV tables."""
    tables = flat_tables(session, language=language if language in LANGUAGES else SOURCE)
    now = clock()
    content = as_json(tables) if format == "json" else make_package(tables)
    audit.record(
        session,
        by=staff.id,
        action="directory.exported",
        subject_kind="directory",
        subject_id="hsds",
        now=now,
        reason=format,
    )
    ending = "json" if format == "json" else "zip"
    name = f"sportello-hsds-{day_in_italy(now).isoformat()}.{ending}"
    return Response(
        content,
        media_type="application/json" if format == "json" else "application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("")
def submit_file(
    request: Request,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    file: Annotated[UploadFile | None, File()] = None,
    shown: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Say what a file would bring and what is wrong with it; write it when it is the one that was shown."""
    require_editing_all(staff)
    content = file.file.read(MOST_BYTES + 1) if file is not None else b""
    if not content or len(content) > MOST_BYTES:
        return _show(request, staff, fault="empty" if not content else "size")
    mark, now = hashlib.sha256(content).hexdigest(), clock()
    checked = check(read_file(content), now=now)
    if shown == mark and not checked.problems:
        load(session, checked, by=staff.id, now=now)
        return redirect("/directory", notice="directory_imported")
    fault = "other" if shown and shown != mark else ""
    return _show(request, staff, checked=checked, shown="" if checked.problems else mark, fault=fault)


def _show(
    request: Request,
    staff: Staff,
    *,
    checked: Checked | None = None,
    shown: str = "",
    fault: str = "",
) -> Response:
    return render(
        request,
        "directory_desk/files.html",
        staff=staff,
        status=422 if fault or (checked and checked.problems) else 200,
        may_import=may_edit_all(staff),
        checked=checked,
        problems=checked.problems[:MOST_PROBLEMS] if checked else [],
        shown=shown,
        fault=fault,
        languages=list(LANGUAGES),
        megabytes=MOST_BYTES // 1024**2,
        edits=staff.has_role(*EDITS),
    )
