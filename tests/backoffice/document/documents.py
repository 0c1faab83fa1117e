"""Documents for tests."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from backoffice.attachment.models import ScanState
from backoffice.attachment.vault import StoredFile
from backoffice.case.models import Case
from backoffice.database import new_id
from backoffice.document.models import CaseDocument, DocumentKind
from backoffice.document.service import DocumentFacts, add_document
from backoffice.staff.models import Staff
from tests.backoffice.factories import NOW


def create_document(
    session: Session, case: Case, staff: Staff, *, expires_on: date | None = None
) -> CaseDocument:
    """Put a permit into a case whose file lies nowhere."""
    number = new_id()
    file = StoredFile(
        attachment_id=number,
        name=number.replace("-", ""),
        media_type="application/pdf",
        size_bytes=10,
        sha256="0" * 64,
        wrapped_key=b"x",
        scan_state=ScanState.NOT_SCANNED,
    )
    facts = DocumentFacts(DocumentKind.PERMIT, expires_on=expires_on)
    return add_document(session, case, file, facts, by=staff.id, now=NOW)
