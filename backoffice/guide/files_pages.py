"""The guide as files: PO catalogues for translators outside, and what they send back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from backoffice.audit import service as audit
from backoffice.clock import Clock, ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.guide.errors import BadPoFile, SentenceNotFound
from backoffice.guide.permissions import TRANSLATES, require_reader
from backoffice.guide.po_files import (
    MOST_BYTES,
    PoReport,
    export_fixed_texts,
    export_guide,
    import_catalogues,
    read_catalogues,
)
from backoffice.italy import day_in_italy
from backoffice.question.forms import PostedFile
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, render
from translations.catalog import text

router = APIRouter(prefix="/guide", include_in_schema=False)


@router.get("/files")
def files_page(request: Request, staff: SignedIn) -> Response:
    """Show what can be downloaded, and where to upload what came back."""
    require_reader(staff)
    return _show(request, staff)


@router.get("/files/guide.zip")
def download_guide(session: ReadSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Return the guide's catalogues as people are shown them."""
    require_reader(staff)
    return _file(export_guide(session), "guide", clock)


@router.get("/files/fixed.zip")
def download_fixed_texts(staff: SignedIn, clock: ClockDep) -> Response:
    """Return the catalogues of every fixed text, as delivered."""
    require_reader(staff)
    return _file(export_fixed_texts(), "texts", clock)


@router.post("/files")
def submit_files(
    request: Request,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    file: PostedFile,
    act: Annotated[str, Form(pattern="^(try|import)$")] = "try",
) -> Response:
    """Read a PO file or a zip of them into working drafts, or say what that would do."""
    if not (staff.organisation.is_front_door and staff.has_role(*TRANSLATES)):
        raise SentenceNotFound
    try:
        catalogues = read_catalogues(file)
    except BadPoFile as refused:
        said = text(f"backoffice.{refused.message}", interface_language(request))
        return _show(request, staff, refused=said, status=refused.status)
    is_trial, now = act == "try", clock()
    report = import_catalogues(session, catalogues, is_trial=is_trial, by=staff, now=now)
    if not is_trial:
        audit.record(
            session,
            by=staff.id,
            action="guide.imported",
            subject_kind="organisation",
            subject_id=staff.organisation_id,
            now=now,
        )
    return _show(request, staff, report=report, is_trial=is_trial)


def _show(
    request: Request,
    staff: Staff,
    *,
    report: PoReport | None = None,
    is_trial: bool = True,
    refused: str | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        "guide/files.html",
        staff=staff,
        status=status,
        may_import=staff.has_role(*TRANSLATES),
        megabytes=MOST_BYTES // 1024**2,
        report=report,
        is_trial=is_trial,
        refused=refused,
    )


def _file(content: bytes, name: str, clock: Clock) -> Response:
    day = day_in_italy(clock()).isoformat()
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{day}.zip"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="application/zip", headers=headers)
