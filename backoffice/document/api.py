"""The JSON API of documents, below their case (contract, "Backoffice API")."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from backoffice.attachment.responses import A_FILE, attachment_response
from backoffice.attachment.vault import Vault
from backoffice.audit import service as audit
from backoffice.case.parts import CasePart, visible_parts
from backoffice.case.permissions import get_changeable_case, get_readable_case
from backoffice.clock import ClockDep
from backoffice.database import DatabaseDep, DbSession
from backoffice.document.queries import documents_of
from backoffice.document.schemas import DocumentForm, DocumentList, DocumentOut, document_out
from backoffice.document.service import get_document, remove_document
from backoffice.document.uploading import bring
from backoffice.errors import NotFound
from backoffice.idempotency.headers import KeyHeader
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/cases/{case_id}/documents", tags=["cases"])


@router.get("")
def list_documents(case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> DocumentList:
    """Return the documents of a case, newest first; none for who may not see them."""
    case, now = get_readable_case(session, staff, case_id), clock()
    if CasePart.DOCUMENTS not in visible_parts(session, staff, case, now=now):
        return DocumentList(items=[])
    audit.record(
        session, by=staff.id, action="case.documents.read", subject_kind="case", subject_id=case.id, now=now
    )
    return DocumentList(items=[document_out(each) for each in documents_of(session, case.id)])


@router.post("", status_code=201)
async def create_document(
    request: Request,
    case_id: str,
    form: Annotated[DocumentForm, Form(media_type="multipart/form-data")],
    database: DatabaseDep,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> DocumentOut:
    """Put a file into a case, or take over one that the person sent in the chat."""
    vault = Vault.of(request.app.state.settings)
    return await bring(database, vault, staff, case_id, form, now=clock(), key=key)


@router.get("/{document_id}/file", **A_FILE)
def read_file(
    request: Request, case_id: str, document_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Download a document's file; who takes it is noted in the audit trail."""
    case, now = get_readable_case(session, staff, case_id), clock()
    if CasePart.DOCUMENTS not in visible_parts(session, staff, case, now=now):
        raise NotFound
    document = get_document(session, case, document_id)
    answer = attachment_response(request, document.attachment)
    # A paper of a person is never shown inside the pages: it is saved, under a name that is ours.
    name = answer.headers["content-disposition"].partition(";")[2]
    answer.headers["content-disposition"] = f"attachment;{name}"
    audit.record(
        session,
        by=staff.id,
        action="document.read",
        subject_kind="document",
        subject_id=document.id,
        now=now,
    )
    return answer


@router.delete("/{document_id}", status_code=204)
def delete_document(
    case_id: str, document_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> None:
    """Take a document out of a case; a file of the desk is erased."""
    case = get_changeable_case(session, staff, case_id)
    remove_document(session, case, document_id, by=staff.id, now=clock())
