"""Documents of a case: brought to the desk, or taken over from the chat. Functions flush, never commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.attachment.models import Attachment
from backoffice.attachment.service import erase, read_attachment, store_attachment
from backoffice.attachment.vault import StoredFile
from backoffice.audit.service import SERVICE
from backoffice.case.history import record_event, require_open
from backoffice.case.models import Case, CaseEventKind
from backoffice.client.schemas import AttachmentKind
from backoffice.document.models import CaseDocument, DocumentKind
from backoffice.document.queries import find_document
from backoffice.errors import NotFound


@dataclass(frozen=True)
class DocumentFacts:
    """What is said of a file."""

    kind: DocumentKind
    title: str | None = None
    expires_on: date | None = None
    seen_in_original: bool = False


def add_document(
    session: Session, case: Case, file: StoredFile, facts: DocumentFacts, *, by: str, now: datetime
) -> CaseDocument:
    """Put a file that lies in the vault into a case.

    Raises:
        CaseIsClosed: the case has to be reopened first.
    """
    require_open(case)
    kind = AttachmentKind.DOCUMENT
    stored = store_attachment(session, file, kind=kind, conversation_id=None, now=now)
    attachment = session.get_one(Attachment, stored.id)
    attachment.is_document = True
    return _add(session, case, attachment, facts, is_from_chat=False, by=by, now=now)


def take_over(
    session: Session, case: Case, attachment_id: str, facts: DocumentFacts, *, by: str | None, now: datetime
) -> CaseDocument:
    """Make a document of what the person sent in the case's conversation; twice is once.

    `by` is None where the chat had asked for it.

    Raises:
        NotFound: the case has no conversation, or that has no such file.
        CaseIsClosed: the case has to be reopened first.
    """
    require_open(case)
    if case.conversation_id is None:
        raise NotFound
    attachment = read_attachment(session, attachment_id, conversation_id=case.conversation_id)
    known = session.scalars(
        select(CaseDocument).where(
            CaseDocument.case_id == case.id, CaseDocument.attachment_id == attachment.id
        )
    ).one_or_none()
    if known is not None:
        return get_document(session, case, known.id)
    return _add(session, case, attachment, facts, is_from_chat=True, by=by, now=now)


def remove_document(session: Session, case: Case, document_id: str, *, by: str, now: datetime) -> None:
    """Take a document out of a case; what was brought to the desk is erased, what was sent stays in the chat.

    Raises:
        NotFound: the case has no such document.
        CaseIsClosed: the case has to be reopened first.
    """
    require_open(case)
    document = get_document(session, case, document_id)
    if not document.is_from_chat:
        erase(document.attachment)
        document.attachment.is_document = False
    kind = document.kind
    session.delete(document)
    record_event(session, case, CaseEventKind.DOCUMENT_REMOVED, by=by, now=now, before=kind)


def get_document(session: Session, case: Case, document_id: str) -> CaseDocument:
    """Return one document of a case.

    Raises:
        NotFound: it has none of that id.
    """
    document = find_document(session, case.id, document_id)
    if document is None:
        raise NotFound
    return document


def _add(
    session: Session,
    case: Case,
    attachment: Attachment,
    facts: DocumentFacts,
    *,
    is_from_chat: bool,
    by: str | None,
    now: datetime,
) -> CaseDocument:
    document = CaseDocument(
        case_id=case.id,
        attachment=attachment,
        kind=facts.kind,
        title=(facts.title or "").strip() or None,
        expires_on=facts.expires_on,
        seen_in_original=facts.seen_in_original,
        is_from_chat=is_from_chat,
        added_by=by,
        added_at=now,
    )
    session.add(document)
    session.flush()
    record_event(session, case, CaseEventKind.DOCUMENT_ADDED, by=by or SERVICE, now=now, after=facts.kind)
    return document
