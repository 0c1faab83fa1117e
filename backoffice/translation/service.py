"""The phrasebook: pairs that mediators corrected, kept and used again."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backoffice.encryption.columns import mark
from backoffice.encryption.sealing import organisation_key_id
from backoffice.idempotency.service import insert_unless_there
from backoffice.translation.models import PhrasebookEntry


def find_pair(
    session: Session, organisation_id: str, text: str, *, source: str, target: str
) -> PhrasebookEntry | None:
    """Return the pair whose source has the same words; letter case and spaces do not count."""
    return session.scalar(
        select(PhrasebookEntry).where(
            PhrasebookEntry.organisation_id == organisation_id,
            PhrasebookEntry.source_language == source,
            PhrasebookEntry.target_language == target,
            PhrasebookEntry.source_key == key_of(text),
        )
    )


def keep_pair(
    session: Session,
    organisation_id: str,
    *,
    source: str,
    target: str,
    source_text: str,
    target_text: str,
    machine_text: str | None,
    staff_id: str,
    now: datetime,
    conversation_id: str | None = None,
) -> None:
    """Keep a corrected translation. The latest of the same words replaces the one before."""
    key_id = organisation_key_id(session, organisation_id)
    words = {
        "source_text": mark(source_text, key_id),
        "target_text": mark(target_text, key_id),
        "machine_text": None if machine_text is None else mark(machine_text, key_id),
        "conversation_id": conversation_id,
        "staff_id": staff_id,
        "created_at": now,
    }
    place = {
        "organisation_id": organisation_id,
        "source_language": source,
        "target_language": target,
        "source_key": key_of(source_text),
    }
    written = session.execute(
        insert_unless_there(session, PhrasebookEntry).values({**place, **words}).returning(PhrasebookEntry.id)
    )
    if written.first() is None:
        session.execute(
            update(PhrasebookEntry)
            .filter_by(**place)
            .values(words)
            .execution_options(synchronize_session=False)
        )


def count_use(session: Session, entry_id: str) -> None:
    """Count that a pair was used."""
    session.execute(
        update(PhrasebookEntry)
        .where(PhrasebookEntry.id == entry_id)
        .values(used=PhrasebookEntry.used + 1)
        .execution_options(synchronize_session=False)
    )


def delete_pair(session: Session, entry: PhrasebookEntry) -> None:
    """Forget a pair."""
    session.execute(delete(PhrasebookEntry).where(PhrasebookEntry.id == entry.id))


def key_of(text: str) -> str:
    """Return the SHA-256 of a text's words, without what makes no difference to their meaning."""
    return hashlib.sha256(fold(text).encode()).hexdigest()


def fold(text: str) -> str:
    """Return a text without letter case, double spaces and compatibility forms."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
