from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backoffice.client.schemas import Author, Mode, WaitingReason
from backoffice.conversation.errors import ConversationNotFound
from backoffice.conversation.floor import make_wait
from backoffice.conversation.models import Audience, Conversation, FloorChange, Message
from backoffice.conversation.turns import claim_turn
from backoffice.database import Database
from backoffice.handoff.errors import ConversationTaken, FloorMoved, NoSuchColleague, NothingToSay
from backoffice.handoff.models import Assignment
from backoffice.handoff.service import (
    HOLDS_AFTER_TRANSFER,
    HOLDS_FOR,
    claim,
    expire_holders,
    has_expired_holders,
    keep_holding,
    make_staff_wait,
    release,
    transfer,
)
from backoffice.handoff.speaking import reply
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.factories import (
    NOW,
    answer,
    create_conversation,
    create_organisation,
    create_staff,
    send,
    take_turn,
)
from translations.catalog import text


def waiting(session: Session) -> Conversation:
    conversation = create_conversation(session)
    send(session, conversation, "voglio una persona")
    make_wait(session, conversation, reason=WaitingReason.ASKED, now=NOW)
    session.flush()
    return conversation


def held(session: Session, *, name: str = "Amina Rossi") -> tuple[Conversation, Staff]:
    conversation, staff = waiting(session), create_staff(session, name=name)
    claim(session, conversation.id, staff=staff, epoch=conversation.epoch, now=NOW)
    session.flush()
    return conversation, staff


def last_words(session: Session, conversation: Conversation) -> str:
    session.flush()
    statement = select(Message.text).where(Message.conversation_id == conversation.id)
    return session.scalars(statement.order_by(Message.seq.desc())).first() or ""


def open_assignments(session: Session) -> list[str]:
    session.flush()
    return list(session.scalars(select(Assignment.staff_id).where(Assignment.ended_at.is_(None))))


def test_a_claim_takes_the_floor_and_tells_the_person_by_first_name(session: Session) -> None:
    conversation, staff = held(session)
    assert (conversation.mode, conversation.holder_id) == (Mode.MEDIATOR, staff.id)
    assert conversation.holder_until == NOW + HOLDS_FOR
    assert conversation.received_seq == 1
    assert last_words(session, conversation) == text("system.mediator_joined", "it", name="Amina")
    assert open_assignments(session) == [staff.id]


def test_a_mediator_may_take_it_from_the_assistant(session: Session) -> None:
    conversation = create_conversation(session)
    send(session, conversation)
    claim(session, conversation.id, staff=create_staff(session), epoch=conversation.epoch, now=NOW)
    assert conversation.mode is Mode.MEDIATOR
    assert claim_turn(session, "bot", now=NOW) is None


def test_of_two_who_claim_at_once_exactly_one_wins_and_the_other_hears_the_name(database: Database) -> None:
    with database.transaction() as session:
        conversation = waiting(session)
        mediators = [create_staff(session, name=f"M{number} Rossi") for number in range(6)]
    won: list[str] = []
    refused: list[str] = []
    start = threading.Barrier(len(mediators))

    def press(staff: Staff) -> None:
        start.wait()
        try:
            with database.transaction() as own:
                claim(own, conversation.id, staff=staff, epoch=conversation.epoch, now=NOW)
            won.append(staff.name)
        except ConversationTaken as taken:
            refused.append(taken.holder)

    threads = [threading.Thread(target=press, args=(staff,)) for staff in mediators]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(won) == 1
    assert refused == won * 5


def test_a_stale_epoch_does_not_claim(session: Session) -> None:
    conversation = waiting(session)
    with pytest.raises(FloorMoved):
        claim(session, conversation.id, staff=create_staff(session), epoch=conversation.epoch - 1, now=NOW)


def test_one_conversation_has_one_open_assignment(session: Session) -> None:
    conversation, staff = held(session)
    session.add(Assignment(conversation_id=conversation.id, staff_id=staff.id, epoch=9, started_at=NOW))
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize("role", [Role.HOUSING_DESK, Role.CARE_DESK, Role.PLANNER, Role.ADMINISTRATOR])
def test_who_does_not_mediate_finds_nothing_to_claim(session: Session, role: Role) -> None:
    conversation = waiting(session)
    staff = create_staff(session, roles=frozenset({role}))
    with pytest.raises(ConversationNotFound):
        claim(session, conversation.id, staff=staff, epoch=conversation.epoch, now=NOW)


def test_another_organisation_finds_nothing_to_claim(session: Session) -> None:
    conversation = waiting(session)
    staff = create_staff(session, organisation=create_organisation(session))
    with pytest.raises(ConversationNotFound):
        claim(session, conversation.id, staff=staff, epoch=conversation.epoch, now=NOW)


def test_a_reply_is_the_mediators_and_keeps_the_floor(session: Session) -> None:
    conversation, staff = held(session)
    later = NOW + timedelta(seconds=60)
    message = reply(
        session, conversation.id, staff=staff, epoch=conversation.epoch, text=" Eccomi ", now=later
    )
    assert (message.author, message.text, message.staff_id) == (Author.MEDIATOR, "Eccomi", staff.id)
    assert conversation.holder_until == later + HOLDS_FOR


def test_an_empty_reply_is_refused(session: Session) -> None:
    conversation, staff = held(session)
    with pytest.raises(NothingToSay):
        reply(session, conversation.id, staff=staff, epoch=conversation.epoch, text=" \n", now=NOW)


def test_who_does_not_hold_the_floor_cannot_reply(session: Session) -> None:
    conversation, _staff = held(session)
    other = create_staff(session, name="Bilal")
    with pytest.raises(ConversationTaken, match="conversation_taken") as refused:
        reply(session, conversation.id, staff=other, epoch=conversation.epoch, text="Ciao", now=NOW)
    assert refused.value.holder == "Amina Rossi"


def test_a_stale_page_cannot_reply(session: Session) -> None:
    conversation, staff = held(session)
    with pytest.raises(ConversationTaken):
        reply(session, conversation.id, staff=staff, epoch=conversation.epoch - 1, text="Ciao", now=NOW)


def test_handing_back_begins_a_new_talk_with_the_assistant(session: Session) -> None:
    conversation, staff = held(session)
    epoch = conversation.epoch
    release(session, conversation.id, staff=staff, epoch=epoch, summary="Cerca casa.\nHa due figli.", now=NOW)
    assert (conversation.mode, conversation.epoch, conversation.holder_id) == (
        Mode.ASSISTANT,
        epoch + 1,
        None,
    )
    assert last_words(session, conversation) == text("system.handed_back", "it")
    assert conversation.summary == ["Cerca casa.", "Ha due figli."]
    note = session.scalar(select(Message).where(Message.audience == Audience.STAFF))
    assert note is not None
    assert note.text == "Cerca casa.\nHa due figli."
    assert open_assignments(session) == []
    send(session, conversation)
    turn = take_turn(session)
    assert turn.sender == f"{conversation.id}.2"
    assert not answer(session, turn).suppressed


def test_a_transfer_gives_the_floor_to_a_colleague(session: Session) -> None:
    conversation, staff = held(session)
    colleague = create_staff(session, name="Olena Bondar")
    epoch = conversation.epoch
    transfer(session, conversation.id, staff=staff, epoch=epoch, to=colleague.email.upper(), now=NOW)
    assert (conversation.holder_id, conversation.epoch) == (colleague.id, epoch + 1)
    assert conversation.holder_until == NOW + HOLDS_AFTER_TRANSFER
    assert open_assignments(session) == [colleague.id]
    assert last_words(session, conversation) == text("system.mediator_changed", "it", name="Olena")
    with pytest.raises(ConversationTaken):
        keep_holding(session, conversation.id, staff=staff, epoch=epoch, now=NOW)


def test_a_transfer_goes_only_to_a_colleague_who_mediates(session: Session) -> None:
    conversation, staff = held(session)
    stranger = create_staff(session, organisation=create_organisation(session))
    planner = create_staff(session, roles=frozenset({Role.PLANNER}))
    gone = create_staff(session, active=False)
    for to in (stranger.id, planner.id, gone.id, staff.id, "no such"):
        with pytest.raises(NoSuchColleague):
            transfer(session, conversation.id, staff=staff, epoch=conversation.epoch, to=to, now=NOW)


def test_a_heartbeat_keeps_the_floor_and_marks_messages_as_read(session: Session) -> None:
    conversation, staff = held(session)
    send(session, conversation, "ci sei?")
    later = NOW + timedelta(seconds=70)
    until = keep_holding(session, conversation.id, staff=staff, epoch=conversation.epoch, now=later)
    assert until == later + HOLDS_FOR
    assert conversation.received_seq == conversation.last_seq


def test_without_heartbeat_the_floor_goes_to_the_queue_and_the_person_is_told_once(session: Session) -> None:
    conversation, _staff = held(session)
    late = NOW + HOLDS_FOR + timedelta(seconds=1)
    assert not has_expired_holders(session, now=NOW + HOLDS_FOR)
    assert has_expired_holders(session, now=late)
    assert expire_holders(session, now=late) == 1
    assert expire_holders(session, now=late) == 0
    assert (conversation.mode, conversation.waiting_reason) == (Mode.WAITING, WaitingReason.MEDIATOR_LEFT)
    assert open_assignments(session) == []
    session.flush()
    told = session.scalars(select(Message.text)).all()
    assert told.count(text("system.mediator_left", "it")) == 1


def test_who_comes_back_too_late_must_claim_again(session: Session) -> None:
    conversation, staff = held(session)
    epoch = conversation.epoch
    expire_holders(session, now=NOW + HOLDS_FOR + timedelta(seconds=1))
    with pytest.raises(FloorMoved):
        keep_holding(session, conversation.id, staff=staff, epoch=epoch, now=NOW)
    claim(session, conversation.id, staff=staff, epoch=conversation.epoch, now=NOW)


def test_staff_can_put_a_conversation_into_the_queue(session: Session) -> None:
    conversation, staff = create_conversation(session), create_staff(session)
    make_staff_wait(session, conversation.id, staff=staff, epoch=conversation.epoch, now=NOW)
    assert conversation.waiting_reason is WaitingReason.STAFF
    with pytest.raises(FloorMoved):
        make_staff_wait(session, conversation.id, staff=staff, epoch=1, now=NOW)


def test_every_change_of_the_floor_is_written_down(session: Session) -> None:
    conversation, staff = held(session)
    release(session, conversation.id, staff=staff, epoch=conversation.epoch, summary="", now=NOW)
    session.flush()
    changes = session.scalars(select(FloorChange).order_by(FloorChange.epoch)).all()
    assert [(each.epoch, each.mode, each.reason) for each in changes] == [
        (2, Mode.WAITING, "asked"),
        (3, Mode.MEDIATOR, "claimed"),
        (4, Mode.ASSISTANT, "released"),
    ]
