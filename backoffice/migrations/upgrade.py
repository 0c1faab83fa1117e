"""Bring a database to the newest schema: for `make up`, and for tests."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from backoffice.case_words.models import follow_words
from backoffice.clock import utc_now
from backoffice.database import Database, make_engine
from backoffice.directory.known import load_known
from backoffice.encryption.plain_rows import seal_plain_rows
from backoffice.migrations.wall import raise_wall
from backoffice.person.keys import write_missing_keys
from backoffice.retention.clearing import rewrite_files
from backoffice.rotation.secret import settle_secret
from backoffice.settings import read_settings
from backoffice.tables import load_tables

CONFIG = Path(__file__).parent / "alembic.ini"

_ONE_AT_A_TIME = text("SELECT pg_advisory_lock(7265018)")
"""Of processes that start together one migrates, and the others wait; held until the connection is closed."""


def upgrade(url: str, *, to: str = "head") -> None:
    """Run every migration that the database lacks; one that is up to date is left alone."""
    config = Config(str(CONFIG))
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(_ONE_AT_A_TIME)
                connection.commit()
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            if to == "head":
                raise_wall(connection)
                follow_words(connection)
            connection.commit()
    finally:
        engine.dispose()


def main() -> None:
    """Upgrade the database of the settings (`python -m backoffice.migrations.upgrade`)."""
    settings = read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    upgrade(settings.url)
    load_tables()
    settle_secret(settings)
    database = Database(settings.url, secret=settings.secret)
    try:
        if seal_plain_rows(database, tell=print):
            rewrite_files(database)
        write_missing_keys(database)
        with database.transaction() as session:
            load_known(session, now=utc_now())
    finally:
        database.close()


if __name__ == "__main__":
    main()
