"""Files that belong to nothing: their message was refused, or the process died between file and row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.attachment.files import FOLDER, discard, name_of
from backoffice.attachment.models import Attachment, Storage

KEPT = timedelta(days=1)
"""Telegram brings an update again for so long; the file of a message that is tried again must be there."""


def forget_unattached(session: Session, *, now: datetime) -> None:
    """Delete the rows, and so the keys, of files that no message and no case has taken within a day."""
    late = Attachment.created_at < now - KEPT
    of_nothing = Attachment.message_id.is_(None), Attachment.is_document.is_(False)
    session.execute(delete(Attachment).where(*of_nothing, late))


def discard_unknown(session: Session, data_dir: Path, *, now: datetime) -> int:
    """Delete files older than a day that no row names; return how many. Call it after a commit."""
    count = 0
    for paths in _batches(_old_files(data_dir, now - KEPT)):
        names = {name_of(path) for path in paths}
        statement = select(Attachment.file_name).where(
            Attachment.file_name.in_(names), Attachment.storage != Storage.ERASED
        )
        for name in names - set(session.scalars(statement)):
            discard(data_dir, name)
            count += 1
    return count


def _old_files(data_dir: Path, before: datetime) -> Iterator[Path]:
    for path in (data_dir / FOLDER).glob("*/*"):
        if path.stat().st_mtime < before.timestamp():
            yield path


def _batches(paths: Iterable[Path]) -> Iterator[tuple[Path, ...]]:
    rest = iter(paths)
    while batch := tuple(islice(rest, 500)):
        yield batch
