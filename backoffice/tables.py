"""Imports every module that defines tables, so that `Base.metadata` knows them all: for Alembic and tests.

A new `models.py` in a folder of the backoffice is found by itself.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from sqlalchemy import MetaData

from backoffice.database import Base


def load_tables() -> MetaData:
    """Import every `backoffice/<domain>/models.py` and return the metadata with all tables."""
    for path in sorted(Path(__file__).parent.glob("*/models.py")):
        import_module(f"backoffice.{path.parent.name}.models")
    return Base.metadata
