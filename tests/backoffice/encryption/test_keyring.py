from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.encryption.keyring import KeyDestroyed, ring_in
from backoffice.encryption.models import DataKey
from backoffice.encryption.sealing import find_installation_key_id, installation_key_id
from backoffice.person.models import Person
from tests.backoffice.case.cases import create_person
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW
from tests.backoffice.statements import statements_with

PEOPLE = 20
READING = "data_key.wrapped"
"""What a statement has that reads keys."""
LOOKING = "organisation_key.organisation_id IS NULL AND data_key.destroyed_at IS NULL"
"""What a statement has that looks for the key of what belongs to no organisation."""


@pytest.fixture
def key_ids(session: Session) -> list[str]:
    for number in range(PEOPLE):
        create_person(session, name=f"Олена {number}")
    session.commit()
    ring_in(session).forget()
    return list(session.scalars(select(Person.data_key_id).where(Person.data_key_id.is_not(None))))


def test_keys_that_are_held_at_once_are_read_by_one_statement(session: Session, key_ids: list[str]) -> None:
    with statements_with(READING) as readings:
        ring_in(session).hold(key_ids)
        names = session.scalars(select(Person.name)).all()
    assert len(names) == len(set(key_ids)) == PEOPLE
    assert len(readings) == 1


def test_without_holding_each_key_is_a_statement(session: Session, key_ids: list[str]) -> None:
    with statements_with(READING) as readings:
        session.scalars(select(Person.name)).all()
    assert len(readings) == len(key_ids)


def test_what_is_in_memory_is_not_read_again(session: Session, key_ids: list[str]) -> None:
    ring_in(session).hold(key_ids)
    with statements_with(READING) as readings:
        ring_in(session).hold(key_ids)
    assert readings == []


def test_a_key_that_is_no_more_is_held_as_gone(session: Session, key_ids: list[str]) -> None:
    gone, *others = key_ids
    ring_in(session).destroy(session, {gone}, now=NOW)
    session.commit()
    ring_in(session).hold([gone, *others])
    with statements_with(READING) as readings, pytest.raises(KeyDestroyed):
        ring_in(session).key(gone)
    assert readings == []
    assert session.scalar(select(DataKey.wrapped).where(DataKey.id == gone)) is None


def test_the_installations_key_is_looked_for_once(session: Session) -> None:
    made = installation_key_id(session)
    session.commit()
    with statements_with(LOOKING) as looking:
        found = [find_installation_key_id(session) for _ in range(3)]
    assert found == [made] * 3
    assert len(looking) == 1


def test_an_installations_key_that_was_never_committed_is_not_remembered(session: Session) -> None:
    made = installation_key_id(session)
    assert find_installation_key_id(session) == made
    session.rollback()
    assert find_installation_key_id(session) is None
    assert installation_key_id(session) != made


def test_a_destroyed_installations_key_is_not_remembered(session: Session) -> None:
    made = installation_key_id(session)
    session.commit()
    assert find_installation_key_id(session) == made
    ring_in(session).destroy(session, {made}, now=NOW)
    session.commit()
    assert find_installation_key_id(session) is None
