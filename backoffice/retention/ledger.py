"""The erasures once more, outside of the database: `erasures.jsonl` of the data folder.

A database that is restored from a backup knows nothing of the erasures after it. This file does: it is not
taken back by a restore, which does every erasure in it again. It holds ids, and nothing about anybody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from backoffice.database import Database
from backoffice.retention.models import ErasedBecause, Erasure

LEDGER_FILE = "erasures.jsonl"

_PENDING = "erasures"

log = structlog.get_logger(__name__)


def as_line(erasure: Erasure) -> dict[str, Any]:
    """Return an erasure as its line says it."""
    return {
        "number": erasure.number,
        "organisation_id": erasure.organisation_id,
        "because": erasure.because.value,
        "by": erasure.by,
        "at": erasure.at.isoformat(),
        "subjects": erasure.subjects,
        "key_ids": erasure.key_ids,
    }


def as_row(line: dict[str, Any]) -> Erasure:
    """Return the row of an erasure that a database does not know any more."""
    return Erasure(
        number=line["number"],
        organisation_id=line["organisation_id"],
        because=ErasedBecause(line["because"]),
        by=line["by"],
        at=datetime.fromisoformat(line["at"]),
        subjects=line["subjects"],
        key_ids=line["key_ids"],
        counts={},
    )


def note_outside(session: Session, erasure: Erasure) -> None:
    """Have an erasure appended to the file as soon as its transaction is committed."""
    session.info.setdefault(_PENDING, []).append(as_line(erasure))


def read_ledger(path: Path) -> list[dict[str, Any]]:
    """Return what a file says; one that is not there says nothing. A line cut off by a crash is left out."""
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    found = []
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            found.append(json.loads(line))
        except ValueError:
            log.warning("ledger_line_unreadable", line=number)
    return found


def append(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Append lines so that they survive a power loss."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        # a line that a crash cut off must not swallow the next one
        file.write("\n" + "".join(f"{json.dumps(line)}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def catch_up(database: Database, path: Path) -> int:
    """Append what the database knows and the file does not; return how many."""
    known = {line["number"] for line in read_ledger(path)}
    with database.read() as session:
        lacking = [
            as_line(row)
            for row in session.scalars(select(Erasure).order_by(Erasure.at, Erasure.id))
            if row.number not in known
        ]
    if lacking:
        append(path, lacking)
    return len(lacking)


@event.listens_for(Session, "before_commit")
def _leave_out_what_was_taken_back(session: Session) -> None:
    pending = session.info.get(_PENDING)
    if pending and not session.in_nested_transaction():
        session.flush()
        numbers = [line["number"] for line in pending]
        kept = set(session.scalars(select(Erasure.number).where(Erasure.number.in_(numbers))))
        session.info[_PENDING] = [line for line in pending if line["number"] in kept]


@event.listens_for(Session, "after_commit")
def _append_committed(session: Session) -> None:
    if session.in_nested_transaction():
        return
    pending = session.info.pop(_PENDING, None)
    data_dir: Path | None = session.info.get("data_dir")
    if pending and data_dir is not None:
        try:
            append(data_dir / LEDGER_FILE, pending)
        except OSError as error:  # the hourly job catches up
            log.error("ledger_failed", error=type(error).__name__)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_PENDING, None)
