"""The database as one file, and back: by SQLite's own backup, or by `pg_dump` and `pg_restore`."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, make_url

from backoffice.backup.errors import BackupError

SQLITE, POSTGRES = "database.sqlite", "database.pgdump"
"""What the file is called inside a backup."""


def name_for(url: str) -> str:
    """Return what the file of a database is called."""
    return POSTGRES if _is_postgres(url) else SQLITE


def take(url: str, path: Path) -> None:
    """Write the database as it is at one moment, while others go on writing.

    Raises:
        BackupError: it cannot be read, or `pg_dump` is not there or is older than the server.
    """
    if _is_postgres(url):
        _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")
        return
    try:
        with closing(sqlite3.connect(sqlite_path(url))) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
    except sqlite3.Error as wrong:
        raise BackupError(f"the database cannot be read: {wrong}") from wrong


def load_postgres(url: str, path: Path) -> None:
    """Put a dump in the place of what the database holds, in one transaction.

    Raises:
        BackupError: `pg_restore` is not there, or could not.
    """
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")
    _run("pg_restore", url, *options, "--exit-on-error", str(path))


def sqlite_path(url: str) -> Path:
    """Return where a SQLite database lies."""
    return Path(make_url(url).database or "")


def _is_postgres(url: str) -> bool:
    return make_url(url).get_backend_name() == "postgresql"


def _run(program: str, url: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise BackupError(
            f"{program} is not installed. On Debian: apt-get install postgresql-client,"
            " of the server's version or newer."
        )
    parsed = make_url(url)
    # the password goes by the environment: command lines can be read by everybody on the machine
    address = URL.create(
        "postgresql", parsed.username, None, parsed.host, parsed.port, parsed.database, parsed.query
    )
    environment = {**os.environ, **({"PGPASSWORD": str(parsed.password)} if parsed.password else {})}
    done = subprocess.run(  # noqa: S603  # a program of the operator's, without a shell
        [program, f"--dbname={address.render_as_string()}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise BackupError(f"{program} failed: {' '.join(lines[:2])}")
