"""The delivered sentences become rows; what a later release changed replaces what nobody here did."""

from __future__ import annotations

from collections.abc import Sequence
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
from translations.catalog import delivered_texts, is_reviewed_by_native_speaker
from translations.languages import LANGUAGES, SOURCE

_AT_ONCE = 500


@dataclass(frozen=True)
class DeliveredSentence:
    """One sentence of the catalogues."""

    key: str
    language: str
    text: str
    source_hash: str
    is_reviewed: bool


def seed_guide(
    session: Session,
    *,
    now: datetime,
    topics: frozenset[str] | None = None,
    delivered: Sequence[DeliveredSentence] | None = None,
) -> int:
    """Bring the delivered sentences into the database; return how many were new or changed by a release.

    What somebody here had a hand in stays; where the Italian under it changed it becomes stale, and its task
    opens. Doing it again changes nothing, and so do two processes at once.

    Args:
        session: the transaction.
        now: aware.
        topics: only these; all where none are named.
        delivered: what the catalogues hold, where it was read before; they take a while.
    """
    wanted = {key for key, used in topics_by_key().items() if topics is None or topics & {*used}}
    delivered = [each for each in delivered or read_delivered() if each.key in wanted]
    known = _known(session, wanted)
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


def is_behind(session: Session, delivered: Sequence[DeliveredSentence]) -> bool:
    """Tell whether seeding would change anything; a reading session is enough."""
    known = _known(session, {each.key for each in delivered})
    return any(
        (each.key, each.language) not in known or _is_changed(each, known[each.key, each.language])
        for each in delivered
    )


def _known(session: Session, keys: set[str]) -> dict[tuple[str, str], tuple[str, str, bool, bool]]:
    return {
        (key, language): (text, source_hash, is_reviewed, is_ours)
        for key, language, text, source_hash, is_reviewed, is_ours in session.execute(
            select(
                StoredSentence.key,
                StoredSentence.language,
                StoredSentence.text,
                StoredSentence.source_hash,
                StoredSentence.is_reviewed,
                StoredSentence.is_ours,
            ).where(StoredSentence.key.in_(keys))
        )
    }


def read_delivered() -> list[DeliveredSentence]:
    """Return every sentence that the catalogues hold for the guide; it reads files, in no transaction."""
    keys = topics_by_key()
    areas = sorted({area_of(key) for key in keys})
    italian = {key: words for area in areas for key, words in delivered_texts(area, SOURCE).items()}
    return [
        DeliveredSentence(
            key,
            language,
            words,
            hash_of(italian[key]),
            language == SOURCE or is_reviewed_by_native_speaker(language, area),
        )
        for language in LANGUAGES
        for area in areas
        for key, words in delivered_texts(area, language).items()
        if key in keys and key in italian
    ]


def area_of(key: str) -> str:
    """Return the catalogue area of a key."""
    return key.partition(".")[0]


def _row(each: DeliveredSentence, now: datetime) -> dict[str, object]:
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


def _is_changed(each: DeliveredSentence, known: tuple[str, str, bool, bool] | None) -> bool:
    if known is None:
        return False
    text, source_hash, is_reviewed, is_ours = known
    return not is_ours and (text, source_hash, is_reviewed) != (each.text, each.source_hash, each.is_reviewed)


def _replace(session: Session, key: str, delivered: list[DeliveredSentence], *, now: datetime) -> None:
    rows = rows_of(session, key, lock=True)
    for each in delivered:
        row = rows.get(each.language)
        if row is None or not _is_changed(each, (row.text, row.source_hash, row.is_reviewed, row.is_ours)):
            continue
        was = as_it_is(row)
        row.text, row.source_hash, row.is_reviewed = each.text, each.source_hash, each.is_reviewed
        keep_revision(session, row, SentenceAct.DELIVERED, was=was, by=None, reason=None, now=now)
    settle_translations(session, rows, by=None, now=now)
