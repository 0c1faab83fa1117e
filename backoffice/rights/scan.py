"""A consent with the scan of its sheet: both are written, or neither."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from backoffice.attachment.files import discard
from backoffice.attachment.vault import StoredFile, Vault
from backoffice.case.models import Case
from backoffice.case.permissions import get_changeable_case
from backoffice.consent.models import ConsentHow
from backoffice.database import Database
from backoffice.document.models import DocumentKind
from backoffice.document.service import DocumentFacts, add_document
from backoffice.document.uploading import into_vault
from backoffice.rights.paper_forms import SaidForm
from backoffice.staff.models import Staff
from backoffice.templating import as_day
from translations.catalog import text
from translations.languages import SOURCE

Write = Callable[[Session, Case, str | None], None]
"""Writes the ledger; gets the id of the document that has the scan."""


async def with_scan(
    database: Database,
    vault: Vault,
    staff: Staff,
    case_id: str,
    form: SaidForm,
    write: Write,
    *,
    now: datetime,
) -> None:
    """Put the scan, where there is one, into the case and write the ledger, in one transaction.

    Raises:
        NotFound: the reader may not change such a case.
        CaseIsClosed: a scan is there, and the case has to be reopened first.
        KindRefused, PictureUnreadable, FileTooLarge, NoRoom: see `attachment.vault`.
        And what `write` raises.
    """
    await run_in_threadpool(_require_case, database, staff, case_id)
    has_file = form.file is not None and form.file.size
    file = await into_vault(vault, form.file) if form.file is not None and has_file else None
    is_kept = False
    try:
        await run_in_threadpool(_keep, database, staff, case_id, form, file, write, now)
        is_kept = True
    finally:
        if file is not None and not is_kept:
            discard(vault.data_dir, file.name)


def _require_case(database: Database, staff: Staff, case_id: str) -> None:
    with database.read() as session:
        get_changeable_case(session, staff, case_id)


def _keep(
    database: Database,
    staff: Staff,
    case_id: str,
    form: SaidForm,
    file: StoredFile | None,
    write: Write,
    now: datetime,
) -> None:
    with database.transaction() as session:
        case = get_changeable_case(session, staff, case_id)
        document_id = None
        if file is not None:
            title = text("backoffice.own_copy.scan_title", SOURCE, day=as_day(form.on or now))
            facts = DocumentFacts(
                DocumentKind.OTHER, title, seen_in_original=form.how is ConsentHow.SIGNATURE
            )
            document_id = add_document(session, case, file, facts, by=staff.id, now=now).id
        write(session, case, document_id)
