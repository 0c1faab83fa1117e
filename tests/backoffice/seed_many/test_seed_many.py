from __future__ import annotations

import random
from typing import Any, cast

import httpx
import pytest
from sqlalchemy import Text, create_engine, func, literal_column, select
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from backoffice import seed_cases as seed
from backoffice.case.models import Case, CaseEvent
from backoffice.client.schemas import Channel
from backoffice.conversation.models import Conversation, InboxEntry, Message
from backoffice.database import Database
from backoffice.encryption.cipher import is_sealed
from backoffice.encryption.sealing import sealed_names
from backoffice.person.models import Person, PersonKey
from backoffice.retention.erase import erase_person
from backoffice.search.models import Indexed, SearchToken
from backoffice.search.service import search_key
from backoffice.search.tokens import tokens, words_of
from backoffice.seed_cases import seed_cases
from backoffice.seed_many.rows import write_rows
from backoffice.seed_many.talks import lengths
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from backoffice.tables import load_tables
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.case_words.rows import due, kept
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_front_door, create_organisation, create_staff, sign_in

CASES, MESSAGES = 30, 150


@pytest.fixture
def staff(session: Session, database: Database, clock: FrozenClock) -> Staff:
    create_front_door(session)
    create_organisation(session)
    created = create_staff(session, roles=frozenset({Role.COORDINATOR}))
    session.commit()
    assert seed_cases(database, CASES, messages=MESSAGES, now=clock()) == CASES
    return created


@pytest.fixture
def chatted(session: Session, staff: Staff) -> Case:
    return session.scalars(select(Case).where(Case.conversation_id.is_not(None)).order_by(Case.id)).all()[0]


def test_there_are_as_many_as_were_asked_for_and_a_second_run_writes_none(
    session: Session, database: Database, staff: Staff, clock: FrozenClock
) -> None:
    assert seed_cases(database, CASES, messages=MESSAGES, now=clock()) == 0
    assert session.scalar(select(func.count()).select_from(Case)) == CASES
    assert session.scalar(select(func.count()).select_from(Message)) == MESSAGES


@pytest.mark.parametrize("large", [seed.LARGE, 1])
def test_every_case_is_found_by_the_words_of_its_person(
    session: Session, database: Database, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(seed, "LARGE", large)
    create_front_door(session)
    create_staff(session, roles=frozenset({Role.COORDINATOR}))
    session.commit()
    seed.seed_cases(database, CASES, now=clock())
    assert len(kept(session)) > CASES
    assert kept(session) == due(session)
    create_case(session, person=create_person(session, name="Qualcun Altro", phone=None))
    assert kept(session) == due(session)
    another = create_engine("sqlite://")  # what seeds may make tables afterwards, with all their keys
    load_tables().create_all(another)
    another.dispose()


async def test_a_seeded_case_opens_is_found_and_its_messages_are_read(
    session: Session, http: httpx.AsyncClient, staff: Staff, chatted: Case, clock: FrozenClock
) -> None:
    headers = sign_in(session, staff, now=clock())
    person = session.get_one(Person, chatted.person_id)
    said = session.scalars(
        select(Message).where(Message.conversation_id == chatted.conversation_id).order_by(Message.seq)
    ).all()
    session.commit()  # on SQLite nobody else writes before
    assert all(each.text for each in said)
    assert [each.seq for each in said] == list(range(1, len(said) + 1))
    page = await http.get(f"/cases/{chatted.id}", headers=headers)
    assert page.status_code == 200
    assert person.name is not None
    assert person.name in page.text
    for words in (person.name, person.phone, chatted.number):
        found = await http.get("/api/v1/cases", params={"q": words or ""}, headers=headers)
        assert chatted.id in [each["id"] for each in found.json()["items"]]
    thread = await http.get(f"/conversations/{chatted.conversation_id}", headers=headers)
    assert thread.status_code == 200
    assert said[0].text in thread.text


def test_a_seeded_row_is_what_the_product_writes(session: Session, staff: Staff, chatted: Case) -> None:
    seeded = session.get_one(Person, chatted.person_id)
    written = Person(
        organisation_id=seeded.organisation_id,
        name=seeded.name,
        phone=seeded.phone,
        languages=seeded.languages,
        created_at=seeded.created_at,
    )
    session.add(written)
    session.flush()
    assert _tokens(session, written.id) == _tokens(session, seeded.id)
    assert _keys(session, written.id) == _keys(session, seeded.id)
    assert chatted.version == session.scalar(
        select(func.max(CaseEvent.id)).where(CaseEvent.case_id == chatted.id)
    )
    asked = tokens({word for text in chatted.found_by().texts if text for word in words_of(text)},
                   Indexed.CASE, search_key(session))  # fmt: skip
    assert asked == _tokens(session, chatted.id)


@pytest.mark.parametrize("kind", [Person, Message, Case])
def test_what_is_personal_lies_encrypted(session: Session, staff: Staff, kind: type[Any]) -> None:
    for name in sealed_names(kind):
        column = getattr(kind.__table__.c, name)
        for stored in session.scalars(_raw(column)):
            assert stored in (None, "", "{}", "[]") or is_sealed(stored.strip('"'))


def test_a_seeded_person_can_be_erased(session: Session, staff: Staff, chatted: Case) -> None:
    person_id, conversation_id = chatted.person_id, chatted.conversation_id
    erase_person(session, person_id, by=staff.id, now=chatted.updated_at)
    session.commit()
    session.expire_all()
    assert not _tokens(session, person_id)
    assert not _keys(session, person_id)
    assert conversation_id is not None
    assert not _tokens(session, conversation_id)
    texts = session.scalars(select(Message.text).where(Message.conversation_id == conversation_id)).all()
    assert not any(texts)


def test_every_message_of_a_person_came_in_through_the_inbox(session: Session, staff: Staff) -> None:
    incoming = session.scalars(select(InboxEntry.id)).all()
    written = session.scalars(select(Message.id).where(Message.author == "citizen")).all()
    assert sorted(incoming) == sorted(written)
    of_telegram = select(Conversation).where(Conversation.channel == Channel.TELEGRAM)
    assert all(each.chat_id for each in session.scalars(of_telegram))


@pytest.mark.parametrize(("talks", "messages"), [(1, 2), (10, 50), (7, 200), (5, 3)])
def test_the_lengths_of_talks_come_to_what_was_asked_for(talks: int, messages: int) -> None:
    found = lengths(random.Random(1), talks, messages)
    assert sum(found) == max(messages, 2 * talks)
    assert min(found) >= 2


def test_signs_that_copy_would_take_for_its_own_are_kept(session: Session, staff: Staff) -> None:
    words = "a\tb\\c\nd \\N \\."
    key = session.scalars(select(Person.data_key_id)).first()
    row: dict[str, Any] = {"id": "0", "organisation_id": staff.organisation_id, "name": None, "phone": None}
    row |= {"languages": [words], "created_at": NOW, "data_key_id": key}
    write_rows(session, Person, [row])
    assert session.get_one(Person, "0").languages == [words]


def _raw(column: Any) -> Any:
    named: Any = literal_column(f'"{column.table.name}"."{column.name}"')
    return select(as_type(named, Text)).select_from(column.table)


def _tokens(session: Session, subject_id: str) -> set[int]:
    return set(session.scalars(select(SearchToken.token).where(SearchToken.subject_id == subject_id)))


def _keys(session: Session, person_id: str) -> set[tuple[str, bytes]]:
    table = cast("Any", PersonKey.__table__)
    rows = session.execute(select(table.c.kind, table.c.value).where(table.c.person_id == person_id))
    return {(str(kind), bytes(value)) for kind, value in rows}
