"""Documents as JSON, and what is said of a file in the form that brings it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import UploadFile
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from backoffice.attachment.models import ScanState
from backoffice.document.models import CaseDocument, DocumentKind
from backoffice.document.service import DocumentFacts


def _empty_is_none(value: object) -> object:
    return value or None  # what a browser sends for a field that was left empty


class DocumentForm(BaseModel):
    """A document: a file, or the id of one that the person sent in the chat, and what is said of it."""

    model_config = ConfigDict(extra="ignore", arbitrary_types_allowed=True)

    file: UploadFile | None = None
    attachment_id: Annotated[str | None, BeforeValidator(_empty_is_none), Field(max_length=36)] = None
    kind: DocumentKind = DocumentKind.OTHER
    title: str = Field(default="", max_length=200)
    expires_on: Annotated[date | None, BeforeValidator(_empty_is_none)] = None
    seen_in_original: bool = False

    @property
    def facts(self) -> DocumentFacts:
        """What is said of the file."""
        return DocumentFacts(self.kind, self.title, self.expires_on, self.seen_in_original)


class DocumentOut(BaseModel):
    """A document of a case; its file is at `/file` below it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: DocumentKind
    title: str | None
    expires_on: date | None
    seen_in_original: bool
    from_chat: bool
    media_type: str
    size_bytes: int
    scan_state: ScanState
    added_by: str | None
    added_at: datetime


class DocumentList(BaseModel):
    """The documents of a case, newest first; never more than one page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    items: list[DocumentOut]
    next: None = None


def document_out(document: CaseDocument) -> DocumentOut:
    """Return a document as JSON; its file's row is loaded."""
    return DocumentOut(
        id=document.id,
        kind=document.kind,
        title=document.title,
        expires_on=document.expires_on,
        seen_in_original=document.seen_in_original,
        from_chat=document.is_from_chat,
        media_type=document.attachment.media_type,
        size_bytes=document.attachment.size_bytes,
        scan_state=document.attachment.scan_state,
        added_by=document.added_by,
        added_at=document.added_at,
    )
