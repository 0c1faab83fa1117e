"""After an erasure: the files of the database give up what they still hold of deleted rows."""

from __future__ import annotations

from sqlalchemy import text

from backoffice.database import Database

_TABLES = ("data_key", "person", "conversation", "channel_address", "search_token")
"""Where rows were emptied that held more than noise."""


def clear_files(database: Database) -> None:
    """Write the log into the database and cut it (SQLite, whose `secure_delete` overwrites deleted rows).

    On PostgreSQL the old versions of the rows are vacuumed away; archived logs are the operator's, and hold
    sealed words and wrapped keys only, which `erase` destroyed (docs/running.md).
    """
    if database.engine.dialect.name == "sqlite":
        _outside_transactions(database, "PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in _TABLES:
            connection.execute(text(f"VACUUM {table}"))  # names of this file


def rewrite_files(database: Database) -> None:
    """Write a SQLite database anew without what earlier versions left in its free pages; takes its time."""
    if database.engine.dialect.name == "sqlite":
        _outside_transactions(database, "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        clear_files(database)


def _outside_transactions(database: Database, *statements: str) -> None:
    connection = database.engine.raw_connection()
    try:
        for statement in statements:
            connection.cursor().execute(statement).close()
    finally:
        connection.close()
