from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from backoffice.database import Database
from backoffice.migrations.upgrade import CONFIG, upgrade
from backoffice.migrations.wall import lower_wall
from backoffice.tables import load_tables
from tests.backoffice.databases import backend as backend

ROOT = Path(__file__).resolve().parents[3]


def drop_everything(url: str) -> None:
    database = Database(url)
    with database.engine.begin() as connection:
        lower_wall(connection)
    load_tables().drop_all(database.engine)
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    database.close()


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_the_migrations_make_the_very_tables_of_the_models(url: str) -> None:
    drop_everything(url)
    try:
        upgrade(url)
        upgrade(url)
        database = Database(url)
        with database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, load_tables()) == []
        database.close()
    finally:
        drop_everything(url)
        remade = Database(url)
        load_tables().create_all(remade.engine)
        remade.close()


def test_the_migrations_can_be_undone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    upgrade(url)
    database = Database(url)
    config = Config(str(CONFIG))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    database.close()


def test_the_command_of_the_make_file_works(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "backoffice/migrations/alembic.ini", "upgrade", "head"],
        cwd=ROOT,
        env={**os.environ, "SPORTELLO_DATABASE_URL": url, "SPORTELLO_DATA_DIR": str(tmp_path)},
        check=True,
    )
    database = Database(url)
    assert "conversation" in inspect(database.engine).get_table_names()
    database.close()


def at_revision(url: str, move: str, revision: str) -> None:
    database, config = Database(url), Config(str(CONFIG))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        getattr(command, move)(config, revision)
        connection.commit()
    database.close()


def test_files_of_before_encryption_are_marked_plain_and_no_key_is_thrown_away(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    at_revision(url, "upgrade", "0002")
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO attachment (id, kind, media_type, size_bytes, sha256, file_name, created_at) "
                "VALUES ('old', 'photo', 'image/jpeg', 3, '0', 'x', '2026-01-01 00:00:00.000000')"
            )
        )
    at_revision(url, "upgrade", "0003")
    with database.engine.begin() as connection:
        found = connection.execute(text("SELECT storage, scan_state, wrapped_key FROM attachment")).one()
        assert tuple(found) == ("plain", "not_scanned", None)
    at_revision(url, "downgrade", "0002")
    at_revision(url, "upgrade", "0003")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE attachment SET storage = 'sealed', wrapped_key = x'00'"))
    with pytest.raises(RuntimeError, match="1 attachments are encrypted"):
        at_revision(url, "downgrade", "0002")
    with database.engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM attachment WHERE wrapped_key = x'00'")) == 1
    database.close()


def test_the_history_and_notes_of_a_case_outlive_the_new_kinds_of_events(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    at_revision(url, "upgrade", "0004")
    database = Database(url)
    add_event = text(
        "INSERT INTO case_event (id, case_id, kind, actor, at) "
        "VALUES (:id, 'c', :kind, 'service', '2026-01-01 00:00:00.000000')"
    )
    with database.engine.begin() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(add_event, {"id": 7, "kind": "opened"})
        with pytest.raises(IntegrityError):
            connection.execute(add_event, {"id": 8, "kind": "goal_added"})
        connection.execute(text("INSERT INTO organisation VALUES ('o', 'A', 'a', 0)"))
        connection.execute(
            text(
                "INSERT INTO person (id, organisation_id, languages, created_at) "
                "VALUES ('p', 'o', '[]', '2026-01-01 00:00:00.000000')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO case_record (id, number, type, phase, status, urgent, organisation_id, "
                "person_id, language, needs, intake, source, opened_at, updated_at, search_text) "
                "VALUES ('c', 'N', 'housing', 'reception', 'new', 0, 'o', 'p', 'it', '[]', '{}', 'web', "
                "'2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000', '')"
            )
        )
    at_revision(url, "upgrade", "0008")
    with database.engine.begin() as connection:
        assert connection.scalar(text("SELECT version FROM case_record")) == 7
        connection.execute(add_event, {"id": 8, "kind": "goal_added"})
        with pytest.raises(IntegrityError):
            connection.execute(add_event, {"id": 9, "kind": "pizza"})
    at_revision(url, "downgrade", "0004")
    with database.engine.begin() as connection:
        assert connection.execute(text("SELECT id, kind FROM case_event")).all() == [(7, "opened")]
    database.close()
