from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.conversation.models import Message
from backoffice.database import Database
from backoffice.encryption.cipher import Unreadable
from backoffice.encryption.keyring import ring_in
from backoffice.encryption.models import DataKey
from backoffice.encryption.plain_rows import seal_plain_rows
from backoffice.person.models import Person
from backoffice.settings import Settings
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation, send

NAME = "Олена Канарка"


def stored(session: Session, column: str, table: str) -> str:
    value: str = session.execute(text(f"SELECT {column} FROM {table}")).scalars().one()
    return value


def test_a_name_lies_encrypted_and_reads_as_it_was(session: Session, database: Database) -> None:
    create_person(session, name=NAME)
    session.commit()
    assert stored(session, "name", "person").startswith("s1.")
    with database.read() as reading:
        assert reading.scalars(select(Person.name)).one() == NAME


def test_words_intake_and_notes_lie_encrypted_each_under_the_key_of_its_person(session: Session) -> None:
    conversation = create_conversation(session)
    send(session, conversation, "parola segreta")
    case = create_case(session, intake={"note": "parola segreta"})
    session.commit()
    for column, table in (("text", "message"), ("CAST(intake AS TEXT)", "case_record")):
        assert "segreta" not in stored(session, column, table)
    session.expire_all()
    assert session.get_one(Case, case.id).intake == {"note": "parola segreta"}
    assert len(session.scalars(select(DataKey.id)).all()) >= 2


def test_a_value_that_was_moved_to_another_column_does_not_open(session: Session) -> None:
    create_person(session, name=NAME)
    session.commit()
    session.execute(text("UPDATE person SET phone = name"))
    session.commit()
    with pytest.raises(Unreadable, match=r"person\.phone"):
        session.execute(select(Person.phone)).all()


def test_a_value_that_was_changed_does_not_open(session: Session) -> None:
    create_person(session, name=NAME)
    session.commit()
    raw = bytearray(urlsafe_b64decode(stored(session, "name", "person")[3:]))
    raw[-1] ^= 1
    changed = "s1." + urlsafe_b64encode(bytes(raw)).decode()
    session.execute(text("UPDATE person SET name = :changed"), {"changed": changed})
    session.commit()
    with pytest.raises(Unreadable):
        session.execute(select(Person.name)).all()


def test_a_bare_value_in_a_statement_is_refused(session: Session) -> None:
    create_person(session)
    with pytest.raises(StatementError, match=r"person\.name"):
        session.execute(update(Person).values(name="in chiaro"))


def test_what_a_destroyed_key_sealed_reads_as_nothing(session: Session, database: Database) -> None:
    person = create_person(session, name=NAME)
    session.commit()
    assert person.data_key_id is not None
    assert ring_in(session).destroy(session, {person.data_key_id}, now=NOW) == 1
    session.commit()
    with database.read() as reading:
        assert reading.scalars(select(Person.name)).one() == ""


def test_without_the_secret_of_the_installation_nothing_opens(session: Session, url: str) -> None:
    create_person(session, name=NAME)
    session.commit()
    thief = Database(url, secret="another secret")
    with thief.read() as reading, pytest.raises(Unreadable):
        reading.scalars(select(Person.name)).one()
    thief.close()


def test_what_an_earlier_version_wrote_is_sealed_and_found_after_the_upgrade(
    session: Session, database: Database
) -> None:
    conversation = create_conversation(session)
    send(session, conversation, "parola segreta")
    create_person(session, name=NAME)
    session.commit()
    session.execute(text("UPDATE message SET text = 'parola vecchia'"))
    session.execute(text("UPDATE person SET name = 'Vecchio Nome', data_key_id = NULL"))
    session.commit()
    assert seal_plain_rows(database, tell=lambda _: None) == 2
    assert seal_plain_rows(database, tell=lambda _: None) == 0
    with database.read() as reading:
        assert reading.scalars(select(Message.text)).one() == "parola vecchia"
        assert reading.scalars(select(Person.name)).one() == "Vecchio Nome"
        assert stored(reading, "name", "person").startswith("s1.")


def test_no_name_or_word_is_in_any_file_of_the_database(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path if settings.url.startswith("sqlite") else None
    conversation = create_conversation(session)
    send(session, conversation, "canarino-di-prova")
    create_case(session, person=create_person(session, name="Canarino Diprova"))
    session.commit()
    if folder is not None:
        files = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        assert b"canarino" not in files.lower()
    else:
        everything = session.execute(text("SELECT text FROM message UNION SELECT name FROM person")).all()
        assert "anarino" not in str(everything)
