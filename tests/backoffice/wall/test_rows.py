"""Attacks on each table behind the second wall, with the wall of the code removed: bare SQL as a stranger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Time,
    TypeDecorator,
)

from backoffice.migrations.wall import LEFT_OUT, POLICIES
from backoffice.tables import load_tables
from backoffice.wall import ROLE
from tests.backoffice.databases import empty_database, kept_connection

pytestmark = pytest.mark.postgres

OWN, PARTNER, STRANGER = "organisation-1", "organisation-2", "organisation-3"
NOW, LATER = "2026-12-02T10:00:00+00:00", "2027-01-02T10:00:00+00:00"
TABLES = load_tables().tables
OF_BODY = {
    "care_match",
    "care_match_event",
    "payslip_check",
    *(name for name in POLICIES if "engagement" in name),
}
OF_CASE = sorted(set(POLICIES) - {"share", "share_part", "break_glass"} - OF_BODY)


@pytest.fixture
def house(postgres_url: str) -> Iterator[psycopg.Connection[Any]]:
    """One row in each table, all of one case of one body; nothing of it is kept."""
    empty_database(postgres_url)
    connection = kept_connection(postgres_url)
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL session_replication_role = replica")  # no foreign key is looked up
        for name in ["organisation", "staff", *POLICIES]:
            for constraint in _checks(connection, name):
                connection.execute(
                    sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(
                        sql.Identifier(name), sql.Identifier(constraint)
                    )
                )
            _fill(connection, TABLES[name])
        yield connection


@contextmanager
def acting_for(
    connection: psycopg.Connection[Any], body: str, *, staff: str = "", at: str = NOW
) -> Iterator[None]:
    """Do what follows as staff of a body, as a request does (`backoffice/wall.py`)."""
    with connection.transaction(force_rollback=True):
        settings = {"role": ROLE, "sportello.body": body, "sportello.staff": staff, "sportello.at": at}
        for setting, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, true)", (setting, value))
        yield


def touched(connection: psycopg.Connection[Any], table: str) -> tuple[int, int, int]:
    """Return how many rows of a table are read, changed and deleted."""
    name = sql.Identifier(table)
    key = sql.Identifier(next(iter(TABLES[table].primary_key.columns)).name)
    read = connection.execute(sql.SQL("SELECT * FROM {}").format(name)).rowcount
    changed = connection.execute(sql.SQL("UPDATE {} SET {} = {}").format(name, key, key)).rowcount
    return read, changed, connection.execute(sql.SQL("DELETE FROM {}").format(name)).rowcount


def seen(connection: psycopg.Connection[Any], tables: list[str], body: str, **who: str) -> set[int]:
    """Return the different numbers of rows that staff of a body see in some tables."""
    counts = [sql.SQL("(SELECT count(*) FROM {})").format(sql.Identifier(table)) for table in tables]
    with acting_for(connection, body, **who):
        row = connection.execute(sql.SQL("SELECT {}").format(sql.SQL(", ").join(counts))).fetchone()
    assert row is not None
    return set(row)


def test_a_stranger_reads_and_changes_no_row_of_any_table(house: psycopg.Connection[Any]) -> None:
    for table in POLICIES:
        with acting_for(house, OWN):
            assert touched(house, table) == (1, 1, 1), table
        with acting_for(house, STRANGER, staff="staff-9"):
            assert touched(house, table) == (0, 0, 0), table


def test_who_has_not_said_who_they_are_sees_nothing(house: psycopg.Connection[Any]) -> None:
    for table in POLICIES:
        with acting_for(house, "", at=""):
            assert touched(house, table) == (0, 0, 0), table


def test_a_stranger_can_write_nothing_into_a_case(house: psycopg.Connection[Any]) -> None:
    with acting_for(house, STRANGER), pytest.raises(psycopg.errors.InsufficientPrivilege):
        _fill(house, TABLES["case_event"], id=2)
    with acting_for(house, OWN):
        _fill(house, TABLES["case_event"], id=2)


@pytest.mark.parametrize(
    ("share", "sees"),
    [
        ({"state": "accepted", "until": LATER}, True),
        ({"state": "offered", "until": LATER}, True),
        ({"state": "accepted", "until": NOW}, False),
        ({"state": "revoked", "until": LATER}, False),
        ({"state": "rejected", "until": LATER}, False),
    ],
)
def test_a_share_opens_the_case_until_it_ends(
    house: psycopg.Connection[Any], share: dict[str, str], sees: bool
) -> None:
    _fill(house, TABLES["share"], id="share-2", organisation_id=PARTNER, **share)
    assert seen(house, OF_CASE, PARTNER) == {int(sees)}
    assert seen(house, OF_CASE, STRANGER) == {0}


def test_an_opening_in_need_is_of_one_person_and_of_some_hours(house: psycopg.Connection[Any]) -> None:
    opening = {"id": "opened", "staff_id": "staff-2", "organisation_id": PARTNER, "until": LATER}
    _fill(house, TABLES["break_glass"], **opening)
    assert seen(house, OF_CASE, PARTNER, staff="staff-2") == {1}
    assert seen(house, OF_CASE, PARTNER, staff="staff-3") == {0}
    assert seen(house, OF_CASE, PARTNER, staff="staff-2", at=LATER) == {0}


def test_who_was_asked_for_a_mediator_sees_the_case_and_not_its_draft(
    house: psycopg.Connection[Any],
) -> None:
    with house.transaction(force_rollback=True):
        for constraint in _checks(house, "mediation_request"):
            house.execute(f'ALTER TABLE mediation_request DROP CONSTRAINT "{constraint}"')
        asked = {"organisation_id": PARTNER, "case_id": "case_record-1", "state": "draft"}
        _fill(house, TABLES["mediation_request"], **asked)
        assert seen(house, OF_CASE, PARTNER) == {0}
        house.execute("UPDATE mediation_request SET state = 'requested'")
        assert seen(house, OF_CASE, PARTNER) == {1}


def test_every_table_that_points_to_a_case_stands_behind_the_wall_or_is_left_out_by_name() -> None:
    pointing = {
        table.name
        for table in TABLES.values()
        if any(key.column.table.name == "case_record" for key in table.foreign_keys)
    }
    assert pointing - set(POLICIES) == set(LEFT_OUT)


def _checks(connection: psycopg.Connection[Any], table: str) -> list[str]:
    found = connection.execute(
        "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", (table,)
    )
    return [row[0] for row in found]


def _fill(connection: psycopg.Connection[Any], table: Table, **given: object) -> None:
    values = {
        column.name: _value(table, column)
        for column in table.columns
        if column.name not in given and (column.name == "case_id" or not column.nullable)
    }
    values |= given
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table.name),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join([sql.Placeholder()] * len(values)),
        ),
        list(values.values()),
    )


def _value(table: Table, column: Column[Any]) -> object:
    for key in column.foreign_keys:
        return f"{key.column.table.name}-1"
    if column.name == "id" and not isinstance(column.type, Integer):
        return f"{table.name}-1"
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    for types, value in (
        ((JSON,), "{}"),
        ((Boolean,), False),
        ((DateTime,), NOW),
        ((Date,), NOW[:10]),
        ((Time,), "10:00"),
        ((Integer, Float, Numeric), 1),
        ((LargeBinary,), b"x"),
    ):
        if isinstance(kind, types):
            return value
    return "x"
