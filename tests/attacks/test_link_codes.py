"""Codes that link two chats: guessed, used twice, too old, typed where they were asked for."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.conversation.models import Conversation
from tests.attacks.house import SERVICE
from tests.backoffice.case.cases import create_person
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import NOW, create_conversation, send


@pytest.fixture
def mine(session: Session) -> Conversation:
    made = create_conversation(session)
    made.person_id = create_person(session).id
    session.commit()
    return made


@pytest.fixture
def stranger(session: Session, mine: Conversation) -> Conversation:
    made = create_conversation(session)
    session.commit()
    return made


async def code_of(http: httpx.AsyncClient, conversation: Conversation) -> str:
    path = f"/api/v1/service/conversations/{conversation.id}/link-codes"
    code: str = (await http.post(path, headers=SERVICE)).json()["code"]
    return code


async def typed(http: httpx.AsyncClient, conversation: Conversation, code: str) -> tuple[int, str]:
    path = f"/api/v1/service/conversations/{conversation.id}/link"
    answer = await http.post(path, json={"code": code}, headers=SERVICE)
    return answer.status_code, answer.text


REFUSED = (200, '{"linked":false}')


async def test_a_guesser_is_stopped_and_not_told(
    http: httpx.AsyncClient, mine: Conversation, stranger: Conversation, clock: FrozenClock
) -> None:
    code = await code_of(http, mine)
    for guess in ("22222222", "x", "\u0000", "é", code[:7] + "!"):
        assert await typed(http, stranger, guess) == REFUSED
    assert await typed(http, stranger, code) == REFUSED  # right, but the sixth within an hour
    clock.advance(minutes=61)
    code = await code_of(http, mine)
    assert await typed(http, stranger, code) == (200, '{"linked":true}')


async def test_a_code_works_once_and_for_a_quarter_of_an_hour(
    http: httpx.AsyncClient, mine: Conversation, stranger: Conversation, session: Session, clock: FrozenClock
) -> None:
    third = create_conversation(session)
    session.commit()
    code = await code_of(http, mine)
    assert await typed(http, mine, code) == REFUSED  # where it was asked for
    assert await typed(http, stranger, code) == (200, '{"linked":true}')
    assert await typed(http, third, code) == REFUSED
    old = await code_of(http, mine)
    newer = await code_of(http, mine)
    assert await typed(http, third, old) == REFUSED  # a newer one ends it
    clock.advance(minutes=15)
    assert await typed(http, third, newer) == REFUSED
    session.refresh(third)
    assert third.person_id is None


async def test_attack_4_a_chat_that_was_silent_for_long_gives_no_code_for_another(
    http: httpx.AsyncClient, mine: Conversation, session: Session
) -> None:
    path = f"/api/v1/service/conversations/{mine.id}/link-codes"
    send(session, mine)
    session.commit()
    assert (await http.post(path, headers=SERVICE)).status_code == 201
    send(session, mine, now=NOW + timedelta(days=91))
    session.commit()
    refused = await http.post(path, headers=SERVICE)
    assert (refused.status_code, refused.json()["code"]) == (409, "persons.error.chat_silent")
