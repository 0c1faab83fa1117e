"""What every change of a profile leaves: its event in the case, its audit entry, a new version."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from backoffice.care_worker.models import CareWorker
from backoffice.case.history import record_event, require_open
from backoffice.case.models import Case, CaseEventKind
from backoffice.document.queries import find_document
from backoffice.errors import NotFound

Row = TypeVar("Row")

LONGEST_NOTE = 2000


def part_changed(session: Session, case: Case, part: str, *, by: str, now: datetime) -> None:
    """Note that a part of a profile has changed; `part` is a code of the group `worker_part`.

    Raises:
        CaseIsClosed: the case has to be reopened first.
    """
    require_open(case)
    worker = session.get_one(CareWorker, case.id)
    worker.version += 1
    worker.updated_at = now
    session.flush()
    record_event(session, case, CaseEventKind.WORKER_CHANGED, by=by, now=now, after=part)


def row_of(session: Session, case: Case, kind: type[Row], row_id: str) -> Row:
    """Return a row of a case's profile.

    Raises:
        NotFound: the case has none of that id.
    """
    row = session.get(kind, row_id)
    if row is None or getattr(row, "case_id", None) != case.id:
        raise NotFound
    return row


def require_document(session: Session, case: Case, document_id: str | None) -> None:
    """Let only a document of the case be evidence; None is none.

    Raises:
        NotFound: the case has no such document.
    """
    if document_id is not None and find_document(session, case.id, document_id) is None:
        raise NotFound


def note_of(words: str | None) -> str | None:
    """Return words without spaces around them; nothing for none."""
    return (words or "").strip()[:LONGEST_NOTE] or None
