"""Every change of a sentence leaves a row: what it said before and after, who, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.guide.models import SentenceAct, SentenceRevision, StoredSentence, TextOrigin
from backoffice.staff.models import Staff


@dataclass(frozen=True)
class Was:
    """What of a sentence its history keeps, as it was before a change."""

    text: str
    draft: str | None
    source_hash: str
    is_reviewed: bool
    origin: TextOrigin
    changed_at: datetime


def as_it_is(row: StoredSentence) -> Was:
    """Return what of a sentence may change: to be taken before changing it."""
    return Was(row.text, row.draft, row.source_hash, row.is_reviewed, row.origin, row.changed_at)


def keep_revision(
    session: Session,
    row: StoredSentence,
    act: SentenceAct,
    *,
    was: Was,
    by: Staff | None,
    reason: str | None,
    now: datetime,
) -> None:
    """Raise a sentence's version and note what has just been done to it.

    The first change of a sentence also notes what stood there before, so that it can be undone.
    """
    if row.version == 1:
        session.add(_first(row, was))
    row.version, row.changed_at = row.version + 1, now
    is_draft = act is SentenceAct.DRAFTED
    session.add(
        SentenceRevision(
            sentence_id=row.id,
            version=row.version,
            act=act,
            at=now,
            by=by.id if by else None,
            organisation_id=by.organisation_id if by else None,
            reason=reason or None,
            before=was.draft if is_draft else was.text,
            after=(row.draft or "") if is_draft else row.text,
            source_hash=(row.draft_source_hash or row.source_hash) if is_draft else row.source_hash,
            is_reviewed=False if is_draft else row.is_reviewed,
            origin=(row.draft_origin or row.origin) if is_draft else row.origin,
        )
    )
    session.flush()


def _first(row: StoredSentence, was: Was) -> SentenceRevision:
    return SentenceRevision(
        sentence_id=row.id,
        version=1,
        act=SentenceAct.DELIVERED,
        at=was.changed_at,
        before=None,
        after=was.text,
        source_hash=was.source_hash,
        is_reviewed=was.is_reviewed,
        origin=was.origin,
    )
