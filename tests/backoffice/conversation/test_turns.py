from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import (
    AssistantStatus,
    Author,
    Channel,
    HandoffRequest,
    Mode,
    Turn,
    TurnAnswer,
    TurnFailure,
    TurnFailureReason,
    WaitingReason,
)
from backoffice.conversation.assistant import needs_return, return_to_assistant
from backoffice.conversation.errors import ConversationNotFound, LeaseLost
from backoffice.conversation.models import (
    Audience,
    Button,
    Conversation,
    Delivery,
    InboxEntry,
    InboxState,
    Message,
)
from backoffice.conversation.turns import LEASE, MOST_CLAIMS, answer_turn, claim_turn, fail_turn, has_turn
from backoffice.database import Database
from backoffice.handoff import service as floor
from backoffice.handoff.queue import request_handoff
from tests.backoffice.factories import NOW, answer, create_conversation, create_staff, send, take_turn

LATER = NOW + LEASE + timedelta(seconds=1)


def failure(turn: Turn, *, give_up: bool = False, urgent: bool = False) -> TurnFailure:
    return TurnFailure(
        lease_token=turn.lease_token,
        reason=TurnFailureReason.RASA_UNREACHABLE,
        give_up=give_up,
        urgent=urgent,
    )


def state_of(session: Session, turn: Turn) -> InboxState:
    session.flush()
    return session.get_one(InboxEntry, turn.turn_id, populate_existing=True).state


def test_messages_of_one_conversation_are_taken_one_after_the_other(session: Session) -> None:
    conversation = create_conversation(session)
    send(session, conversation, "uno")
    send(session, conversation, "due")
    first = take_turn(session)
    assert claim_turn(session, "other", now=NOW) is None
    answer(session, first)
    assert [first.text, take_turn(session).text] == ["uno", "due"]


def test_two_conversations_do_not_wait_for_each_other(session: Session) -> None:
    send(session, create_conversation(session))
    send(session, create_conversation(session))
    assert take_turn(session).conversation_id != take_turn(session).conversation_id


def test_who_sends_much_is_answered_in_turn_with_everybody_else(session: Session) -> None:
    many, other = create_conversation(session), create_conversation(session)
    for text in ("uno", "due", "tre"):
        send(session, many, text, now=NOW)
    send(session, other, "una sola", now=NOW + timedelta(seconds=1))
    heard = []
    for second in range(2, 6):
        now = NOW + timedelta(seconds=second)
        turn = take_turn(session, now=now)
        heard.append(turn.text)
        answer(session, turn, now=now)
    assert heard == ["uno", "una sola", "due", "tre"]
    assert not has_turn(session, "bot", now=LATER)


def test_a_look_tells_whether_there_is_a_turn(session: Session) -> None:
    conversation = create_conversation(session)
    assert not has_turn(session, "bot", now=NOW)
    send(session, conversation)
    assert has_turn(session, "bot", now=NOW)


def test_many_workers_at_once_get_every_turn_once(database: Database) -> None:
    with database.transaction() as session:
        for _ in range(12):
            send(session, create_conversation(session))
    taken: list[str] = []
    start = threading.Barrier(6)

    def work(number: int) -> None:
        start.wait()
        misses = 0
        while misses < 20:
            with database.transaction() as own:
                turn = claim_turn(own, f"worker {number}", now=NOW)
            if turn is None:
                misses += 1
            else:
                taken.append(turn.turn_id)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(taken) == len(set(taken)) == 12


def test_an_expired_lease_is_taken_over_and_the_turn_is_in_doubt(session: Session) -> None:
    send(session, create_conversation(session))
    first = take_turn(session)
    assert claim_turn(session, "other", now=NOW + LEASE) is None
    second = take_turn(session, worker="other", now=LATER)
    assert (second.turn_id, second.attempt) == (first.turn_id, 2)
    assert second.lease_token > first.lease_token


def test_who_lost_the_lease_cannot_answer(session: Session) -> None:
    send(session, create_conversation(session))
    zombie = take_turn(session)
    alive = take_turn(session, worker="other", now=LATER)
    with pytest.raises(LeaseLost):
        answer(session, zombie, now=LATER)
    answer(session, alive, now=LATER)
    with pytest.raises(LeaseLost):
        answer(session, zombie, now=LATER)


def test_who_is_late_but_not_replaced_may_answer(session: Session) -> None:
    send(session, create_conversation(session))
    assert not answer(session, take_turn(session), now=LATER).suppressed


def test_a_worker_that_was_started_anew_takes_over_at_once(session: Session) -> None:
    send(session, create_conversation(session))
    take_turn(session, worker="bot#1")
    assert claim_turn(session, "bot2#1", now=NOW) is None
    assert claim_turn(session, "bot#1", now=NOW) is None
    assert take_turn(session, worker="bot#2").attempt == 2


def test_the_same_answer_again_changes_nothing(session: Session) -> None:
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    send(session, conversation)
    turn = take_turn(session)
    assert answer(session, turn) == answer(session, turn)
    assert session.scalars(select(Message.text).where(Message.author == Author.ASSISTANT)).all() == [
        "Buongiorno!"
    ]
    assert len(session.scalars(select(Delivery)).all()) == 1


def test_an_answer_is_delivered_on_telegram_and_not_on_the_web(session: Session) -> None:
    for channel in Channel:
        send(session, create_conversation(session, channel=channel))
        answer(session, take_turn(session))
    assert [delivery.channel for delivery in session.scalars(select(Delivery))] == [Channel.TELEGRAM]


def test_an_unknown_turn_is_not_found(session: Session) -> None:
    send(session, create_conversation(session))
    turn = take_turn(session).model_copy(update={"turn_id": "no such"})
    with pytest.raises(ConversationNotFound):
        answer(session, turn)


def test_an_answer_after_a_mediators_claim_is_kept_for_staff_and_never_sent(session: Session) -> None:
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    send(session, conversation)
    turn = take_turn(session)
    floor.claim(session, conversation.id, staff=create_staff(session), epoch=turn.epoch, now=NOW)
    assert answer(session, turn, "Troppo tardi").suppressed
    assert answer(session, turn, "Troppo tardi").suppressed
    kept = session.scalar(select(Message).where(Message.author == Author.ASSISTANT))
    assert kept is not None
    assert (kept.audience, kept.suppressed) == (Audience.STAFF, True)
    assert session.scalar(select(Delivery).where(Delivery.message_id == kept.id)) is None


def test_the_turn_that_asks_for_a_person_is_still_answered(session: Session) -> None:
    conversation = create_conversation(session)
    send(session, conversation, "voglio una persona")
    later = send(session, conversation, "pronto?")
    turn = take_turn(session)
    request = HandoffRequest(reason=WaitingReason.ASKED)
    request_handoff(session, conversation.id, request, turn_id=turn.turn_id, now=NOW)
    assert not answer(session, turn, "Ti risponde una persona").suppressed
    assert session.get_one(InboxEntry, later.id, populate_existing=True).state is InboxState.DONE
    assert claim_turn(session, "bot", now=LATER) is None


def test_that_turn_is_offered_again_when_its_worker_dies(session: Session) -> None:
    conversation = create_conversation(session)
    send(session, conversation)
    turn = take_turn(session)
    request = HandoffRequest(reason=WaitingReason.ASKED)
    request_handoff(session, conversation.id, request, turn_id=turn.turn_id, now=NOW)
    again = take_turn(session, now=LATER)
    assert (again.turn_id, again.attempt) == (turn.turn_id, 2)
    assert not answer(session, again, now=LATER).suppressed


def test_a_claim_in_between_silences_that_turn_too(session: Session) -> None:
    conversation = create_conversation(session)
    send(session, conversation)
    turn = take_turn(session)
    request = HandoffRequest(reason=WaitingReason.ASKED)
    request_handoff(session, conversation.id, request, turn_id=turn.turn_id, now=NOW)
    floor.claim(session, conversation.id, staff=create_staff(session), epoch=turn.epoch + 1, now=NOW)
    assert answer(session, turn).suppressed


def test_a_failed_turn_is_offered_again_a_little_later(session: Session) -> None:
    send(session, create_conversation(session))
    turn = take_turn(session)
    recorded = fail_turn(session, turn.turn_id, failure(turn), now=NOW)
    assert recorded.retry_at == NOW + timedelta(seconds=0.5)
    assert claim_turn(session, "bot", now=NOW) is None
    assert take_turn(session, now=recorded.retry_at).attempt == 2


def test_who_lost_the_lease_cannot_report_a_failure(session: Session) -> None:
    send(session, create_conversation(session))
    zombie = take_turn(session)
    take_turn(session, now=LATER)
    with pytest.raises(LeaseLost):
        fail_turn(session, zombie.turn_id, failure(zombie, give_up=True), now=LATER)


def given_up(session: Session, conversation: Conversation, *, urgent: bool = False) -> Turn:
    send(session, conversation)
    turn = take_turn(session)
    fail_turn(session, turn.turn_id, failure(turn, give_up=True, urgent=urgent), now=NOW)
    session.flush()
    return turn


def test_a_turn_given_up_tells_the_person_and_waits_for_the_assistant(session: Session) -> None:
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    turn = given_up(session, conversation)
    assert (conversation.mode, conversation.epoch) == (Mode.WAITING, turn.epoch + 1)
    assert conversation.waiting_reason is WaitingReason.ASSISTANT_UNAVAILABLE
    assert state_of(session, turn) is InboxState.DEFERRED
    told = session.scalar(select(Message).where(Message.author == Author.SYSTEM))
    assert told is not None
    assert "112" in told.text
    assert session.scalar(select(Delivery.message_id)) == told.id


def test_an_emergency_given_up_waits_for_a_person_and_for_nothing_else(session: Session) -> None:
    conversation = create_conversation(session)
    turn = given_up(session, conversation, urgent=True)
    assert conversation.urgent
    assert conversation.waiting_reason is WaitingReason.EMERGENCY
    assert state_of(session, turn) is InboxState.DEAD
    assert return_to_assistant(session, AssistantStatus(available=True), now=NOW).conversations == 0


def test_when_the_assistant_is_back_deferred_turns_come_in_order_and_in_doubt(session: Session) -> None:
    conversation = create_conversation(session)
    first = given_up(session, conversation)
    second = send(session, conversation, "ancora")
    session.flush()
    assert needs_return(session)
    assert return_to_assistant(session, AssistantStatus(available=True), now=NOW).conversations == 1
    assert conversation.mode is Mode.ASSISTANT
    turn = take_turn(session)
    assert (turn.turn_id, turn.attempt, turn.epoch) == (first.turn_id, 3, conversation.epoch)
    answer(session, turn)
    following = take_turn(session)
    assert following.turn_id == second.id
    assert following.attempt >= 2
    assert not needs_return(session)


def test_an_assistant_that_is_not_available_gets_nothing_back(session: Session) -> None:
    given_up(session, create_conversation(session))
    assert return_to_assistant(session, AssistantStatus(available=False), now=NOW).conversations == 0


def test_a_turn_given_up_twice_is_dead_and_only_a_person_answers(session: Session) -> None:
    conversation = create_conversation(session)
    given_up(session, conversation)
    return_to_assistant(session, AssistantStatus(available=True), now=NOW)
    turn = take_turn(session)
    fail_turn(session, turn.turn_id, failure(turn, give_up=True), now=NOW)
    assert state_of(session, turn) is InboxState.DEAD
    assert conversation.waiting_reason is WaitingReason.NOT_UNDERSTOOD
    assert return_to_assistant(session, AssistantStatus(available=True), now=NOW).conversations == 0


def test_a_claimed_conversation_does_not_go_back_to_the_assistant(session: Session) -> None:
    conversation = create_conversation(session)
    turn = given_up(session, conversation)
    floor.claim(session, conversation.id, staff=create_staff(session), epoch=conversation.epoch, now=NOW)
    assert state_of(session, turn) is InboxState.DONE
    assert return_to_assistant(session, AssistantStatus(available=True), now=NOW).conversations == 0


def test_a_suppressed_answer_leaves_no_button_to_press(session: Session) -> None:
    conversation = create_conversation(session)
    send(session, conversation)
    turn = take_turn(session)
    floor.claim(session, conversation.id, staff=create_staff(session), epoch=turn.epoch, now=NOW)
    answer(session, turn)
    assert session.scalars(select(Button).where(~Button.closed)).all() == []


def test_an_answer_with_no_words_ends_the_turn(session: Session) -> None:
    send(session, create_conversation(session))
    turn = take_turn(session)
    silent = TurnAnswer(epoch=turn.epoch, lease_token=turn.lease_token, replies=[])
    assert not answer_turn(session, turn.turn_id, silent, now=NOW).suppressed
    assert state_of(session, turn) is InboxState.DONE


def test_a_turn_that_brings_every_worker_down_goes_to_a_person(session: Session) -> None:
    conversation = create_conversation(session)
    send(session, conversation, "veleno")
    send(session, conversation, "dopo")
    now = NOW
    for attempt in range(1, MOST_CLAIMS + 1):
        assert take_turn(session, now=now).attempt == attempt
        now += LEASE + timedelta(seconds=1)
    assert claim_turn(session, "bot", now=now) is None
    session.expire_all()
    assert conversation.mode is Mode.WAITING
    assert conversation.waiting_reason is WaitingReason.NOT_UNDERSTOOD
    states = session.scalars(select(InboxEntry.state).order_by(InboxEntry.seq)).all()
    assert states == [InboxState.DEAD, InboxState.DONE]
