"""Codes on their way through a chat, and a telephone that several people share."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import Author, Channel, Command, MessageKind, Mode, WaitingReason
from backoffice.conversation.models import Conversation, Message
from tests.backoffice.case.cases import create_case
from tests.backoffice.databases import SERVICE_TOKEN
from tests.backoffice.factories import NOW, create_conversation, send, take_turn

SERVICE = {"Authorization": f"Bearer {SERVICE_TOKEN}"}


async def called(http: httpx.AsyncClient, conversation: Conversation, path: str, body: object = None) -> str:
    address = f"/api/v1/service/conversations/{conversation.id}/{path}"
    answer = await http.post(address, json=body, headers=SERVICE)
    assert answer.status_code in (200, 201, 204), answer.text
    return answer.text


@pytest.mark.parametrize("typed", ["AB2CD3EF", "ab2c-d3ef", " ab2c d3ef "])
def test_a_typed_code_becomes_a_payload_of_ours(session: Session, typed: str) -> None:
    send(session, create_conversation(session), typed)
    assert take_turn(session).payload == '/link_account{"code": "AB2CD3EF"}'


@pytest.mark.parametrize(
    "typed", ["CREMASCA", "23456789", "AB2CD3E", "AB2CD3EF4", "AB2C/D3EF", "AB2CD3E1", "ho AB2CD3EF"]
)
def test_words_and_numbers_are_no_codes(session: Session, typed: str) -> None:
    send(session, create_conversation(session), typed)
    turn = take_turn(session)
    assert (turn.payload, turn.text) == (None, typed)


def test_a_mediator_reads_what_was_typed(session: Session) -> None:
    conversation = create_conversation(session)
    conversation.mode, conversation.waiting_reason = Mode.WAITING, WaitingReason.ASKED
    conversation.waiting_since = NOW
    send(session, conversation, "AB2CD3EF")
    assert session.scalars(select(Message.text).where(Message.author == Author.CITIZEN)).one() == "AB2CD3EF"


def test_a_link_with_a_code_opens_telegram_and_the_code_is_not_in_the_transcript(session: Session) -> None:
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    send(session, conversation, "/start AB2CD3EF", kind=MessageKind.COMMAND, command=Command.START)
    assert take_turn(session).payload == '/link_account{"code": "AB2CD3EF", "choice": "opened"}'
    assert session.scalars(select(Message.text).where(Message.author == Author.CITIZEN)).one() == "/start"


def test_a_link_with_something_else_only_greets(session: Session) -> None:
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    send(session, conversation, '/start {"people": 9}', kind=MessageKind.COMMAND, command=Command.START)
    assert take_turn(session).payload == "/greet"


async def test_the_linked_chat_shows_the_cases_and_a_call_that_comes_twice_answers_the_same(
    http: httpx.AsyncClient, session: Session
) -> None:
    first, second = create_conversation(session), create_conversation(session)
    case = create_case(session, conversation=first)
    first.person_id, number = case.person_id, case.number
    session.commit()
    code = (await http.post(f"/api/v1/service/conversations/{first.id}/link-codes", headers=SERVICE)).json()[
        "code"
    ]
    for _ in range(2):
        assert await called(http, second, "link", {"code": code}) == '{"linked":true}'
    cases = await http.get(f"/api/v1/service/conversations/{second.id}/cases", headers=SERVICE)
    assert [case["number"] for case in cases.json()["cases"]] == [number]


async def test_somebody_else_on_the_telephone_meets_nothing_of_who_wrote_before(
    http: httpx.AsyncClient, session: Session
) -> None:
    conversation = create_conversation(session)
    case = create_case(session, conversation=conversation)
    conversation.person_id = case.person_id
    conversation.summary, conversation.topic = ["Persone: 4 [bottone]"], "housing"
    session.commit()
    before = conversation.rasa_session
    await called(http, conversation, "somebody-else")
    session.refresh(conversation)
    assert conversation.person_id not in (None, case.person_id)
    assert [conversation.summary, conversation.topic] == [[], None]
    # A step of one would take the answers along, as at a hand-back (nlu/hand_back.py).
    assert conversation.rasa_session == before + 2
    cases = await http.get(f"/api/v1/service/conversations/{conversation.id}/cases", headers=SERVICE)
    assert cases.json()["cases"] == []


async def test_to_ask_for_a_code_leaves_the_talk_as_it_is(http: httpx.AsyncClient, session: Session) -> None:
    conversation = create_conversation(session)
    conversation.summary = ["Persone: 4 [bottone]"]
    session.commit()
    await called(http, conversation, "link-codes")
    session.refresh(conversation)
    assert conversation.person_id is not None
    assert (conversation.summary, conversation.rasa_session) == (["Persone: 4 [bottone]"], 1)


async def test_a_code_of_an_empty_chat_does_not_take_the_cases_of_another_one_away(
    http: httpx.AsyncClient, session: Session
) -> None:
    full, empty = create_conversation(session), create_conversation(session)
    case = create_case(session, conversation=full)
    full.person_id = case.person_id
    session.commit()
    given = await http.post(f"/api/v1/service/conversations/{empty.id}/link-codes", headers=SERVICE)
    assert await called(http, full, "link", {"code": given.json()["code"]}) == '{"linked":false}'
    session.refresh(full)
    assert full.person_id == case.person_id
