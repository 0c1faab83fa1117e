"""Statements about documents: of a case, those that expire, and what a person sent in the chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from backoffice.attachment.models import Attachment, ScanState, Storage
from backoffice.case.models import Case
from backoffice.document.models import CaseDocument


def documents_of(session: Session, case_id: str) -> Sequence[CaseDocument]:
    """Return the documents of a case, the newest first."""
    statement = select(CaseDocument).where(CaseDocument.case_id == case_id)
    ordered = statement.order_by(CaseDocument.added_at.desc(), CaseDocument.id.desc())
    return session.scalars(ordered.options(joinedload(CaseDocument.attachment))).all()


def find_document(session: Session, case_id: str, document_id: str) -> CaseDocument | None:
    """Return one document of a case, with its file's row."""
    statement = select(CaseDocument).where(CaseDocument.id == document_id, CaseDocument.case_id == case_id)
    return session.scalars(statement.options(joinedload(CaseDocument.attachment))).one_or_none()


def expiring(
    session: Session, readable: ColumnElement[bool], *, until: date, limit: int
) -> Sequence[tuple[CaseDocument, Case]]:
    """Return documents of readable open cases that expire by a day or have expired, the first one first."""
    statement = (
        select(CaseDocument, Case)
        .join(Case, Case.id == CaseDocument.case_id)
        .where(readable, Case.closed_at.is_(None), CaseDocument.expires_on <= until)
        .options(joinedload(Case.person))
        .order_by(CaseDocument.expires_on, CaseDocument.id)
        .limit(limit)
    )
    return [(document, case) for document, case in session.execute(statement)]


def sent_in_chat(session: Session, case: Case) -> Sequence[Attachment]:
    """Return the files that the person sent in the case's conversation and that are no document of it yet."""
    if case.conversation_id is None:
        return []
    taken = select(CaseDocument.attachment_id).where(CaseDocument.case_id == case.id)
    statement = select(Attachment).where(
        Attachment.conversation_id == case.conversation_id,
        Attachment.message_id.is_not(None),
        Attachment.storage != Storage.ERASED,
        Attachment.scan_state != ScanState.INFECTED,
        Attachment.id.not_in(taken),
    )
    return session.scalars(statement.order_by(Attachment.created_at.desc()).limit(50)).all()
