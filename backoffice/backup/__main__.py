"""`python -m backoffice.backup make FILE` and `restore FILE [--replace]` (`make backup`, `make restore`)."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from backoffice.backup.errors import BackupError
from backoffice.backup.make import make_backup
from backoffice.backup.restore import restore_backup
from backoffice.clock import utc_now
from backoffice.rotation.secret import settle_secret
from backoffice.settings import read_settings
from backoffice.tables import load_tables


def main() -> None:
    """Make a backup or bring one back; the exit status is 1 where that was not possible."""
    os.umask(0o077)
    parser = argparse.ArgumentParser(prog="python -m backoffice.backup")
    parser.add_argument("what", choices=("make", "restore"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true", help="put the backup in the place of what is there")
    given = parser.parse_args()
    load_tables()
    settings = read_settings()
    settle_secret(settings)
    try:
        if given.what == "make":
            make_backup(settings, given.file, now=utc_now())
        else:
            restore_backup(settings, given.file, replace=given.replace, now=utc_now())
    except BackupError as wrong:
        sys.exit(f"No {'backup' if given.what == 'make' else 'restore'}: {wrong}")


if __name__ == "__main__":
    main()
