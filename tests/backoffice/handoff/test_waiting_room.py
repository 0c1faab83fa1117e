from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import (
    Command,
    HandoffRequest,
    MessageKind,
    Mode,
    ReplyButton,
    SystemAnswer,
    WaitingReason,
)
from backoffice.conversation.models import Button, Conversation, InboxEntry
from backoffice.conversation.turns import claim_turn
from backoffice.handoff.callbacks import due_calls, mark_done
from backoffice.handoff.models import Callback, DayPart
from backoffice.handoff.queue import request_handoff
from backoffice.handoff.service import claim
from backoffice.person.models import Person
from backoffice.staff.models import Gender
from tests.backoffice.factories import NOW, answer, create_conversation, create_staff, send, take_turn
from tests.backoffice.handoff.floor import press, told
from translations.catalog import text

ASKED = HandoffRequest(reason=WaitingReason.ASKED)
NIGHT = datetime(2026, 12, 4, 21, 0, tzinfo=UTC)
"""A Friday, 22:00 in Rome: the desk opens on Monday at nine."""


def asks(session: Session, *, now: datetime = NOW, request: HandoffRequest = ASKED) -> Conversation:
    conversation = create_conversation(session)
    request_handoff(session, conversation.id, request, turn_id=None, now=now)
    session.flush()
    return conversation


def offered(session: Session, conversation: Conversation) -> list[str]:
    statement = select(Button.payload).where(Button.conversation_id == conversation.id)
    return list(session.scalars(statement.order_by(Button.position)))


def test_by_day_the_person_may_wish_for_a_woman_or_a_man_or_go_back(session: Session) -> None:
    payloads = offered(session, asks(session))
    assert payloads == [
        "system:wish_woman",
        "system:wish_man",
        "system:wish_none",
        "system:to_assistant",
    ]


def test_by_night_the_person_may_ask_for_a_call(session: Session) -> None:
    payloads = offered(session, asks(session, now=NIGHT))
    assert payloads[:3] == ["system:call_morning", "system:call_afternoon", "system:call_none"]


def test_in_an_emergency_nobody_is_offered_a_call_nor_a_way_out_of_the_queue(session: Session) -> None:
    emergency = HandoffRequest(reason=WaitingReason.EMERGENCY, urgent=True)
    payloads = offered(session, asks(session, now=NIGHT, request=emergency))
    assert payloads == ["system:wish_woman", "system:wish_man", "system:wish_none"]


@pytest.mark.parametrize(
    ("pressed", "wish"),
    [
        (SystemAnswer.WISH_WOMAN, Gender.WOMAN),
        (SystemAnswer.WISH_MAN, Gender.MAN),
        (SystemAnswer.WISH_NONE, None),
    ],
)
def test_a_wish_is_kept_confirmed_and_never_goes_to_the_assistant(
    session: Session, pressed: SystemAnswer, wish: Gender | None
) -> None:
    conversation = asks(session)
    press(session, conversation, pressed)
    assert conversation.wishes_gender is wish
    assert told(session, conversation)[-1] == text(f"system.{pressed.value}_noted", "it")
    assert conversation.mode is Mode.WAITING
    assert claim_turn(session, "bot", now=NOW) is None


def test_a_wish_can_be_changed_while_the_person_waits(session: Session) -> None:
    conversation = asks(session)
    press(session, conversation, SystemAnswer.WISH_WOMAN)
    press(session, conversation, SystemAnswer.WISH_NONE)
    assert conversation.wishes_gender is None


def test_a_button_of_the_queue_means_nothing_to_the_assistant_later(session: Session) -> None:
    conversation = asks(session)
    press(session, conversation, SystemAnswer.TO_ASSISTANT)
    press(session, conversation, SystemAnswer.WISH_MAN)
    assert told(session, conversation)[-1] == text("system.button_expired", "it")
    assert conversation.wishes_gender is None
    assert claim_turn(session, "bot", now=NOW) is None


def test_who_speaks_with_a_mediator_changes_nothing_by_an_old_button(session: Session) -> None:
    conversation = asks(session)
    claim(session, conversation.id, staff=create_staff(session), epoch=conversation.epoch, now=NOW)
    before = told(session, conversation)
    press(session, conversation, SystemAnswer.TO_ASSISTANT)
    assert conversation.mode is Mode.MEDIATOR
    assert told(session, conversation) == before


def test_whoever_waits_may_go_back_to_the_assistant(session: Session) -> None:
    conversation = asks(session)
    press(session, conversation, SystemAnswer.TO_ASSISTANT)
    assert conversation.mode is Mode.ASSISTANT
    assert told(session, conversation)[-1] == text("system.back_to_assistant", "it")
    send(session, conversation, "cerco casa")
    assert not answer(session, take_turn(session)).suppressed


def test_what_became_urgent_stays_in_the_queue(session: Session) -> None:
    conversation = asks(session)
    request_handoff(
        session,
        conversation.id,
        HandoffRequest(reason=WaitingReason.EMERGENCY, urgent=True),
        turn_id=None,
        now=NOW,
    )
    press(session, conversation, SystemAnswer.TO_ASSISTANT)
    assert (conversation.mode, conversation.urgent) == (Mode.WAITING, True)


def test_asking_for_a_person_again_tells_the_place(session: Session) -> None:
    conversation = asks(session)
    send(session, conversation, None, kind=MessageKind.COMMAND, command=Command.HUMAN)
    assert told(session, conversation) == [text("system.queue_position", "it", position="1")] * 2


# --- Not understood -----------------------------------------------------------------------------


def misunderstood(session: Session) -> Conversation:
    conversation = create_conversation(session)
    send(session, conversation, "asdf")
    turn = take_turn(session)
    request = HandoffRequest(reason=WaitingReason.NOT_UNDERSTOOD)
    request_handoff(session, conversation.id, request, turn_id=turn.turn_id, now=NOW)
    topics = (
        ReplyButton(title="Cerco casa", payload="/search_housing", lasting=True),
        ReplyButton(title="Persona", payload="/ask_human", lasting=True),
    )
    assert not answer(session, turn, "Non ho capito", buttons=topics).suppressed
    session.flush()
    return conversation


def press_topic(session: Session, conversation: Conversation, payload: str) -> None:
    token = session.scalars(
        select(Button.token).where(Button.conversation_id == conversation.id, Button.payload == payload)
    ).one()
    send(session, conversation, None, kind=MessageKind.BUTTON, button=token)


def test_who_was_not_understood_goes_on_with_the_assistant_by_a_topic(session: Session) -> None:
    conversation = misunderstood(session)
    assert (conversation.mode, conversation.waiting_reason) == (Mode.WAITING, WaitingReason.NOT_UNDERSTOOD)
    press_topic(session, conversation, "/search_housing")
    assert conversation.mode is Mode.ASSISTANT
    assert take_turn(session).payload == "/search_housing"


def test_who_was_not_understood_and_asks_for_a_person_keeps_the_place(session: Session) -> None:
    conversation = misunderstood(session)
    press_topic(session, conversation, "/ask_human")
    assert (conversation.mode, conversation.waiting_since) == (Mode.WAITING, NOW)


def test_what_who_was_not_understood_types_is_for_staff(session: Session) -> None:
    conversation = misunderstood(session)
    send(session, conversation, "ancora io")
    assert conversation.mode is Mode.WAITING
    assert claim_turn(session, "bot", now=NOW) is None


def test_a_topic_ends_neither_a_takeover_nor_a_wait_that_the_person_asked_for(session: Session) -> None:
    taken = misunderstood(session)
    claim(session, taken.id, staff=create_staff(session), epoch=taken.epoch, now=NOW)
    press_topic(session, taken, "/search_housing")
    assert taken.mode is Mode.MEDIATOR
    asked = misunderstood(session)
    asked.waiting_reason = WaitingReason.ASKED
    press_topic(session, asked, "/search_housing")
    assert asked.mode is Mode.WAITING


# --- Call-backs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pressed", "part", "due"),
    [
        (SystemAnswer.CALL_MORNING, DayPart.MORNING, datetime(2026, 12, 7, 8, 0, tzinfo=UTC)),
        (SystemAnswer.CALL_AFTERNOON, DayPart.AFTERNOON, datetime(2026, 12, 7, 12, 0, tzinfo=UTC)),
    ],
)
def test_a_call_is_due_at_the_next_opening_and_confirmed_with_day_and_hour(
    session: Session, pressed: SystemAnswer, part: DayPart, due: datetime
) -> None:
    conversation = asks(session, now=NIGHT)
    press(session, conversation, pressed, now=NIGHT)
    [callback] = session.scalars(select(Callback)).all()
    assert (callback.day_part, callback.due_at) == (part, due)
    said = told(session, conversation)
    hour = "09:00" if part is DayPart.MORNING else "13:00"
    assert text("system.callback_noted", "it", when=f"lunedì 7 dicembre 2026, {hour}") in said
    assert said[-1] == text("system.callback_phone", "it")


def test_the_last_word_about_a_call_counts(session: Session) -> None:
    conversation = asks(session, now=NIGHT)
    press(session, conversation, SystemAnswer.CALL_MORNING, now=NIGHT)
    press(session, conversation, SystemAnswer.CALL_AFTERNOON, now=NIGHT)
    assert session.scalars(select(Callback.day_part)).all() == [DayPart.AFTERNOON]
    press(session, conversation, SystemAnswer.CALL_NONE, now=NIGHT)
    assert session.scalars(select(Callback)).all() == []
    assert told(session, conversation)[-1] == text("system.call_none_noted", "it")


def test_the_number_that_is_written_next_is_kept_and_said_back(session: Session) -> None:
    conversation = asks(session, now=NIGHT)
    press(session, conversation, SystemAnswer.CALL_MORNING, now=NIGHT)
    send(session, conversation, "non so", now=NIGHT)
    send(session, conversation, "il mio numero è 333 123 4567 grazie", now=NIGHT)
    person = session.get(Person, conversation.person_id)
    assert person is not None
    assert person.phone == "+393331234567"
    assert told(session, conversation)[-1] == text("system.callback_phone_noted", "it", phone=person.phone)
    send(session, conversation, "anche 333 765 4321", now=NIGHT)
    assert person.phone == "+393331234567"


def test_a_number_without_a_wish_for_a_call_is_only_a_message(session: Session) -> None:
    conversation = asks(session)
    send(session, conversation, "333 123 4567")
    assert conversation.person_id is None


def test_who_has_given_a_number_is_not_asked_again(session: Session) -> None:
    conversation = asks(session, now=NIGHT)
    person = Person(
        organisation_id=conversation.organisation_id, phone="+393331234567", created_at=NOW, languages=[]
    )
    session.add(person)
    session.flush()
    conversation.person_id = person.id
    press(session, conversation, SystemAnswer.CALL_MORNING, now=NIGHT)
    assert text("system.callback_phone", "it") not in told(session, conversation)


def test_staff_see_who_is_due_until_it_is_done(session: Session) -> None:
    conversation = asks(session, now=NIGHT)
    press(session, conversation, SystemAnswer.CALL_MORNING, now=NIGHT)
    staff, due = create_staff(session), datetime(2026, 12, 7, 8, 0, tzinfo=UTC)
    session.flush()
    assert due_calls(session, staff, now=due - timedelta(hours=25)) == []
    [call] = due_calls(session, staff, now=due - timedelta(hours=23))
    assert call.conversation.id == conversation.id
    assert len(due_calls(session, staff, now=due + timedelta(days=3))) == 1
    mark_done(session, call.callback.id, staff=staff, now=due)
    mark_done(session, call.callback.id, staff=create_staff(session), now=due)
    session.flush()
    assert call.callback.done_by == staff.id
    assert due_calls(session, staff, now=due) == []


def test_nothing_of_the_system_s_buttons_ever_reaches_the_assistant(session: Session) -> None:
    conversation = asks(session, now=NIGHT)
    for pressed in (SystemAnswer.CALL_MORNING, SystemAnswer.CALL_NONE, SystemAnswer.TO_ASSISTANT):
        press(session, conversation, pressed, now=NIGHT)
    assert session.scalars(select(InboxEntry.payload).where(InboxEntry.payload.is_not(None))).all() == []
    assert claim_turn(session, "bot", now=NIGHT) is None
