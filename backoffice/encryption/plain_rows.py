"""Seals what an earlier version wrote before there was encryption: after a migration, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, inspect, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from backoffice.database import Base, Database
from backoffice.encryption.cipher import MARK
from backoffice.encryption.sealing import installation_key_id, sealed_names

AT_ONCE = 500
_EMPTY = ("", "{}", "[]", "null")


def seal_plain_rows(database: Database, *, tell: Callable[[str], None]) -> int:
    """Seal every value that lies plain, and return how many rows had one. What is sealed is left alone."""
    with database.transaction() as session:
        installation_key_id(session)  # made here, once, before several processes might want it
    count = 0
    for kind in _sealing_classes():
        while rows := _seal_batch(database, kind):
            count += rows
            tell(f"encrypted: {count} rows")
    return count


def _seal_batch(database: Database, kind: type[Any]) -> int:
    names = sealed_names(kind)
    with database.transaction() as session:
        rows = session.scalars(select(kind).where(_lies_plain(kind, names)).limit(AT_ONCE)).all()
        for row in rows:
            _rewrite(session, row, names)
        return len(rows)


def _rewrite(session: Session, row: Any, names: tuple[str, ...]) -> None:
    for name in names:
        if getattr(row, name) not in (None, "", {}, []):
            flag_modified(row, name)


def _lies_plain(kind: type[Any], names: tuple[str, ...]) -> ColumnElement[bool]:
    conditions = []
    for name in names:
        stored = cast(getattr(kind, name), Text)
        sealed = or_(stored.startswith(MARK, autoescape=True), stored.startswith(f'"{MARK}', autoescape=True))
        conditions.append(and_(stored.is_not(None), stored.not_in(_EMPTY), ~sealed))
    return or_(*conditions)


def _sealing_classes() -> Iterator[type[Any]]:
    for mapper in sorted(Base.registry.mappers, key=lambda each: each.class_.__name__):
        if sealed_names(mapper.class_):
            yield inspect(mapper.class_).class_
