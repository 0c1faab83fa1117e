"""`python -m backoffice.audit_verification`: is the audit trail of this database as it was written?"""

from __future__ import annotations

import sys

from backoffice.audit.heads import HEADS_FILE
from backoffice.audit.verify import verify
from backoffice.database import Database
from backoffice.settings import read_settings
from backoffice.tables import load_tables


def main() -> None:
    """Verify the database of the settings; the exit status is 1 where something is wrong."""
    load_tables()
    settings = read_settings()
    database = Database(settings.url, secret=settings.secret)
    try:
        with database.read() as session:
            found = verify(session, heads=settings.data_dir / HEADS_FILE, secret=settings.secret)
    finally:
        database.close()
    for place in found.broken:
        print(f"BROKEN  {place}")
    print(f"{found.entries} entries in {found.chains} chains: {'broken' if found.broken else 'as written'}")
    sys.exit(1 if found.broken else 0)


if __name__ == "__main__":
    main()
