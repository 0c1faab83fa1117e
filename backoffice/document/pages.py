"""The page of a case's documents, and what is posted from it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from backoffice.attachment.vault import Vault
from backoffice.audit import service as audit
from backoffice.case.parts import CasePart, visible_parts
from backoffice.case.permissions import can_change, get_changeable_case, get_readable_case
from backoffice.case.queries import names_of_staff
from backoffice.client.schemas import Phase
from backoffice.clock import ClockDep
from backoffice.database import DatabaseDep, DbSession
from backoffice.document.api import read_file
from backoffice.document.models import DocumentKind
from backoffice.document.queries import documents_of, sent_in_chat
from backoffice.document.schemas import DocumentForm
from backoffice.document.service import remove_document
from backoffice.document.uploading import bring
from backoffice.errors import NotFound
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render

router = APIRouter(include_in_schema=False)


@router.get("/cases/{case_id}/documents")
def documents_page(
    request: Request, case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show the documents of a case, and the form that adds one."""
    case, now = get_readable_case(session, staff, case_id), clock()
    if CasePart.DOCUMENTS not in visible_parts(session, staff, case, now=now):
        raise NotFound
    audit.record(
        session, by=staff.id, action="case.documents.read", subject_kind="case", subject_id=case.id, now=now
    )
    documents = documents_of(session, case.id)
    may_change = can_change(staff, case) and case.phase is not Phase.CLOSED
    return render(
        request,
        "document/documents.html",
        staff=staff,
        case=case,
        documents=documents,
        names=names_of_staff(session, {each.added_by for each in documents if each.added_by}),
        kinds=list(DocumentKind),
        may_change=may_change,
        sent=sent_in_chat(session, case) if may_change else [],
        today=now.date(),
    )


@router.post("/cases/{case_id}/documents")
async def submit_document(
    request: Request,
    case_id: str,
    form: Annotated[DocumentForm, Form(media_type="multipart/form-data")],
    database: DatabaseDep,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Put a file into the case, or take over one that the person sent."""
    vault = Vault.of(request.app.state.settings)
    await bring(database, vault, staff, case_id, form, now=clock())
    return redirect(f"/cases/{case_id}/documents", notice="document_added")


router.add_api_route("/cases/{case_id}/documents/{document_id}", read_file, methods=["GET"])


@router.post("/cases/{case_id}/documents/{document_id}/remove")
def submit_removal(
    case_id: str, document_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Take a document out of the case."""
    case = get_changeable_case(session, staff, case_id)
    remove_document(session, case, document_id, by=staff.id, now=clock())
    return redirect(f"/cases/{case.id}/documents", notice="document_removed")
