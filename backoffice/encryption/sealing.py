"""Before a session writes, it marks what is personal with the key of whoever it belongs to.

Which key: the object's own `data_key_id` (people, conversations, organisations: made on first need), or the
one that its `__sealed_by__` leads to.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper, Session

from backoffice.database import Base
from backoffice.encryption.columns import SealedDict, SealedJson, SealedList, SealedStr, SealedText, mark
from backoffice.encryption.keyring import INSTALLATION_KEY_ID, ring_in

_MARKED = (SealedStr, SealedDict, SealedList)


@event.listens_for(Session, "before_flush")
def seal_what_is_new(session: Session, _context: Any, _instances: Any) -> None:
    """Mark every new or changed value of a sealed column with its key."""
    for row in [*session.new, *session.dirty]:
        fresh = list(_fresh_values(session, row))
        if fresh:
            key_id = key_id_for(session, row)
            for name, value in fresh:
                setattr(row, name, mark(value, key_id))


def key_id_for(session: Session, row: Any) -> str:
    """Return the id of the key that seals an object's values; one is made where there is none yet."""
    if hasattr(type(row), "data_key_id"):
        return _own_key(session, row)
    path: str | None = type(row).__sealed_by__
    if path is None:
        return installation_key_id(session)
    return key_id_for(session, _followed(session, row, path))


def installation_key_id(session: Session) -> str:
    """Return the id of the key for what belongs to no organisation; one is made where there is none yet."""
    return find_installation_key_id(session) or ring_in(session).make(session, None)


def organisation_key_id(session: Session, organisation_id: str) -> str:
    """Return the id of the key of an organisation's own data."""
    with session.no_autoflush:
        return _own_key(session, session.get_one(_class_of("organisation"), organisation_id))


def find_installation_key_id(session: Session) -> str | None:
    """Return the id of the key for what belongs to no organisation, if there is one."""
    if (known := ring_in(session).installation_key_id()) is not None:
        return known
    with session.no_autoflush:  # one that this transaction has made, and nobody else can see yet
        return session.scalar(INSTALLATION_KEY_ID)


def _own_key(session: Session, row: Any) -> str:
    if row.data_key_id is None:
        organisation = row.organisation_id if hasattr(type(row), "organisation_id") else row.id
        row.data_key_id = ring_in(session).make(session, organisation)
    number: str = row.data_key_id
    return number


def _fresh_values(session: Session, row: Any) -> Iterator[tuple[str, Any]]:
    names = sealed_names(type(row))
    if not names:
        return
    state = inspect(row)
    for name in names:
        if name not in state.dict or (row not in session.new and name not in state.committed_state):
            continue
        value = state.dict[name]
        if value is not None and value not in ("", {}, []) and not isinstance(value, _MARKED):
            yield name, value


_names: dict[type[Any], tuple[str, ...]] = {}


def sealed_names(kind: type[Any]) -> tuple[str, ...]:
    """Return the attributes of a model that are sealed."""
    if kind not in _names:
        mapper: Mapper[Any] = inspect(kind)
        _names[kind] = tuple(
            attribute.key
            for attribute in mapper.column_attrs
            if isinstance(attribute.columns[0].type, SealedText | SealedJson)
        )
    return _names[kind]


def _followed(session: Session, row: Any, path: str) -> Any:
    """Return the object that a foreign key leads to: known, or not flushed yet."""
    mapper: Mapper[Any] = inspect(type(row))
    column = mapper.columns[path]
    for relationship in mapper.relationships:
        if column in relationship.local_columns and row.__dict__.get(relationship.key) is not None:
            return row.__dict__[relationship.key]
    target = _class_of(next(iter(column.foreign_keys)).column.table.name)
    number, found = getattr(row, path), None
    with session.no_autoflush:
        if number is None:
            found = _holder(session, target, row)
        else:
            found = session.get(target, number) or _unflushed(session, target, number)
    if found is None:
        raise LookupError(f"{type(row).__name__}.{path} leads to nothing: its words cannot be sealed")
    return found


def _holder(session: Session, target: type[Any], row: Any) -> Any:
    """Return whoever has a row in a collection of theirs: it gets its foreign key with this flush."""
    lists = [each.key for each in inspect(target).relationships if each.mapper.class_ is type(row)]
    for holder in [*session.new, *session.dirty]:
        if isinstance(holder, target) and any(row in holder.__dict__.get(name, ()) for name in lists):
            return holder
    return None


def _unflushed(session: Session, target: type[Any], number: str) -> Any:
    return next((row for row in session.new if isinstance(row, target) and row.id == number), None)


@cache
def _class_of(table: str) -> type[Any]:
    for mapper in Base.registry.mappers:
        if mapper.local_table.name == table:  # type: ignore[attr-defined]
            kind: type[Any] = mapper.class_
            return kind
    raise LookupError(table)
