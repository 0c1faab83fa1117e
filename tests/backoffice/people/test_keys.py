from __future__ import annotations

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.database import Database
from backoffice.person.blind_index import index_key
from backoffice.person.keys import write_missing_keys
from backoffice.person.models import KeyKind, PersonKey
from backoffice.person.service import change_person
from backoffice.settings import Settings
from tests.backoffice.case.cases import create_person
from tests.backoffice.factories import NOW


def kinds(session: Session, person_id: str) -> set[KeyKind]:
    return set(session.scalars(select(PersonKey.kind).where(PersonKey.person_id == person_id)))


def values(session: Session, person_id: str) -> set[bytes]:
    return set(session.scalars(select(PersonKey.value).where(PersonKey.person_id == person_id)))


def test_whoever_gets_a_name_or_a_number_can_be_compared_at_once(session: Session) -> None:
    person = create_person(session, name=None, phone=None)
    assert kinds(session, person.id) == set()
    person.name = "Olena"
    session.flush()
    assert kinds(session, person.id) == {KeyKind.NAME_SOUND}
    before = values(session, person.id)
    person.phone = "+39 333 123 4567"
    session.flush()
    assert kinds(session, person.id) == {KeyKind.NAME_SOUND, KeyKind.PHONE}
    person.name = "Farida"
    session.flush()
    assert not before & values(session, person.id)


def test_a_new_name_keeps_what_is_known_beyond_it(session: Session, settings: Settings) -> None:
    person = create_person(session, name="Olena", phone=None)
    key = index_key(session)
    change_person(session, person, {"birth_year": 1985}, seen=0, key=key, by="x", now=NOW)
    assert KeyKind.NAME_SOUND_YEAR in kinds(session, person.id)
    person.name = "Farida"
    session.flush()
    assert kinds(session, person.id) == {KeyKind.NAME_SOUND, KeyKind.NAME_SOUND_YEAR}


def test_who_was_there_before_gets_theirs_once(session: Session, settings: Settings) -> None:
    people = [create_person(session, name="Olena"), create_person(session, name=None, phone=None)]
    wanted = values(session, people[0].id)
    session.execute(delete(PersonKey))
    session.commit()
    database = Database(settings.url, secret=settings.secret)
    try:
        assert (write_missing_keys(database), write_missing_keys(database)) == (1, 0)
    finally:
        database.close()
    assert values(session, people[0].id) == wanted
    assert values(session, people[1].id) == set()


@pytest.mark.parametrize("name", ["", "…"])
def test_what_has_no_sound_is_compared_with_nobody(session: Session, name: str) -> None:
    assert kinds(session, create_person(session, name=name, phone=None).id) == set()
