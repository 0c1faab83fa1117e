"""Runs migrations on the database of the settings, or on the connection that a caller brings."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from backoffice.database import UtcDateTime, make_engine
from backoffice.settings import read_settings
from backoffice.tables import load_tables


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column type by its short name; the template imports it."""
    return "UtcDateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


def migrate(connection: Connection) -> None:
    """Run the migrations on a connection."""
    context.configure(
        connection=connection,
        target_metadata=load_tables(),
        render_as_batch=True,  # SQLite cannot alter most of a table in place
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    settings = read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.url)
    with engine.connect() as opened:
        migrate(opened)
        opened.commit()
    engine.dispose()
