"""Brings a backup back, and erases again whom it had not seen erased."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from backoffice.attachment.files import FOLDER
from backoffice.audit import service as audit
from backoffice.audit.heads import HEADS_FILE
from backoffice.backup import snapshot
from backoffice.backup.archive import unpack
from backoffice.backup.errors import BackupError
from backoffice.backup.make import MANIFEST
from backoffice.database import Database
from backoffice.encryption.plain_rows import seal_plain_rows
from backoffice.migrations.upgrade import upgrade
from backoffice.retention.clearing import clear_files
from backoffice.retention.erase import erase_again
from backoffice.retention.ledger import LEDGER_FILE, append, as_line, as_row, read_ledger
from backoffice.retention.models import Erasure
from backoffice.retention.service import SYSTEM
from backoffice.running import running_processes
from backoffice.settings import Settings


@dataclass(frozen=True)
class Restored:
    """How many erasures were known, and how many of them the backup had not seen."""

    erasures: int
    erased_again: int


def restore_backup(
    settings: Settings, path: Path, *, replace: bool, now: datetime, tell: Callable[[str], None] = print
) -> Restored:
    """Put a backup in the place of database and attachments.

    On SQLite nothing is put in its place before everything was done to it: whoever was erased is not there
    for a moment. On PostgreSQL the erasures follow the loading; nothing runs in between.

    Raises:
        BackupError: something runs, there are data already, or the file does not open.
    """
    data_dir = settings.data_dir
    _refuse_while_running(data_dir)
    if not replace and _holds_data(settings):
        raise BackupError("this installation has data. To put the backup in their place: REPLACE=1")
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=data_dir) as name:
        folder = Path(name)
        unpack(path, settings.secret, folder, tell=tell)
        if not (folder / snapshot.name_for(settings.url)).is_file():
            raise BackupError("the backup is of the other kind of database (SQLite or PostgreSQL).")
        ledger = _merged(
            read_ledger(data_dir / LEDGER_FILE),
            _known_to(settings, tell),
            read_ledger(folder / LEDGER_FILE),
        )
        _rewrite(data_dir / LEDGER_FILE, ledger)  # first: a crash from here on forgets no erasure
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        done = _bring_back(settings, folder, ledger, manifest=manifest, now=now, tell=tell)
    tell(f"{done.erasures} erasures are known; {done.erased_again} were done again.")
    return done


def _bring_back(
    settings: Settings,
    folder: Path,
    ledger: list[dict[str, Any]],
    *,
    manifest: dict[str, str],
    now: datetime,
    tell: Callable[[str], None],
) -> Restored:
    copy = folder / snapshot.name_for(settings.url)
    is_sqlite = copy.name == snapshot.SQLITE
    if not is_sqlite:
        snapshot.load_postgres(settings.url, copy)
    url = f"sqlite:///{copy}" if is_sqlite else settings.url
    upgrade(url)
    database = Database(url, secret=settings.secret)
    try:
        seal_plain_rows(database, tell=tell)
        again = _replay(database, ledger, now=now)
        with database.transaction() as session:
            audit.record(
                session,
                by=SYSTEM,
                action="backup.restored",
                subject_kind="backup",
                subject_id=manifest["id"],
                now=now,
            )
            everything = [as_line(row) for row in session.scalars(select(Erasure).order_by(Erasure.at))]
        clear_files(database)
    finally:
        database.close()
    _swap(settings, folder, copy if is_sqlite else None, now)
    _rewrite(settings.data_dir / LEDGER_FILE, everything)
    return Restored(len(everything), again)


def _replay(database: Database, ledger: Iterable[dict[str, Any]], *, now: datetime) -> int:
    """Do the erasures again that the restored database does not know; one transaction each."""
    count = 0
    for line in ledger:
        with database.transaction() as session:
            erase_again(session, line["subjects"], line["key_ids"], now=now)
            known = select(Erasure.id).where(Erasure.number == line["number"])
            if session.scalar(known) is None:
                session.add(as_row(line))
                _tell_trail(session, line, now)
                count += 1
    return count


def _tell_trail(session: Session, line: dict[str, Any], now: datetime) -> None:
    for person_id in line["subjects"]["people"]:
        audit.record(
            session,
            by=SYSTEM,
            action="person.erased_again",
            subject_kind="person",
            subject_id=person_id,
            now=now,
        )


def _swap(settings: Settings, folder: Path, sqlite: Path | None, now: datetime) -> None:
    data_dir = settings.data_dir
    if sqlite is not None:
        target = snapshot.sqlite_path(settings.url)
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
        beside = target.with_name(f"{target.name}.restored")
        shutil.move(sqlite, beside)  # the database may lie on another disk than the data folder
        beside.replace(target)
    old = data_dir / f"{FOLDER}.before"
    shutil.rmtree(old, ignore_errors=True)
    if (data_dir / FOLDER).exists():
        (data_dir / FOLDER).rename(old)
    if (folder / FOLDER).exists():
        (folder / FOLDER).rename(data_dir / FOLDER)
    shutil.rmtree(old, ignore_errors=True)
    heads, restored = data_dir / HEADS_FILE, folder / HEADS_FILE
    before = heads.read_bytes() if heads.exists() else b""
    if before and not (restored.exists() and restored.read_bytes() == before):
        # they know entries that are no more, and stay as the proof of that
        heads.rename(data_dir / f"audit-heads.before-{now:%Y%m%dT%H%M%S}.jsonl")
    if restored.exists():
        shutil.move(restored, heads)


def _rewrite(path: Path, lines: list[dict[str, Any]]) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    append(fresh, lines)
    fresh.replace(path)


def _merged(*ledgers: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    found = {line["number"]: line for ledger in ledgers for line in ledger}
    return sorted(found.values(), key=lambda line: str(line["at"]))


# --- What is there now --------------------------------------------------------------------------


def _refuse_while_running(data_dir: Path) -> None:
    for name in running_processes(data_dir):
        raise BackupError(f"{name} is running. Stop Sportello first (Ctrl-C where `make up` runs).")


def _holds_data(settings: Settings) -> bool:
    for session in _present(settings):
        tables = set(inspect(session.get_bind()).get_table_names())
        for table in sorted(tables & {"organisation", "staff", "conversation", "person"}):
            if session.execute(text(f'SELECT 1 FROM "{table}" LIMIT 1')).first():  # noqa: S608  # names above
                return True
    return False


def _known_to(settings: Settings, tell: Callable[[str], None]) -> list[dict[str, Any]]:
    """Return the erasures of the present database; one that is broken knows none, and that is said."""
    try:
        for session in _present(settings):
            if inspect(session.get_bind()).has_table(Erasure.__tablename__):
                return [as_line(row) for row in session.scalars(select(Erasure))]
    except SQLAlchemyError:
        tell(f"The present database cannot be read: only {LEDGER_FILE} tells who was erased.")
    return []


def _present(settings: Settings) -> Iterator[Session]:
    if settings.url.startswith("sqlite") and not snapshot.sqlite_path(settings.url).exists():
        return
    database = Database(settings.url)
    try:
        with database.read() as session:
            yield session
    finally:
        database.close()
