from __future__ import annotations

from datetime import timedelta
from functools import partial

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.permissions import readable_cases, shows
from backoffice.case.queries import CaseFilters, filtered_list, page_of_list
from backoffice.client.schemas import HandoffRequest, WaitingReason
from backoffice.encryption.keyring import ring_in
from backoffice.encryption.together import load_all
from backoffice.handoff.queue import request_handoff
from backoffice.person.models import Person
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation, create_staff, send, sign_in
from tests.backoffice.statements import statements_with

ASKED = HandoffRequest(reason=WaitingReason.ASKED, urgent=False)
PEOPLE = 8
KEYS = "FROM data_key"


@pytest.fixture
def staff(session: Session) -> Staff:
    """Who reads eight cases, each of a person with a key of its own; no key is in memory any more."""
    reader = create_staff(session, roles=frozenset({Role.COORDINATOR}))
    for number in range(PEOPLE):
        person = create_person(session, name=f"Persona {number}", phone=f"+39000000000{number}")
        now = NOW + timedelta(minutes=number)
        create_case(session, person=person, intake={"people": number}, now=now)
    session.commit()
    session.expire_all()
    ring_in(session).forget()
    return reader


def shown(session: Session, staff: Staff) -> list[tuple[str | None, str | None, object]]:
    found = filtered_list(session, readable_cases(staff), CaseFilters(), partial(shows, staff))
    cases = page_of_list(session, found, limit=50, cursor=None).cases
    return [(case.person.name, case.person.phone, case.intake.get("people")) for case in cases]


def expected(number: int) -> tuple[str, str, int]:
    return f"Persona {number}", f"+39000000000{number}", number


def test_a_list_reads_its_keys_with_one_statement(session: Session, staff: Staff) -> None:
    with statements_with(KEYS) as asked:
        assert shown(session, staff) == [expected(number) for number in reversed(range(PEOPLE))]
    assert len(asked) == 1
    session.expire_all()
    with statements_with(KEYS) as asked:
        assert len(shown(session, staff)) == PEOPLE
    assert asked == []


def test_what_a_destroyed_key_sealed_is_empty_in_a_list_too(session: Session, staff: Staff) -> None:
    gone = session.scalars(select(Person).where(Person.data_key_id.is_not(None)).order_by(Person.id)).first()
    assert gone is not None
    assert gone.data_key_id is not None
    assert ring_in(session).destroy(session, {gone.data_key_id}, now=NOW) == 1
    session.commit()
    session.expire_all()
    ring_in(session).forget()
    rows = shown(session, staff)
    assert rows[-1] == ("", "", None)
    assert rows[:-1] == [expected(number) for number in reversed(range(1, PEOPLE))]


def test_what_was_loaded_is_open_even_when_a_part_was_in_memory(session: Session, staff: Staff) -> None:
    some = session.scalars(select(Case).order_by(Case.opened_at).limit(3)).all()
    assert [case.intake["people"] for case in some] == [0, 1, 2]
    session.expire_all()
    with statements_with(KEYS) as asked:
        assert shown(session, staff) == [expected(number) for number in reversed(range(PEOPLE))]
    assert len(asked) == 1


def test_what_is_written_before_is_flushed_with_its_words_open(session: Session, staff: Staff) -> None:
    changed = session.scalars(select(Person).order_by(Person.id)).first()
    assert changed is not None
    changed.name = "Altro Nome"
    ring_in(session).forget()
    people = load_all(session, select(Person).order_by(Person.id))
    assert people[0].name == "Altro Nome"
    assert {person.name for person in people[1:]} >= {f"Persona {number}" for number in range(1, PEOPLE)}


LISTS = (
    "/",
    "/conversations",
    "/api/v1/conversations",
    "/persons",
    "/api/v1/persons",
    "/cases",
    "/api/v1/cases",
)
PARTS_OF_A_PAGE = 5
"""Those who wait, those who do not, the last words of both, the cases: each may ask once."""


@pytest.mark.parametrize("path", LISTS)
async def test_a_list_asks_for_its_keys_as_often_however_long_it_is(
    session: Session, http: httpx.AsyncClient, path: str
) -> None:
    reader = create_staff(session, roles=frozenset({Role.COORDINATOR, Role.MEDIATOR}))
    for number in range(3 * PARTS_OF_A_PAGE):
        conversation = create_conversation(session)
        person = create_person(session, name=f"Persona {number}", phone=None)
        conversation.person_id = person.id
        send(session, conversation, f"Domanda {number}")
        if number % 2:
            request_handoff(session, conversation.id, ASKED, turn_id=None, now=NOW)
        create_case(
            session, person=session.get_one(Person, conversation.person_id), conversation=conversation
        )
    headers = sign_in(session, reader)
    session.commit()
    shown = await http.get(path, headers=headers)
    assert shown.status_code == 200
    assert "Persona" in shown.text or "conversation" in path
    ring_in(session).forget()
    with statements_with(KEYS) as asked:
        again = await http.get(path, headers=headers)
    assert again.status_code == 200
    assert len(asked) <= PARTS_OF_A_PAGE
