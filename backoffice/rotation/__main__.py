"""`python -m backoffice.rotation [--secret]` (`make rotate-keys`): new keys, while nothing runs."""

from __future__ import annotations

import os
import sys

from backoffice.clock import utc_now
from backoffice.database import Database
from backoffice.retention.clearing import clear_files
from backoffice.rotation.keys import rotate_keys
from backoffice.rotation.secret import SecretDoesNotFit, SecretIsSetOutside, rotate_secret, settle_secret
from backoffice.running import running_processes
from backoffice.settings import read_settings
from backoffice.tables import load_tables


def main() -> None:
    """Rotate; what went wrong ends in one sentence, and the installation still opens."""
    os.umask(0o077)
    load_tables()
    settings = read_settings()
    for name in running_processes(settings.data_dir):
        sys.exit(f"Nothing was rotated: {name} is running. Stop Sportello first.")
    settle_secret(settings)
    if "--secret" in sys.argv[1:]:
        try:
            rotate_secret(settings)
        except SecretIsSetOutside:
            sys.exit(
                "The secret was not rotated: SPORTELLO_SECRET_KEY sets it. Write it into the file secret_key"
                " of the data folder, take the variable away and run this again."
            )
        except SecretDoesNotFit:
            sys.exit("The secret was not rotated: secret_key does not fit this database.")
    database = Database(settings.url, secret=settings.secret)
    try:
        count = rotate_keys(database, now=utc_now())
        clear_files(database)
    finally:
        database.close()
    print(f"Done: {count} keys are wrapped by new keys, and the old ones are destroyed.")


if __name__ == "__main__":
    main()
