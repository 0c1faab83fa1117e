"""The delivered sentences become rows; what a later release changed replaces what nobody here did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.database import new_id
from backoffice.guide.history import as_it_is, keep_revision
from backoffice.guide.models import SentenceAct, StoredSentence, TextOrigin
from backoffice.guide.queries import rows_of, topics_by_key
from backoffice.guide.sentence_state import hash_of
from backoffice.guide.tasks import settle_translations
from backoffice.idempotency.service import insert_unless_there
from translations.catalog import catalogue, is_reviewed_by_native_speaker
from translations.languages import LANGUAGES, SOURCE

_AT_ONCE = 500


@dataclass(frozen=True)
class _Delivered:
    """One sentence of the catalogues."""

    key: str
    language: str
    text: str
    source_hash: str
    is_reviewed: bool


def seed_guide(session: Session, *, now: datetime, topics: frozenset[str] | None = None) -> int:
    """Bring the delivered sentences into the database; return how many were new or changed by a release.

    What somebody here had a hand in stays; where the Italian under it changed it becomes stale, and its task
    opens. Doing it again changes nothing, and so do two processes at once.

    Args:
        session: the transaction.
        now: aware.
        topics: only these; all where none are named.
    """
    delivered = list(_delivered(topics))
    known = {
        (key, language): (text, source_hash, is_reviewed, is_ours)
        for key, language, text, source_hash, is_reviewed, is_ours in session.execute(
            select(
                StoredSentence.key,
                StoredSentence.language,
                StoredSentence.text,
                StoredSentence.source_hash,
                StoredSentence.is_reviewed,
                StoredSentence.is_ours,
            )
        )
    }
    new = [each for each in delivered if (each.key, each.language) not in known]
    for start in range(0, len(new), _AT_ONCE):
        values = [_row(each, now) for each in new[start : start + _AT_ONCE]]
        session.execute(insert_unless_there(session, StoredSentence).values(values))
    changed = {each.key for each in delivered if _is_changed(each, known.get((each.key, each.language)))}
    for key in sorted(changed):
        _replace(session, key, [each for each in delivered if each.key == key], now=now)
    for key in sorted({each.key for each in new if (each.key, SOURCE) in known} - changed):
        settle_translations(session, rows_of(session, key, lock=True), by=None, now=now)
    return len(new) + len(changed)


def _delivered(topics: frozenset[str] | None) -> Iterator[_Delivered]:
    italian = catalogue(SOURCE).forms
    keys = [
        key
        for key, used in topics_by_key().items()
        if key in italian and (topics is None or topics & {*used})
    ]
    for language in LANGUAGES:
        forms = catalogue(language).forms
        for key in keys:
            if key in forms:
                reviewed = language == SOURCE or is_reviewed_by_native_speaker(language, area_of(key))
                yield _Delivered(key, language, forms[key][0], hash_of(italian[key][0]), reviewed)


def area_of(key: str) -> str:
    """Return the catalogue area of a key."""
    return key.partition(".")[0]


def _row(each: _Delivered, now: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "key": each.key,
        "language": each.language,
        "text": each.text,
        "source_hash": each.source_hash,
        "is_reviewed": each.is_reviewed,
        "is_ours": False,
        "origin": TextOrigin.DELIVERED,
        "changed_at": now,
        "version": 1,
    }


def _is_changed(each: _Delivered, known: tuple[str, str, bool, bool] | None) -> bool:
    if known is None:
        return False
    text, source_hash, is_reviewed, is_ours = known
    return not is_ours and (text, source_hash, is_reviewed) != (each.text, each.source_hash, each.is_reviewed)


def _replace(session: Session, key: str, delivered: list[_Delivered], *, now: datetime) -> None:
    rows = rows_of(session, key, lock=True)
    for each in delivered:
        row = rows.get(each.language)
        if row is None or not _is_changed(each, (row.text, row.source_hash, row.is_reviewed, row.is_ours)):
            continue
        was = as_it_is(row)
        row.text, row.source_hash, row.is_reviewed = each.text, each.source_hash, each.is_reviewed
        keep_revision(session, row, SentenceAct.DELIVERED, was=was, by=None, reason=None, now=now)
    settle_translations(session, rows, by=None, now=now)
