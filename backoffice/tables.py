"""Imports every module that defines tables, so that `Base.metadata` knows them all: for Alembic and tests.

A new `models.py` in a folder of the backoffice is found by itself.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, event

from backoffice.database import Base
from backoffice.migrations.wall import raise_wall


def load_tables() -> MetaData:
    """Import every `backoffice/<domain>/models.py` and return the metadata with all tables."""
    for path in sorted(Path(__file__).parent.glob("*/models.py")):
        import_module(f"backoffice.{path.parent.name}.models")
    return Base.metadata


@event.listens_for(Base.metadata, "after_create")
def _walled(_tables: MetaData, connection: Connection, **_how: Any) -> None:
    raise_wall(connection)
