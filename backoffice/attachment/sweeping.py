"""Files that belong to nothing: their message was refused, or the process died between file and row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.attachment.files import FOLDER, discard
from backoffice.attachment.models import Attachment

KEPT = timedelta(days=1)
"""Telegram brings an update again for so long; the file of a message that is tried again must be there."""


def forget_unattached(session: Session, *, now: datetime) -> None:
    """Delete the rows of files that no message has brought within a day."""
    late = Attachment.created_at < now - KEPT
    session.execute(delete(Attachment).where(Attachment.message_id.is_(None), late))


def discard_unknown(session: Session, data_dir: Path, *, now: datetime) -> int:
    """Delete files older than a day that no row names; return how many. Call it after a commit."""
    count = 0
    for names in _batches(_old_files(data_dir, now - KEPT)):
        known = set(session.scalars(select(Attachment.file_name).where(Attachment.file_name.in_(names))))
        for name in set(names) - known:
            discard(data_dir, name)
            count += 1
    return count


def _old_files(data_dir: Path, before: datetime) -> Iterator[str]:
    for path in (data_dir / FOLDER).glob("*/*"):
        if path.stat().st_mtime < before.timestamp():
            yield path.name


def _batches(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    rest = iter(names)
    while batch := tuple(islice(rest, 500)):
        yield batch
