"""What is left of somebody who was erased: nothing that says who they were."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case, NoteKind
from backoffice.case.service import add_note
from backoffice.client.schemas import Channel, FurtherKind, Mode
from backoffice.conversation.models import Conversation, Message
from backoffice.database import Base, Database
from backoffice.encryption.models import DataKey
from backoffice.person.models import ChannelAddress, Person
from backoffice.question.answers import keep_answers
from backoffice.question.models import CaseAnswerChoice
from backoffice.retention.clearing import clear_files
from backoffice.retention.erase import (
    DELETED_OF_CASE,
    DELETED_OF_CONVERSATION,
    DELETED_OF_PERSON,
    erase_again,
    erase_person,
)
from backoffice.retention.jobs import erase_whose_time_is_over
from backoffice.retention.models import RetentionRun
from backoffice.retention.policy import Purpose, spans
from backoffice.search.models import SearchToken
from backoffice.settings import Settings
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation, create_staff, send
from tests.backoffice.question.sets import published, question

CANARY = "canarino"
CHAT = 778899001122


def life_of(session: Session) -> Person:
    """Somebody with everything that a person can have."""
    person = create_person(session, name=f"{CANARY} Rossi", phone="+393337788990")
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    conversation.chat_id, conversation.person_id = CHAT, person.id
    session.add(ChannelAddress(person_id=person.id, channel=Channel.TELEGRAM, address=str(CHAT)))
    send(session, conversation, f"mi chiamo {CANARY}")
    case = create_case(session, person=person, conversation=conversation, intake={"note": f"{CANARY} cerca"})
    staff = create_staff(session)
    asked = published(session, staff, question(), question("why", FurtherKind.TEXT), type=case.type)
    answers = {"pets": True, "why": f"{CANARY} lo dice"}
    keep_answers(session, case_id=case.id, found=asked, answers=answers, by=staff.id, now=NOW)
    add_note(session, case, author_id=staff.id, kind=NoteKind.INTERNAL, text=f"{CANARY} ha chiamato", now=NOW)
    session.commit()
    return person


def everything_in(session: Session) -> str:
    rows = [session.execute(text(f'SELECT * FROM "{table}"')).all() for table in Base.metadata.tables]
    return str(rows)


def test_nothing_personal_is_left_in_any_column(session: Session) -> None:
    person = life_of(session)
    erasure = erase_person(session, person.id, by="x", now=NOW)
    session.commit()
    left = everything_in(session)
    for word in (CANARY, "7788990", str(CHAT)):
        assert word not in left
    assert session.scalars(select(SearchToken)).all() == []
    assert session.scalars(select(CaseAnswerChoice)).all() == []
    assert {key.id for key in session.scalars(select(DataKey).where(DataKey.wrapped.is_(None)))} == set(
        erasure.key_ids
    )
    assert len(erasure.key_ids) == 2


def test_nothing_personal_is_left_in_any_file_of_the_database(
    session: Session, database: Database, settings: Settings, tmp_path: Path
) -> None:
    if not settings.url.startswith("sqlite"):
        tmp_path.mkdir(exist_ok=True)
    person = life_of(session)
    key = session.scalars(select(DataKey.wrapped).where(DataKey.id == person.data_key_id)).one()
    session.commit()
    assert key is not None
    erase_person(session, person.id, by="x", now=NOW)
    session.commit()
    session.close()
    clear_files(database)
    left = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for word in (CANARY.encode(), b"7788990", str(CHAT).encode(), key):
        assert word not in left


def test_statistics_still_count_and_the_trail_still_tells_of_it(session: Session) -> None:
    person = life_of(session)
    erase_person(session, person.id, by="x", now=NOW)
    session.commit()
    case = session.scalars(select(Case)).one()
    assert (case.type.value, case.municipality, case.intake) == ("housing", "Crema", {})
    assert session.scalars(select(Conversation)).one().mode is Mode.CLOSED
    assert session.scalars(select(Message)).first() is not None
    assert "person.erased" in session.scalars(select(AuditEntry.action)).all()
    assert session.get_one(Person, person.id).erased_at == NOW


def test_the_same_chat_begins_anew_after_an_erasure(session: Session) -> None:
    person = life_of(session)
    erase_person(session, person.id, by="x", now=NOW)
    session.commit()
    again = create_conversation(session, channel=Channel.TELEGRAM)
    again.chat_id = CHAT
    session.flush()
    assert again.person_id is None


def test_nobody_else_loses_anything(session: Session, database: Database) -> None:
    other = create_person(session, name="Altra Persona")
    person = life_of(session)
    erase_person(session, person.id, by="x", now=NOW)
    session.commit()
    with database.read() as reading:
        assert reading.get_one(Person, other.id).name == "Altra Persona"


def test_an_erasure_is_done_again_on_a_database_that_was_restored(session: Session) -> None:
    person = life_of(session)
    subjects = {
        "people": [person.id],
        "conversations": list(session.scalars(select(Conversation.id))),
        "cases": list(session.scalars(select(Case.id))),
    }
    keys = list(session.scalars(select(DataKey.id).where(DataKey.id == person.data_key_id)))
    assert erase_again(session, subjects, keys, now=NOW) == 1
    session.commit()
    assert CANARY not in everything_in(session)


def test_every_table_that_leads_to_a_person_is_emptied_deleted_or_said_to_stay() -> None:
    """A new table has to say what becomes of it when its person is erased."""
    stays = {
        "assignment", "case_event", "case_record", "conflict", "consent", "conversation", "floor_change",
        "form_course",
        "attachment", "delivery", "inbox_entry", "message", "case_coworker", "case_link", "distinct_people",
        "housing_need", "search_step",  # ids, states and moments
        "care_request_step", "refused_care_wish", "care_worker_step",  # states, grounds and moments
        "family_link", "care_available_time",  # deleted with the rest of the request, of the worker
    }  # fmt: skip
    roots = {"person", "conversation", "case_record", "message"}
    leading = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in roots
    }
    sealed = {
        mapper.class_.__tablename__
        for mapper in Base.registry.mappers
        if getattr(mapper.class_, "__sealed_by__", None) is not None
    }
    deleted = {
        kind.__tablename__ for kind in (*DELETED_OF_PERSON, *DELETED_OF_CONVERSATION, *DELETED_OF_CASE)
    }
    assert leading - sealed - deleted - stays == set()


# --- Retention ----------------------------------------------------------------------------------


def test_a_chat_without_a_case_goes_after_its_time_and_not_before(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    conversation = create_conversation(session, now=clock())
    send(session, conversation, CANARY, now=clock())
    session.commit()
    clock.advance(days=89)
    assert erase_whose_time_is_over(database, spans(None), clock)[Purpose.CHAT_WITHOUT_CASE] == 0
    clock.advance(days=2)
    assert erase_whose_time_is_over(database, spans(None), clock)[Purpose.CHAT_WITHOUT_CASE] == 1
    assert erase_whose_time_is_over(database, spans(None), clock)[Purpose.CHAT_WITHOUT_CASE] == 0
    session.expire_all()
    assert session.scalars(select(Message.text)).all() == [""]
    assert session.scalars(select(RetentionRun.deleted)).all() == [1]


def test_who_has_an_open_case_is_kept_however_long_ago_they_wrote(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    life_of(session)
    clock.advance(days=4000)
    assert not any(erase_whose_time_is_over(database, spans(None), clock).values())


def test_a_district_sets_its_own_spans() -> None:
    assert spans("chat_without_case=30")[Purpose.CHAT_WITHOUT_CASE] == timedelta(days=30)
    with pytest.raises(ValueError, match="unknown"):
        spans("unknown=30")
