from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.needs import Need
from backoffice.conversation.models import Conversation
from backoffice.conversation.silence import was_silent
from backoffice.person.models import Person, PersonMerge, PersonRestricted
from tests.attacks.house import SERVICE
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.factories import NOW, create_conversation, create_staff, send


async def test_attack_4_after_ninety_silent_days_the_chat_tells_nothing_of_a_case(
    http: httpx.AsyncClient, session: Session
) -> None:
    conversation = create_conversation(session)
    person = create_person(session)
    conversation.person_id = person.id
    create_case(session, person=person, conversation=conversation)
    send(session, conversation)
    session.commit()
    path = f"/api/v1/service/conversations/{conversation.id}/cases"
    before = (await http.get(path, headers=SERVICE)).json()
    assert (len(before["cases"]), before["locked"]) == (1, False)
    send(session, conversation, now=NOW + timedelta(days=91))
    send(session, conversation, now=NOW + timedelta(days=91, minutes=1))
    session.commit()
    after = (await http.get(path, headers=SERVICE)).json()
    assert after == {"cases": [], "locked": True}


@pytest.mark.parametrize("need", list(Need))
async def test_attack_4_of_a_case_of_violence_health_or_the_right_to_stay_the_chat_tells_its_number_alone(
    http: httpx.AsyncClient, session: Session, need: Need
) -> None:
    _conversation, path = own_case(session, need)
    [told] = (await http.get(path, headers=SERVICE)).json()["cases"]
    is_private = [value for name, value in told.items() if name != "number"] == [None] * 5
    sensitive = ("violence", "exploitation", "asylum", "health", "mental_health", "addiction", "disability")
    assert is_private == (need.value in (*sensitive, "maternity", "minors"))
    assert told["number"] == session.scalars(select(Case.number)).one()


async def test_attack_4_where_something_restricted_is_kept_of_a_person_no_case_of_theirs_is_told(
    http: httpx.AsyncClient, session: Session
) -> None:
    conversation, path = own_case(session, Need.RENT)
    before = (await http.get(path, headers=SERVICE)).json()["cases"]
    assert before[0]["type"] == "housing"
    person = session.get_one(Person, conversation.person_id)
    merged = create_person(session)
    staff = create_staff(session).id
    session.add(
        PersonMerge(person_id=person.id, merged_id=merged.id, moved={}, merged_by=staff, merged_at=NOW)
    )
    about = {"violence": "il marito la picchia"}
    row = PersonRestricted(person_id=merged.id, document=about, changed_by=staff, changed_at=NOW)
    session.add(row)
    session.commit()
    [after] = (await http.get(path, headers=SERVICE)).json()["cases"]
    assert after == dict.fromkeys(before[0]) | {"number": before[0]["number"]}


def own_case(session: Session, need: Need) -> tuple[Conversation, str]:
    """Make the case of a need and of who speaks in a conversation; return the call that tells of it."""
    conversation = create_conversation(session)
    person = create_person(session)
    conversation.person_id = person.id
    case = create_case(session, person=person, conversation=conversation)
    case.needs = [Need.APPOINTMENT.value, need.value]
    send(session, conversation)
    session.commit()
    return conversation, f"/api/v1/service/conversations/{conversation.id}/cases"


def test_eighty_nine_days_are_not_too_long(session: Session) -> None:
    conversation = create_conversation(session)
    send(session, conversation)
    send(session, conversation, now=NOW + timedelta(days=89))
    assert not was_silent(session, conversation.id)
