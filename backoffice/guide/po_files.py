"""The guide as PO catalogues for translators outside: a zip that leaves, files that come back as drafts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po
from sqlalchemy.orm import Session

from backoffice.errors import BackofficeError
from backoffice.guide.errors import BadPoFile, FactsLost, SentenceRefused
from backoffice.guide.kept_facts import lost_facts
from backoffice.guide.models import SentenceState, StoredSentence
from backoffice.guide.permissions import may_translate
from backoffice.guide.queries import sentences_in, topics_by_key
from backoffice.guide.seeding import area_of
from backoffice.guide.sentence_state import state_of
from backoffice.guide.service import clean_text, save_draft
from backoffice.staff.models import Staff
from translations.languages import FOLDER, LANGUAGES, SOURCE

AREAS = ("guide", "guide_topics")
MOST_BYTES = 4 * 1024**2
"""Of a file, unpacked: ten times what the whole guide takes in one language."""
MOST_FILES = 40
_REVIEWED = "X-Reviewed-By-Native-Speaker"


def export_guide(session: Session) -> bytes:
    """Return a zip of `<language>/<area>.po` with what people are shown; what is stale is marked fuzzy."""
    rows = sentences_in(session, topics_by_key(), LANGUAGES)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for language in LANGUAGES:
            for area in AREAS:
                archive.writestr(f"{language}/{area}.po", _as_po(rows, language, area))
    return packed.getvalue()


def export_fixed_texts() -> bytes:
    """Return a zip of every other catalogue as it was delivered: what cannot be edited here."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(FOLDER.glob("*/*.po")):
            if path.stem not in AREAS:
                archive.write(path, f"{path.parent.name}/{path.name}")
    return packed.getvalue()


@dataclass(frozen=True)
class PoFault:
    """Why one entry was not taken. `code` names the reason, `detail` what it is about."""

    language: str
    key: str
    code: str
    detail: str = ""


@dataclass
class PoReport:
    """What an import did, or would do."""

    taken: list[tuple[str, str]] = field(default_factory=list)
    """Language and key of what became a working draft."""
    unchanged: int = 0
    fuzzy: int = 0
    faults: list[PoFault] = field(default_factory=list)


def read_catalogues(content: bytes) -> list[Catalog]:
    """Return the catalogues of a PO file or of a zip of such.

    Raises:
        BadPoFile: neither, without a language of ours, or too large.
    """
    return [_read(each) for each in _files(content)]


def import_catalogues(
    session: Session, catalogues: Sequence[Catalog], *, is_trial: bool, by: Staff, now: datetime
) -> PoReport:
    """Keep what differs from what is shown as working drafts, each to be reviewed; report every other entry.

    A trial changes nothing and reports the same. Texts are never shown to people by an import alone.
    """
    report, known = PoReport(), topics_by_key()
    for found in catalogues:
        language = _language(found)
        rows = sentences_in(session, known, {SOURCE, language})
        for entry in found:
            if entry.id and entry.context:
                _take(session, report, rows, language, entry, is_trial=is_trial, by=by, now=now)
    return report


def _take(
    session: Session,
    report: PoReport,
    rows: Mapping[tuple[str, str], StoredSentence],
    language: str,
    entry: Message,
    *,
    is_trial: bool,
    by: Staff,
    now: datetime,
) -> None:
    key, words = str(entry.context), entry.string if isinstance(entry.string, str) else ""
    row, italian = rows.get((key, language)), rows.get((key, SOURCE))
    if row is None or italian is None:
        if area_of(key) not in AREAS or not _is_fixed(key):
            report.faults.append(PoFault(language, key, "unknown"))
        return
    if entry.fuzzy or not words.strip():
        report.fuzzy += 1
        return
    if words.strip() in (row.text, row.draft):
        report.unchanged += 1
        return
    fault = _fault(row, italian, entry, words, by)
    if fault is not None:
        report.faults.append(fault)
        return
    if not is_trial:
        save_draft(session, key, language, words, version=row.version, by=by, now=now)
    report.taken.append((language, key))


def _is_fixed(key: str) -> bool:
    """Tell whether a key of the areas belongs to no topic: the names of aspects are texts of the chat."""
    return key.startswith("guide_topics.aspect.")


def _fault(
    row: StoredSentence, italian: StoredSentence, entry: Message, words: str, by: Staff
) -> PoFault | None:
    if not may_translate(by, row.language):
        return PoFault(row.language, row.key, "not_yours")
    if str(entry.id).strip() != italian.text:
        return PoFault(row.language, row.key, "other_italian")
    try:
        if lost := lost_facts(italian.text, clean_text(row.key, words), row.language):
            raise FactsLost(lost)
    except SentenceRefused as refused:
        return PoFault(row.language, row.key, _code(refused), refused.values.get("facts", ""))
    return None


def _code(refused: BackofficeError) -> str:
    return refused.message.partition("guide_")[2]


def _files(content: bytes) -> Iterator[bytes]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        yield content
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [each for each in archive.infolist() if each.filename.endswith(".po")]
            if (
                not members
                or len(members) > MOST_FILES
                or sum(each.file_size for each in members) > MOST_BYTES
            ):
                raise BadPoFile
            for member in members:
                with archive.open(member) as opened:
                    yield opened.read(member.file_size)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as wrong:
        raise BadPoFile from wrong


def _read(content: bytes) -> Catalog:
    if len(content) > MOST_BYTES:
        raise BadPoFile
    try:
        found = read_po(io.BytesIO(content), abort_invalid=True)
    except (PoFileError, ValueError, LookupError, TypeError, AttributeError) as wrong:
        raise BadPoFile from wrong
    if _language(found) not in LANGUAGES or _language(found) == SOURCE:
        raise BadPoFile
    return found


def _language(found: Catalog) -> str:
    return str(found.locale_identifier or "")[:2]


def _as_po(rows: Mapping[tuple[str, str], StoredSentence], language: str, area: str) -> bytes:
    delivered = _delivered(FOLDER / language / f"{area}.po")
    made = Catalog(locale=language, project="sportello", header_comment=delivered.header_comment, fuzzy=False)
    all_reviewed = True
    for entry in delivered:
        if not entry.id or not entry.context:
            continue
        row = rows.get((str(entry.context), language))
        italian = rows.get((str(entry.context), SOURCE))
        if row is None or italian is None:
            words, source, flags = entry.string, entry.id, entry.flags
        else:
            state = state_of(row.source_hash, italian.source_hash, is_reviewed=row.is_reviewed)
            words, source = row.text, italian.text
            flags = {"fuzzy"} if state is SentenceState.STALE else set()
            all_reviewed = all_reviewed and state is SentenceState.REVIEWED
        made.add(source, words, context=entry.context, flags=flags, auto_comments=entry.auto_comments)
    written = io.BytesIO()
    write_po(written, made, width=100, omit_header=False)
    mark = f'"{_REVIEWED}: {"yes" if all_reviewed else "no"}\\n"\n'.encode()
    head, _, body = written.getvalue().partition(b"\n\n")
    return head + b"\n" + mark + b"\n" + body


def _delivered(path: Path) -> Catalog:
    if not path.is_file():
        return Catalog()
    with path.open("rb") as file:
        return read_po(file)
