"""Makes a backup while the installation runs."""

from __future__ import annotations

import io
import json
import tarfile
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from backoffice.attachment.files import FOLDER
from backoffice.audit.heads import HEADS_FILE, sign_heads
from backoffice.backup import snapshot
from backoffice.backup.archive import add_file, writing
from backoffice.backup.errors import BackupError
from backoffice.database import Database, new_id
from backoffice.retention.ledger import LEDGER_FILE, catch_up
from backoffice.settings import Settings

MANIFEST = "backup.json"


def make_backup(
    settings: Settings, path: Path, *, now: datetime, tell: Callable[[str], None] = print
) -> None:
    """Write database, attachments and ledgers into one encrypted file.

    The database comes first: the file of every row in it was written before the row.

    Raises:
        BackupError: there is a file already, the folder is not there, or the database cannot be read.
    """
    if path.exists():
        raise BackupError(f"{path} exists already; choose another name.")
    if not path.parent.is_dir():
        raise BackupError(f"the folder {path.parent} does not exist.")
    data_dir = settings.data_dir
    database = Database(settings.url, secret=settings.secret)
    try:
        catch_up(database, data_dir / LEDGER_FILE)
        sign_heads(database, data_dir / HEADS_FILE, settings.secret, now=now)
    finally:
        database.close()
    with tempfile.TemporaryDirectory(prefix="backup-", dir=data_dir) as folder:
        copy = Path(folder) / snapshot.name_for(settings.url)
        snapshot.take(settings.url, copy)
        tell(f"database: {copy.stat().st_size:,} bytes")
        with writing(path, settings.secret) as tar:
            _add_manifest(tar, now)
            add_file(tar, copy, copy.name)
            for name in (LEDGER_FILE, HEADS_FILE):
                add_file(tar, data_dir / name, name)
            count = 0
            for file in sorted((data_dir / FOLDER).rglob("*")):
                if file.is_file():
                    count += add_file(tar, file, f"{FOLDER}/{file.relative_to(data_dir / FOLDER)}")
    tell(f"attachments: {count} files")
    tell(f"{path}: {path.stat().st_size:,} bytes. It opens with this installation's secret_key alone.")


def _add_manifest(tar: tarfile.TarFile, now: datetime) -> None:
    told = json.dumps({"id": new_id(), "made_at": now.isoformat()}).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size, entry.mode = len(told), 0o600
    tar.addfile(entry, io.BytesIO(told))
