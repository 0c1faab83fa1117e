from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import Author, HandoffRequest, HandoffState, Mode, WaitingReason
from backoffice.conversation.errors import ConversationNotFound
from backoffice.conversation.models import Conversation, Message
from backoffice.handoff.queue import request_handoff
from backoffice.handoff.service import claim
from tests.backoffice.factories import NOW, create_conversation, create_staff, send, take_turn
from translations.catalog import text

ASKED = HandoffRequest(reason=WaitingReason.ASKED, topic="ask_asylum", summary=["Casa [scritto]"])
EMERGENCY = HandoffRequest(reason=WaitingReason.EMERGENCY, urgent=True)
NIGHT = datetime(2026, 12, 4, 20, 0, tzinfo=UTC)


def ask(
    session: Session, conversation: Conversation, request: HandoffRequest = ASKED, *, minutes: int = 0
) -> HandoffState:
    state = request_handoff(
        session, conversation.id, request, turn_id=None, now=NOW + timedelta(minutes=minutes)
    )
    session.flush()
    return state


def words(session: Session) -> list[str]:
    return list(session.scalars(select(Message.text).where(Message.author == Author.SYSTEM)))


def test_who_asks_later_is_further_back(session: Session) -> None:
    positions = [ask(session, create_conversation(session), minutes=number).position for number in range(3)]
    assert positions == [1, 2, 3]


def test_an_emergency_comes_first(session: Session) -> None:
    first = create_conversation(session)
    ask(session, first)
    assert ask(session, create_conversation(session), EMERGENCY, minutes=5).position == 1
    assert ask(session, first, minutes=6).position == 2


def test_each_language_has_its_own_queue(session: Session) -> None:
    ask(session, create_conversation(session, language="it"))
    assert ask(session, create_conversation(session, language="uk")).position == 1


def test_asking_twice_keeps_the_place_and_the_time(session: Session) -> None:
    conversation = create_conversation(session)
    ask(session, conversation)
    epoch = conversation.epoch
    again = ask(session, conversation, EMERGENCY, minutes=9)
    assert (again.already_waiting, again.position) == (True, 1)
    assert (conversation.waiting_since, conversation.epoch) == (NOW, epoch)
    assert (conversation.urgent, conversation.waiting_reason) == (True, WaitingReason.EMERGENCY)


def test_who_already_speaks_with_a_mediator_stays_there(session: Session) -> None:
    conversation = create_conversation(session)
    claim(session, conversation.id, staff=create_staff(session), epoch=conversation.epoch, now=NOW)
    assert ask(session, conversation).position == 0
    assert conversation.mode is Mode.MEDIATOR


def test_staff_read_why(session: Session) -> None:
    conversation = create_conversation(session)
    ask(session, conversation)
    assert (conversation.topic, conversation.summary) == ("ask_asylum", ["Casa [scritto]"])


def test_at_night_the_next_opening_is_told(session: Session) -> None:
    conversation = create_conversation(session)
    state = request_handoff(session, conversation.id, ASKED, turn_id=None, now=NIGHT)
    session.flush()
    assert not state.desk_open
    assert state.opens_at == datetime(2026, 12, 7, 8, 0, tzinfo=UTC)
    [told] = words(session)
    assert told == text("system.desk_closed", "it", position="1", opens="lunedì 7 dicembre 2026, 09:00")


def test_when_a_turn_asks_its_own_answer_tells_the_place(session: Session) -> None:
    conversation = create_conversation(session)
    send(session, conversation)
    turn = take_turn(session)
    request_handoff(session, conversation.id, ASKED, turn_id=turn.turn_id, now=NOW)
    session.flush()
    assert words(session) == []
    assert conversation.waiting_turn_id == turn.turn_id


def test_the_turn_of_another_conversation_does_not_count(session: Session) -> None:
    other = create_conversation(session)
    send(session, other)
    turn = take_turn(session)
    conversation = create_conversation(session)
    request_handoff(session, conversation.id, ASKED, turn_id=turn.turn_id, now=NOW)
    assert conversation.waiting_turn_id is None


def test_an_unknown_conversation_is_not_found(session: Session) -> None:
    with pytest.raises(ConversationNotFound):
        request_handoff(session, "no such", ASKED, turn_id=None, now=NOW)
