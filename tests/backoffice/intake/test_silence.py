from __future__ import annotations

from datetime import timedelta

import httpx
from sqlalchemy.orm import Session

from backoffice.conversation.silence import was_silent
from tests.attacks.house import SERVICE
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.factories import NOW, create_conversation, send


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


def test_eighty_nine_days_are_not_too_long(session: Session) -> None:
    conversation = create_conversation(session)
    send(session, conversation)
    send(session, conversation, now=NOW + timedelta(days=89))
    assert not was_silent(session, conversation.id)
