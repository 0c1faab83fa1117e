from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.client.schemas import (
    Author,
    Channel,
    Command,
    IncomingRequest,
    MessageKind,
    Mode,
    ReplyButton,
    TelegramSender,
    WaitingReason,
)
from backoffice.conversation.errors import (
    ConversationNotFound,
    MalformedMessage,
    OtherMessageStored,
    TooManyMessages,
)
from backoffice.conversation.floor import make_wait
from backoffice.conversation.incoming import Budget, record_message
from backoffice.conversation.models import (
    Button,
    Conversation,
    Delivery,
    InboxEntry,
    InboxState,
    Message,
)
from backoffice.conversation.turns import claim_turn
from backoffice.database import Database
from backoffice.person.models import ChannelAddress, Person
from tests.backoffice.factories import (
    NOW,
    PLENTY,
    answer,
    create_conversation,
    create_front_door,
    incoming,
    send,
    take_turn,
)
from translations.catalog import text


def said(session: Session, conversation: Conversation, author: Author = Author.SYSTEM) -> list[str]:
    session.flush()
    statement = (
        select(Message.text)
        .where(Message.conversation_id == conversation.id, Message.author == author)
        .order_by(Message.seq)
    )
    return list(session.scalars(statement))


def entry_of(session: Session, message_id: str) -> InboxEntry:
    found = session.get(InboxEntry, message_id, populate_existing=True)
    assert found is not None
    return found


def test_the_same_message_twice_is_stored_once_and_gets_the_same_number(session: Session) -> None:
    request = incoming(create_conversation(session))
    first = record_message(session, request, allowance=PLENTY, now=NOW)
    second = record_message(session, request, allowance=PLENTY, now=NOW)
    assert (second.id, second.seq, second.repeated) == (first.id, first.seq, True)
    assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_a_message_is_known_by_its_second_id_too(session: Session) -> None:
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    first = send(session, conversation, external_id="bot:1", second_id="5:7:0")
    again = send(session, conversation, external_id="bot:99", second_id="5:7:0")
    assert again.repeated
    assert again.id == first.id


def test_another_body_under_the_same_id_is_refused(session: Session) -> None:
    conversation = create_conversation(session)
    send(session, conversation, "ciao", external_id="s:1")
    with pytest.raises(OtherMessageStored):
        send(session, conversation, "arrivederci", external_id="s:1")


def test_what_the_channel_adds_does_not_make_it_another_body(session: Session) -> None:
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    chat = conversation.chat_id
    assert chat is not None
    send(session, conversation, external_id="b:1", telegram=TelegramSender(chat_id=chat, user_id=1, name="A"))
    renamed = TelegramSender(chat_id=chat, user_id=1, name="B")
    assert send(session, conversation, external_id="b:1", telegram=renamed).repeated


def test_twenty_threads_write_at_once_and_the_numbers_have_no_gaps(database: Database) -> None:
    with database.transaction() as session:
        conversation = create_conversation(session)
    numbers: list[int] = []
    start = threading.Barrier(20)

    def write() -> None:
        start.wait()
        for _ in range(3):
            with database.transaction() as own:
                numbers.append(record_message(own, incoming(conversation), allowance=PLENTY, now=NOW).seq)

    threads = [threading.Thread(target=write) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(numbers) == list(range(1, 61))


def test_twins_at_the_same_moment_are_stored_once(database: Database) -> None:
    with database.transaction() as session:
        create_front_door(session)
    request = IncomingRequest(
        channel=Channel.TELEGRAM,
        external_id="bot:1",
        telegram=TelegramSender(chat_id=77, user_id=77, name="Oksana", language_hint="uk"),
        kind=MessageKind.TEXT,
        text="Добрий день",
    )
    accepted = []
    start = threading.Barrier(8)

    def write() -> None:
        start.wait()
        with database.transaction() as own:
            accepted.append(record_message(own, request, allowance=PLENTY, now=NOW))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len({each.id for each in accepted}) == 1
    assert [each.repeated for each in accepted].count(False) == 1
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 1
        assert session.scalar(select(func.count()).select_from(Person)) == 1


def test_the_first_message_of_a_chat_makes_its_conversation_and_person(session: Session) -> None:
    create_front_door(session)
    sender = TelegramSender(chat_id=42, user_id=42, name="Oksana", language_hint="it")
    request = IncomingRequest(
        channel=Channel.TELEGRAM, external_id="b:1", telegram=sender, kind=MessageKind.TEXT, text="ciao"
    )
    accepted = record_message(session, request, allowance=PLENTY, now=NOW)
    session.flush()
    conversation = session.get_one(Conversation, accepted.conversation_id)
    assert conversation.person_id is not None
    assert session.get_one(Person, conversation.person_id).name == "Oksana"
    assert session.scalar(select(ChannelAddress.address)) == "42"


def test_a_web_message_needs_its_conversation(session: Session) -> None:
    conversation = create_conversation(session)
    with pytest.raises(ConversationNotFound):
        send(session, conversation, conversation_id="no such")


@pytest.mark.parametrize(
    "changes",
    [
        {"text": None},
        {"text": "\x00"},
        {"kind": MessageKind.BUTTON},
        {"kind": MessageKind.COMMAND},
        {"kind": MessageKind.CONTACT},
        {"conversation_id": None},
    ],
)
def test_a_message_without_what_its_kind_needs_is_refused(session: Session, changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedMessage):
        record_message(session, incoming(create_conversation(session), **changes), allowance=PLENTY, now=NOW)


def test_over_the_budget_the_web_is_told_when_to_come_back(session: Session) -> None:
    conversation = create_conversation(session)
    for _ in range(6):
        send(session, conversation, budget=Budget(per_minute=6))
    with pytest.raises(TooManyMessages) as refused:
        send(session, conversation, budget=Budget(per_minute=6))
    assert refused.value.headers == {"Retry-After": "10"}


def test_over_the_budget_telegram_is_kept_without_a_turn_and_told_once(session: Session) -> None:
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    accepted = [send(session, conversation, budget=Budget(per_minute=2)) for _ in range(5)]
    assert [each.throttled for each in accepted] == [False, False, True, True, True]
    assert entry_of(session, accepted[-1].id).state is InboxState.DONE
    assert said(session, conversation) == [text("system.too_many_messages", "it")]


@pytest.mark.parametrize(
    ("command", "payload"),
    [
        (Command.START, "/greet"),
        (Command.MENU, "/ask_menu"),
        (Command.LANGUAGE, "/change_language"),
        (Command.HUMAN, "/ask_human"),
        (Command.STOP, "/stop"),
        (Command.PRIVACY, "/ask_privacy"),
    ],
)
def test_a_command_becomes_a_payload(session: Session, command: Command, payload: str) -> None:
    conversation = create_conversation(session)
    send(session, conversation, kind=MessageKind.COMMAND, command=command)
    turn = take_turn(session)
    assert (turn.payload, turn.text) == (payload, None)


@pytest.mark.parametrize("typed", ["/delete_my_data", '  /inform{"people": 99}', "\u2003/restart"])
def test_what_is_typed_stays_text(session: Session, typed: str) -> None:
    conversation = create_conversation(session)
    send(session, conversation, typed)
    turn = take_turn(session)
    assert turn.payload is None
    assert turn.text == typed.strip().lstrip("/")
    assert said(session, conversation, Author.CITIZEN) == [typed]


def test_a_shared_contact_becomes_a_payload_with_the_number_in_full(session: Session) -> None:
    send(session, create_conversation(session), kind=MessageKind.CONTACT, phone="393331234567")
    assert take_turn(session).payload == '/inform{"phone": "+393331234567"}'


def test_a_contact_that_is_no_number_stays_text(session: Session) -> None:
    send(session, create_conversation(session), kind=MessageKind.CONTACT, phone="12")
    turn = take_turn(session)
    assert (turn.payload, turn.text) == (None, "12")


def test_an_edit_is_a_message_of_its_own_without_a_turn(session: Session) -> None:
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    first = send(session, conversation, "casa", external_id="b:1", second_id="9:1:0")
    edit = send(session, conversation, "casa a Crema", kind=MessageKind.EDIT, edited_external_id="9:1:0")
    stored = session.get_one(Message, edit.id)
    assert (stored.edited_message_id, stored.kind) == (first.id, MessageKind.EDIT)
    assert entry_of(session, edit.id).state is InboxState.DONE
    assert said(session, conversation) == [text("system.edited_noted", "it")]


def offered(session: Session, conversation: Conversation, *buttons: ReplyButton) -> list[Button]:
    send(session, conversation)
    answer(session, take_turn(session), buttons=buttons)
    session.flush()
    return list(session.scalars(select(Button).order_by(Button.position)))


def press(session: Session, conversation: Conversation, token: str) -> InboxEntry:
    accepted = send(session, conversation, kind=MessageKind.BUTTON, text=None, button=token)
    return entry_of(session, accepted.id)


def test_a_button_of_ours_becomes_its_payload_and_the_persons_words(session: Session) -> None:
    conversation = create_conversation(session)
    [yes] = offered(session, conversation, ReplyButton(title="Sì", payload="/affirm"))
    entry = press(session, conversation, yes.token)
    assert (entry.payload, entry.state) == ("/affirm", InboxState.PENDING)
    assert said(session, conversation, Author.CITIZEN)[-1] == "Sì"


def test_a_question_is_answered_once(session: Session) -> None:
    conversation = create_conversation(session)
    [yes] = offered(session, conversation, ReplyButton(title="Sì", payload="/affirm"))
    press(session, conversation, yes.token)
    assert press(session, conversation, yes.token).state is InboxState.DONE
    assert said(session, conversation) == [text("system.button_expired", "it")]


def test_the_next_answer_closes_the_question_but_not_the_topic(session: Session) -> None:
    conversation = create_conversation(session)
    yes, menu = offered(
        session,
        conversation,
        ReplyButton(title="Sì", payload="/affirm"),
        ReplyButton(title="Menu", payload="/ask_menu", lasting=True),
    )
    send(session, conversation)
    answer(session, take_turn(session))
    session.flush()
    session.expire_all()
    assert press(session, conversation, yes.token).payload is None
    assert press(session, conversation, menu.token).payload == "/ask_menu"
    assert press(session, conversation, menu.token).payload == "/ask_menu"


def test_a_button_of_somebody_else_is_refused(session: Session) -> None:
    [yes] = offered(session, create_conversation(session), ReplyButton(title="Sì", payload="/affirm"))
    stranger = create_conversation(session)
    entry = press(session, stranger, yes.token)
    assert (entry.payload, entry.state) == (None, InboxState.DONE)
    assert said(session, stranger, Author.CITIZEN) == [text("system.button_unknown", "it")]


def test_while_somebody_waits_for_a_person_nothing_goes_to_the_assistant(session: Session) -> None:
    conversation = create_conversation(session)
    make_wait(session, conversation, reason=WaitingReason.ASKED, now=NOW)
    accepted = send(session, conversation, kind=MessageKind.COMMAND, command=Command.START, text="/start")
    assert entry_of(session, accepted.id).state is InboxState.DONE
    assert claim_turn(session, "bot", now=NOW) is None
    assert said(session, conversation) == []


def test_while_the_assistant_is_unavailable_messages_are_kept_for_it(session: Session) -> None:
    conversation = create_conversation(session)
    make_wait(session, conversation, reason=WaitingReason.ASSISTANT_UNAVAILABLE, now=NOW)
    assert entry_of(session, send(session, conversation).id).state is InboxState.DEFERRED


def test_a_closed_conversation_opens_again_with_the_next_message(session: Session) -> None:
    conversation = create_conversation(session)
    conversation.mode = Mode.CLOSED
    epoch, rasa_session = conversation.epoch, conversation.rasa_session
    send(session, conversation)
    assert (conversation.mode, conversation.epoch) == (Mode.ASSISTANT, epoch + 1)
    assert take_turn(session).sender == f"{conversation.id}.{rasa_session + 1}"


def test_on_telegram_the_system_is_delivered_and_the_person_is_not(session: Session) -> None:
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    send(session, conversation, "casa", kind=MessageKind.EDIT)
    session.flush()
    assert session.scalars(select(Delivery.seq)).all() == [2]
