"""What staff do to the guide's sentences: edit the Italian, draft a translation, review it, undo."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.guide.errors import (
    FactsLost,
    NothingToUndo,
    OwnWords,
    ReasonMissing,
    SentenceChanged,
    SentenceNotFound,
    TextEmpty,
    TextTooLong,
)
from backoffice.guide.history import as_it_is, keep_revision
from backoffice.guide.kept_facts import lost_facts
from backoffice.guide.models import SentenceAct, SentenceRevision, StoredSentence, TextOrigin
from backoffice.guide.permissions import may_except, may_translate
from backoffice.guide.queries import rows_of
from backoffice.guide.sentence_state import hash_of
from backoffice.guide.tasks import settle_translations
from backoffice.staff.models import Staff
from translations.catalog import placeholders
from translations.languages import SOURCE

LONGEST_TEXT = 1500
"""Letters of one sentence: with what stands around it, it fits into one message of Telegram (4096)."""

LONGEST_OPTION = 40
"""Letters of the words on a button of the chat."""


def edit_italian(
    session: Session, key: str, text: str, *, version: int | None, reason: str, by: Staff, now: datetime
) -> StoredSentence:
    """Change an Italian sentence: exactly its translations become stale, each with one open task.

    `version` is the one that was seen. `now` is aware.

    Raises:
        SentenceNotFound: there is no such key.
        SentenceChanged: somebody was faster.
        SentenceRefused: no words, too many, other placeholders, or no reason.
    """
    rows = rows_of(session, key, lock=True)
    row = _seen(rows, SOURCE, version)
    words = clean_text(key, text)
    if not reason.strip():
        raise ReasonMissing
    if changed := placeholders(row.text) ^ placeholders(words):
        raise FactsLost([f"{{{name}}}" for name in sorted(changed)])
    if words == row.text:
        return row
    was = as_it_is(row)
    row.text, row.source_hash = words, hash_of(words)
    row.origin, row.written_by, row.is_ours = TextOrigin.PERSON, by.id, True
    keep_revision(session, row, SentenceAct.EDITED, was=was, by=by, reason=reason.strip(), now=now)
    settle_translations(session, rows, by=by.id, now=now)
    _record(session, row, "guide.edited", by=by, now=now)
    return row


def save_draft(
    session: Session,
    key: str,
    language: str,
    text: str,
    *,
    version: int | None,
    by: Staff,
    now: datetime,
    origin: TextOrigin = TextOrigin.PERSON,
) -> StoredSentence:
    """Keep a translation that somebody works on; people go on being shown what stands there.

    Raises:
        SentenceNotFound: there is no such key in this language.
        SentenceChanged: somebody was faster.
        SentenceRefused: no words, too many, or a fact of the Italian is missing.
    """
    rows = rows_of(session, key, lock=True)
    row = _seen(rows, language, version)
    words = clean_text(key, text)
    _require_facts(rows[SOURCE].text, words, language)
    if words == row.draft and row.draft_source_hash == rows[SOURCE].source_hash:
        return row
    was = as_it_is(row)
    row.draft, row.draft_origin, row.draft_by, row.draft_at = words, origin, by.id, now
    row.draft_source_hash = rows[SOURCE].source_hash
    keep_revision(session, row, SentenceAct.DRAFTED, was=was, by=by, reason=None, now=now)
    _record(session, row, "guide.drafted", by=by, now=now, reason=origin.value)
    return row


def review(
    session: Session,
    key: str,
    language: str,
    *,
    version: int | None,
    italian_version: int | None,
    by: Staff,
    now: datetime,
    reason: str = "",
) -> StoredSentence:
    """Publish the working draft, or confirm what stands there, as a translation of the Italian that was seen.

    Raises:
        SentenceNotFound: there is no such key in this language.
        SentenceChanged: the translation or its Italian changed since it was seen.
        OwnWords: the reader wrote it, or does not speak the language, and may not make an exception.
        ReasonMissing: an administrator makes an exception and does not say why.
        FactsLost: a fact of the Italian is missing.
    """
    rows = rows_of(session, key, lock=True)
    row, italian = _seen(rows, language, version), _seen(rows, SOURCE, italian_version)
    _require_second_reader(row, by, reason)
    words = row.draft if row.draft is not None else row.text
    _require_facts(italian.text, words, language)
    was = as_it_is(row)
    if row.draft is not None:
        row.origin = row.draft_origin or TextOrigin.PERSON
        row.written_by = row.draft_by if row.origin is TextOrigin.PERSON else None
        row.text = row.draft
    row.draft = row.draft_origin = row.draft_by = row.draft_at = row.draft_source_hash = None
    row.source_hash, row.is_reviewed, row.is_ours = italian.source_hash, True, True
    row.reviewed_by = by.id
    keep_revision(session, row, SentenceAct.REVIEWED, was=was, by=by, reason=reason.strip(), now=now)
    settle_translations(session, rows, by=by.id, now=now)
    _record(session, row, "guide.reviewed", by=by, now=now, reason="exception" if reason.strip() else None)
    return row


def undo(
    session: Session,
    key: str,
    language: str,
    revision_id: str,
    *,
    version: int | None,
    reason: str,
    by: Staff,
    now: datetime,
) -> StoredSentence:
    """Show again what was shown after an earlier change; it translates what it translated then.

    Raises:
        SentenceNotFound: there is no such key in this language.
        SentenceChanged: somebody was faster.
        NothingToUndo: that version was never shown, or is what is shown.
        ReasonMissing: no reason.
    """
    rows = rows_of(session, key, lock=True)
    row = _seen(rows, language, version)
    earlier = session.get(SentenceRevision, revision_id)
    if earlier is None or earlier.sentence_id != row.id or not brings_back(earlier, row):
        raise NothingToUndo
    if not reason.strip():
        raise ReasonMissing
    was = as_it_is(row)
    row.text, row.source_hash = earlier.after, earlier.source_hash
    row.is_reviewed, row.origin = earlier.is_reviewed, earlier.origin
    row.written_by = earlier.by if earlier.origin is TextOrigin.PERSON else None
    row.reviewed_by, row.is_ours = None, True
    keep_revision(session, row, SentenceAct.UNDONE, was=was, by=by, reason=reason.strip(), now=now)
    settle_translations(session, rows, by=by.id, now=now)
    _record(session, row, "guide.undone", by=by, now=now)
    return row


def brings_back(revision: SentenceRevision, row: StoredSentence) -> bool:
    """Tell whether undoing to a revision would show something else than what is shown."""
    now = (row.text, row.source_hash, row.is_reviewed)
    then = (revision.after, revision.source_hash, revision.is_reviewed)
    return revision.act is not SentenceAct.DRAFTED and then != now


def needs_exception(row: StoredSentence, by: Staff) -> bool:
    """Tell whether somebody may publish this translation only as an exception, with a reason.

    A machine's words have no writer: whoever asked for them may be their reader.
    """
    has_draft = row.draft is not None
    origin = row.draft_origin if has_draft else row.origin
    writer = row.draft_by if has_draft else row.written_by
    return not may_translate(by, row.language) or (origin is TextOrigin.PERSON and writer == by.id)


def clean_text(key: str, text: str) -> str:
    """Return words as they are kept.

    Raises:
        TextEmpty: there are none.
        TextTooLong: more than fit.
    """
    lines = (" ".join(line.split()) for line in text.replace("\r\n", "\n").split("\n"))
    words = "\n".join(lines).strip()
    if not words:
        raise TextEmpty
    most = LONGEST_OPTION if key.endswith(".option") else LONGEST_TEXT
    if len(words) > most:
        raise TextTooLong(most)
    return words


def _seen(rows: dict[str, StoredSentence], language: str, version: int | None) -> StoredSentence:
    row = rows.get(language)
    if row is None or SOURCE not in rows:
        raise SentenceNotFound
    if row.version != version:
        raise SentenceChanged
    return row


def _require_facts(italian: str, words: str, language: str) -> None:
    if lost := lost_facts(italian, words, language):
        raise FactsLost(lost)


def _require_second_reader(row: StoredSentence, by: Staff, reason: str) -> None:
    if not needs_exception(row, by):
        return
    if not may_except(by):
        raise OwnWords
    if not reason.strip():
        raise ReasonMissing


def _record(
    session: Session,
    row: StoredSentence,
    action: str,
    *,
    by: Staff,
    now: datetime,
    reason: str | None = None,
) -> None:
    audit.record(
        session,
        by=by.id,
        action=action,
        subject_kind="guide_sentence",
        subject_id=row.id,
        now=now,
        reason=reason,
    )
