"""A file on its way from a form into the vault and into its case."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial

from anyio import CapacityLimiter, to_thread
from fastapi import UploadFile
from starlette.concurrency import run_in_threadpool

from backoffice.attachment.files import discard, receive
from backoffice.attachment.vault import StoredFile, Vault
from backoffice.case.permissions import get_changeable_case
from backoffice.conversation.permissions import get_readable_conversation
from backoffice.database import Database
from backoffice.document.errors import FileMissing
from backoffice.document.schemas import DocumentForm, DocumentOut, document_out
from backoffice.document.service import add_document, take_over
from backoffice.errors import NotFound
from backoffice.idempotency.service import once
from backoffice.staff.models import Staff

_PIECE = 256 * 1024


async def bring(
    database: Database,
    vault: Vault,
    staff: Staff,
    case_id: str,
    form: DocumentForm,
    *,
    now: datetime,
    key: str | None = None,
) -> DocumentOut:
    """Put a document into a case; of a file whose row is not written nothing is left.

    Raises:
        NotFound: the reader may not change such a case, or there is no such file in its chat.
        FileMissing: neither a file nor the name of one.
        KindRefused, PictureUnreadable, FileTooLarge, NoRoom: see `attachment.vault`.
    """
    await run_in_threadpool(_require_case, database, staff, case_id)
    file = None
    if form.attachment_id is None:
        if form.file is None or not form.file.size:
            raise FileMissing
        file = await into_vault(vault, form.file)
    is_kept = False
    try:
        made, is_kept = await run_in_threadpool(_keep, database, staff, case_id, form, file, key, now)
    finally:
        if file is not None and not is_kept:
            discard(vault.data_dir, file.name)
    return made


async def into_vault(vault: Vault, file: UploadFile) -> StoredFile:
    """Put a file into the vault; who calls discards it where no row is written.

    Raises:
        KindRefused, PictureUnreadable, FileTooLarge, NoRoom: see `attachment.vault`.
    """
    content = await receive(_pieces(file))
    # A thread of its own: pictures that wait for their turn must not take those of other requests.
    take = partial(vault.take, content, conversation_id=None)
    return await to_thread.run_sync(take, limiter=CapacityLimiter(1))


def _require_case(database: Database, staff: Staff, case_id: str) -> None:
    with database.read() as session:
        get_changeable_case(session, staff, case_id)


def _keep(
    database: Database,
    staff: Staff,
    case_id: str,
    form: DocumentForm,
    file: StoredFile | None,
    key: str | None,
    now: datetime,
) -> tuple[DocumentOut, bool]:
    is_kept = False
    with database.transaction() as session:
        case = get_changeable_case(session, staff, case_id)

        def act() -> DocumentOut:
            nonlocal is_kept
            is_kept = True
            if file is not None:
                made = add_document(session, case, file, form.facts, by=staff.id, now=now)
            else:
                if case.conversation_id is None:
                    raise NotFound
                get_readable_conversation(session, staff, case.conversation_id)
                number = form.attachment_id or ""
                made = take_over(session, case, number, form.facts, by=staff.id, now=now)
            return document_out(made)

        made = once(
            session,
            act,
            result_type=DocumentOut,
            principal=f"staff:{staff.id}",
            operation="case.document",
            key=key,
            request=[case_id, file.sha256 if file else form.attachment_id, form.kind, form.title],
            now=now,
        )
    return made, is_kept


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(_PIECE):
        yield piece
