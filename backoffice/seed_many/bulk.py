"""Loading much into PostgreSQL: indexes are built once at the end, and nobody waits for the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from sqlalchemy import Connection, Table, inspect, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from backoffice.case.models import Case, CaseEvent
from backoffice.case_words.models import follow_words, unfollow_words, write_missing_words
from backoffice.consent.models import Consent
from backoffice.conversation.models import (
    ChatSession,
    Conversation,
    Delivery,
    FloorChange,
    InboxEntry,
    Message,
    Rendering,
)
from backoffice.database import Database
from backoffice.encryption.models import DataKey
from backoffice.person.models import ChannelAddress, Person, PersonKey
from backoffice.search.models import SearchToken

_LONG = (
    Case,
    CaseEvent,
    ChannelAddress,
    ChatSession,
    Consent,
    Conversation,
    DataKey,
    Delivery,
    FloorChange,
    InboxEntry,
    Message,
    Person,
    PersonKey,
    Rendering,
    SearchToken,
)
_TABLES = tuple(cast("Table", kind.__table__) for kind in _LONG)
_TOKENS = cast("Table", SearchToken.__table__)
"""Has only its key, which grows all over: by far the most is to be won here."""


@contextmanager
def without_indexes(database: Database) -> Iterator[None]:
    """Drop the indexes of the long tables, and build them when the block ends, however it ends.

    A run that is killed leaves them out: the next one builds them.
    """
    with database.engine.begin() as connection:
        _drop(connection)
    try:
        yield
    finally:
        with database.engine.begin() as connection:
            connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
            _build(connection)


@contextmanager
def with_words(database: Database) -> Iterator[None]:
    """Write at the end by which words the cases are found: who is quick lets no trigger do so."""
    try:
        yield
    finally:
        with database.engine.begin() as connection:
            write_missing_words(connection)


def be_quick(session: Session) -> None:
    """Do not wait for the disk in this transaction, nor, where that is allowed, check what refers to what.

    The rows refer to one another by making. A superuser of PostgreSQL, as in the tests, loads unchecked.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    session.execute(text("SET LOCAL synchronous_commit = off"))
    if session.scalar(text("SHOW is_superuser")) == "on":
        session.execute(text("SET LOCAL session_replication_role = replica"))


def _drop(connection: Connection) -> None:
    unfollow_words(connection)
    for table in _TABLES:
        for index in table.indexes:
            connection.execute(DropIndex(index, if_exists=True))
    if _has_key(connection):
        connection.execute(DropConstraint(_TOKENS.primary_key))


def _build(connection: Connection) -> None:
    for table in _TABLES:
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))
    if not _has_key(connection):
        connection.execute(AddConstraint(_TOKENS.primary_key, isolate_from_table=False))
    follow_words(connection)
    write_missing_words(connection)


def _has_key(connection: Connection) -> bool:
    return bool(inspect(connection).get_pk_constraint(_TOKENS.name)["constrained_columns"])
