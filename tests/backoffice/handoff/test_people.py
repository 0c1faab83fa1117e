"""Second persons, conflicts, take-over, closing, and who is present."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.case.permissions import readable_cases
from backoffice.client.schemas import Author, CaseType, Mode, WaitingReason
from backoffice.conversation.errors import ConversationNotFound
from backoffice.conversation.models import (
    Audience,
    ClosingReason,
    Conversation,
    FloorChange,
    Message,
    Participant,
)
from backoffice.conversation.permissions import get_readable_conversation, readable_conversations
from backoffice.database import Database
from backoffice.handoff import presence
from backoffice.handoff.conflicts import state_conflict, stated_conflicts, withdraw_conflict
from backoffice.handoff.errors import (
    AlreadyClosed,
    ConversationTaken,
    FloorMoved,
    NoSuchColleague,
    ReasonMissing,
)
from backoffice.handoff.models import Activity, Assignment
from backoffice.handoff.participants import invite, take_out
from backoffice.handoff.service import (
    HOLDS_FOR,
    claim,
    close,
    expire_holders,
    keep_holding,
    release,
    take_over,
    transfer,
)
from backoffice.handoff.speaking import reply
from backoffice.live.service import last_event_id
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case
from tests.backoffice.factories import (
    NOW,
    answer,
    create_conversation,
    create_organisation,
    create_staff,
    send,
    take_turn,
)
from tests.backoffice.handoff.floor import held, told, waiting
from translations.catalog import text


def coordinator(session: Session) -> Staff:
    return create_staff(session, name="Carlo Bianchi", roles=frozenset({Role.COORDINATOR}))


def caseworker(session: Session) -> Staff:
    return create_staff(session, name="Sara Ferri", roles=frozenset({Role.CASEWORKER}))


def audited(session: Session) -> list[tuple[str, str]]:
    session.flush()
    rows = session.execute(select(AuditEntry.action, AuditEntry.actor).order_by(AuditEntry.id))
    return [(row.action, row.actor) for row in rows]


# --- A second person ----------------------------------------------------------------------------


def joined(session: Session) -> tuple[Conversation, Staff, Staff]:
    conversation, mediator = held(session)
    sara = caseworker(session)
    invite(session, conversation.id, staff=mediator, epoch=conversation.epoch, to=sara.id, now=NOW)
    session.flush()
    return conversation, mediator, sara


def test_a_caseworker_writes_beside_the_mediator_under_her_own_name(session: Session) -> None:
    conversation, mediator, sara = joined(session)
    later = NOW + timedelta(seconds=30)
    for who, words in ((sara, "Porti il contratto"), (mediator, "Traduco io")):
        said = reply(session, conversation.id, staff=who, epoch=conversation.epoch, text=words, now=later)
        assert (said.author, said.staff_id) == (Author.MEDIATOR, who.id)
    assert conversation.holder_id == mediator.id
    assert text("system.colleague_joined", "it", name="Sara") in told(session, conversation)


def test_the_second_person_does_not_keep_the_floor_for_the_first(session: Session) -> None:
    conversation, _mediator, sara = joined(session)
    until = conversation.holder_until
    later = NOW + timedelta(seconds=30)
    reply(session, conversation.id, staff=sara, epoch=conversation.epoch, text="Ciao", now=later)
    assert keep_holding(session, conversation.id, staff=sara, epoch=conversation.epoch, now=later) == until
    assert conversation.holder_until == until


def test_inviting_twice_tells_the_person_once(session: Session) -> None:
    conversation, mediator, sara = joined(session)
    invite(session, conversation.id, staff=mediator, epoch=conversation.epoch, to=sara.email, now=NOW)
    joined_words = text("system.colleague_joined", "it", name="Sara")
    assert told(session, conversation).count(joined_words) == 1


def test_only_the_holder_invites_and_only_colleagues_who_may(session: Session) -> None:
    conversation, mediator = held(session)
    sara, planner = caseworker(session), create_staff(session, roles=frozenset({Role.PLANNER}))
    stranger = create_staff(session, organisation=create_organisation(session))
    with pytest.raises(ConversationTaken):
        invite(session, conversation.id, staff=sara, epoch=conversation.epoch, to=sara.id, now=NOW)
    for to in (planner.id, stranger.id, mediator.id, "no such"):
        with pytest.raises(NoSuchColleague):
            invite(session, conversation.id, staff=mediator, epoch=conversation.epoch, to=to, now=NOW)
    with pytest.raises(ConversationTaken):
        invite(session, conversation.id, staff=mediator, epoch=1, to=sara.id, now=NOW)


def test_a_second_person_can_neither_hand_back_nor_transfer(session: Session) -> None:
    conversation, mediator, sara = joined(session)
    with pytest.raises(ConversationTaken):
        release(session, conversation.id, staff=sara, epoch=conversation.epoch, summary="", now=NOW)
    with pytest.raises(ConversationTaken):
        transfer(session, conversation.id, staff=sara, epoch=conversation.epoch, to=mediator.id, now=NOW)


@pytest.mark.parametrize("who", ["herself", "holder", "coordinator"])
def test_a_part_is_ended_by_whoever_may(session: Session, who: str) -> None:
    conversation, mediator, sara = joined(session)
    staff = {"herself": sara, "holder": mediator, "coordinator": coordinator(session)}[who]
    take_out(session, conversation.id, staff=staff, colleague_id=sara.id, now=NOW)
    with pytest.raises(ConversationTaken):
        reply(session, conversation.id, staff=sara, epoch=conversation.epoch, text="Ciao", now=NOW)


def test_a_third_does_not_end_a_part(session: Session) -> None:
    conversation, _mediator, sara = joined(session)
    with pytest.raises(ConversationTaken):
        take_out(session, conversation.id, staff=create_staff(session), colleague_id=sara.id, now=NOW)


def test_the_part_ends_with_the_hand_back(session: Session) -> None:
    conversation, mediator, sara = joined(session)
    release(session, conversation.id, staff=mediator, epoch=conversation.epoch, summary="", now=NOW)
    session.flush()
    assert session.scalars(select(Participant)).all() == []
    with pytest.raises(FloorMoved):
        reply(session, conversation.id, staff=sara, epoch=conversation.epoch, text="Ciao", now=NOW)


def test_the_part_ends_when_the_mediator_vanishes(session: Session) -> None:
    conversation, _mediator, sara = joined(session)
    expire_holders(session, now=NOW + HOLDS_FOR + timedelta(seconds=1))
    session.flush()
    with pytest.raises(FloorMoved):
        reply(session, conversation.id, staff=sara, epoch=conversation.epoch, text="Ciao", now=NOW)
    assert session.scalars(select(Participant)).all() == []


def test_a_transfer_to_the_second_person_makes_her_the_first(session: Session) -> None:
    conversation, mediator, sara = joined(session)
    transfer(session, conversation.id, staff=mediator, epoch=conversation.epoch, to=sara.id, now=NOW)
    session.flush()
    assert conversation.holder_id == sara.id
    assert session.scalars(select(Participant)).all() == []


# --- Transfer to a caseworker -------------------------------------------------------------------


def test_a_mediator_passes_the_talk_to_a_caseworker_and_the_person_is_told_who(session: Session) -> None:
    conversation, mediator = held(session)
    sara = caseworker(session)
    transfer(session, conversation.id, staff=mediator, epoch=conversation.epoch, to=sara.id, now=NOW)
    assert told(session, conversation)[-1] == text("system.mediator_changed", "it", name="Sara")
    reply(session, conversation.id, staff=sara, epoch=conversation.epoch, text="Buongiorno", now=NOW)


# --- Take-over ----------------------------------------------------------------------------------


def test_a_coordinator_takes_over_with_a_reason_and_the_colleague_hears_the_name(
    session: Session,
) -> None:
    conversation, mediator = held(session)
    carlo, epoch = coordinator(session), conversation.epoch
    take_over(session, conversation.id, staff=carlo, epoch=epoch, reason=" È in ferie ", now=NOW)
    assert (conversation.holder_id, conversation.epoch) == (carlo.id, epoch + 1)
    assert ("conversation.taken_over", carlo.id) in audited(session)
    note = session.scalars(select(Message).where(Message.audience == Audience.STAFF)).one()
    assert (note.text, note.staff_id) == ("È in ferie", carlo.id)
    assert told(session, conversation)[-1] == text("system.mediator_changed", "it", name="Carlo")
    with pytest.raises(ConversationTaken) as refused:
        reply(session, conversation.id, staff=mediator, epoch=epoch, text="Ciao", now=NOW)
    assert refused.value.holder == "Carlo Bianchi"
    ended = session.scalars(select(Assignment.ended_because).where(Assignment.staff_id == mediator.id))
    assert ended.all() == ["taken_over"]


def test_nobody_but_a_coordinator_takes_over(session: Session) -> None:
    conversation, _mediator = held(session)
    for staff in (create_staff(session), caseworker(session)):
        with pytest.raises(ConversationNotFound):
            take_over(session, conversation.id, staff=staff, epoch=conversation.epoch, reason="x", now=NOW)


def test_a_take_over_needs_a_reason_a_holder_and_the_epoch_of_now(session: Session) -> None:
    conversation, _mediator = held(session)
    carlo = coordinator(session)
    with pytest.raises(ReasonMissing):
        take_over(session, conversation.id, staff=carlo, epoch=conversation.epoch, reason=" ", now=NOW)
    with pytest.raises(ConversationTaken):
        take_over(session, conversation.id, staff=carlo, epoch=1, reason="x", now=NOW)
    free = waiting(session)
    with pytest.raises(FloorMoved):
        take_over(session, free.id, staff=carlo, epoch=free.epoch, reason="x", now=NOW)


def test_of_two_coordinators_at_once_one_takes_over(database: Database) -> None:
    with database.transaction() as session:
        conversation, _mediator = held(session)
        pair = [coordinator(session) for _ in range(2)]
    start, outcomes = threading.Barrier(2), []

    def press(staff: Staff) -> None:
        start.wait()
        try:
            with database.transaction() as own:
                take_over(own, conversation.id, staff=staff, epoch=conversation.epoch, reason="x", now=NOW)
            outcomes.append("took")
        except ConversationTaken:
            outcomes.append("refused")

    threads = [threading.Thread(target=press, args=(staff,)) for staff in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["refused", "took"]


# --- Closing ------------------------------------------------------------------------------------


def test_the_holder_closes_and_the_next_message_opens_it_with_the_assistant(session: Session) -> None:
    conversation, mediator, _sara = joined(session)
    close(
        session,
        conversation.id,
        staff=mediator,
        epoch=conversation.epoch,
        reason=ClosingReason.ANSWERED,
        now=NOW,
    )
    assert (conversation.mode, conversation.closed_because) == (Mode.CLOSED, ClosingReason.ANSWERED)
    assert told(session, conversation)[-1] == text("system.closed", "it")
    assert session.scalars(select(Participant)).all() == []
    rasa_session = conversation.rasa_session
    send(session, conversation, "ancora io")
    assert (conversation.mode, conversation.closed_because) == (Mode.ASSISTANT, None)
    turn = take_turn(session)
    assert turn.sender == f"{conversation.id}.{rasa_session + 1}"
    assert not answer(session, turn).suppressed


@pytest.mark.parametrize("at", ["held", "waiting", "assistant"])
def test_a_coordinator_closes_whoever_holds_it(session: Session, at: str) -> None:
    made = {"held": lambda: held(session)[0], "waiting": lambda: waiting(session)}
    conversation = made.get(at, lambda: create_conversation(session))()
    carlo = coordinator(session)
    reason = ClosingReason.SPAM
    close(session, conversation.id, staff=carlo, epoch=conversation.epoch, reason=reason, now=NOW)
    session.flush()
    assert conversation.mode is Mode.CLOSED
    assert ("conversation.closed", carlo.id) in audited(session)
    with pytest.raises(AlreadyClosed):
        close(session, conversation.id, staff=carlo, epoch=conversation.epoch, reason=reason, now=NOW)


def test_nobody_else_closes(session: Session) -> None:
    conversation, mediator = held(session)
    reason, epoch = ClosingReason.OTHER, conversation.epoch
    with pytest.raises(ConversationTaken):
        close(session, conversation.id, staff=create_staff(session), epoch=epoch, reason=reason, now=NOW)
    with pytest.raises(ConversationTaken):
        close(session, conversation.id, staff=mediator, epoch=epoch - 1, reason=reason, now=NOW)


def test_an_answer_that_was_under_way_is_not_said_into_a_closed_conversation(session: Session) -> None:
    conversation = create_conversation(session)
    send(session, conversation)
    turn = take_turn(session)
    carlo = coordinator(session)
    close(
        session,
        conversation.id,
        staff=carlo,
        epoch=conversation.epoch,
        reason=ClosingReason.SPAM,
        now=NOW,
    )
    assert answer(session, turn).suppressed


# --- Conflict -----------------------------------------------------------------------------------


def test_who_knows_the_family_states_it_and_the_conversation_is_gone_for_her(session: Session) -> None:
    conversation, mediator = held(session)
    state_conflict(session, conversation.id, staff=mediator, now=NOW)
    session.flush()
    assert (conversation.mode, conversation.waiting_reason) == (Mode.WAITING, WaitingReason.STAFF)
    assert told(session, conversation)[-1] == text("system.somebody_else_answers", "it")
    with pytest.raises(ConversationNotFound):
        get_readable_conversation(session, mediator, conversation.id)
    assert session.scalars(readable_conversations(mediator)).all() == []
    with pytest.raises(ConversationNotFound):
        claim(session, conversation.id, staff=mediator, epoch=conversation.epoch, now=NOW)
    other = create_staff(session)
    claim(session, conversation.id, staff=other, epoch=conversation.epoch, now=NOW)
    with pytest.raises(NoSuchColleague):
        transfer(session, conversation.id, staff=other, epoch=conversation.epoch, to=mediator.id, now=NOW)


def test_a_conflict_hides_the_cases_of_the_conversation_too(session: Session) -> None:
    conversation, mediator = held(session)
    case = create_case(session, type=CaseType.HOUSING, conversation=conversation)
    assert session.scalars(readable_cases(mediator)).all() == [case]
    state_conflict(session, conversation.id, staff=mediator, now=NOW)
    session.flush()
    assert session.scalars(readable_cases(mediator)).all() == []


def test_a_coordinator_states_it_for_a_colleague_and_takes_it_back(session: Session) -> None:
    conversation, mediator, sara = joined(session)
    carlo = coordinator(session)
    state_conflict(session, conversation.id, staff=carlo, colleague_id=sara.id, now=NOW)
    session.flush()
    assert conversation.holder_id == mediator.id
    assert [each.id for each in stated_conflicts(session, conversation.id)] == [sara.id]
    with pytest.raises(ConversationNotFound):
        reply(session, conversation.id, staff=sara, epoch=conversation.epoch, text="Ciao", now=NOW)
    withdraw_conflict(session, conversation.id, staff=carlo, colleague_id=sara.id, now=NOW)
    session.flush()
    assert get_readable_conversation(session, sara, conversation.id).id == conversation.id
    with pytest.raises(NoSuchColleague):
        withdraw_conflict(session, conversation.id, staff=carlo, colleague_id=sara.id, now=NOW)
    assert [action for action, _actor in audited(session)][-2:] == [
        "conflict.stated",
        "conflict.withdrawn",
    ]


def test_nobody_but_a_coordinator_speaks_for_a_colleague(session: Session) -> None:
    conversation, mediator = held(session)
    other = create_staff(session)
    with pytest.raises(ConversationNotFound):
        state_conflict(session, conversation.id, staff=other, colleague_id=mediator.id, now=NOW)
    with pytest.raises(ConversationNotFound):
        withdraw_conflict(session, conversation.id, staff=other, colleague_id=mediator.id, now=NOW)
    stranger = create_staff(session, organisation=create_organisation(session))
    with pytest.raises(NoSuchColleague):
        state_conflict(
            session, conversation.id, staff=coordinator(session), colleague_id=stranger.id, now=NOW
        )


# --- Presence -----------------------------------------------------------------------------------


def test_who_reads_and_who_writes_is_seen_by_the_others_for_25_seconds(session: Session) -> None:
    conversation = waiting(session)
    amina, bilal = create_staff(session, name="Amina"), create_staff(session, name="Bilal")
    assert presence.beat(session, conversation.id, staff=amina, activity=Activity.READING, now=NOW) == []
    there = presence.beat(session, conversation.id, staff=bilal, activity=Activity.WRITING, now=NOW)
    assert [(each.name, each.activity) for each in there] == [("Amina", Activity.READING)]
    seen = presence.others_present(session, conversation.id, staff_id=amina.id, now=NOW)
    assert [(each.name, each.activity) for each in seen] == [("Bilal", Activity.WRITING)]
    late = NOW + presence.LASTS + timedelta(seconds=1)
    assert presence.others_present(session, conversation.id, staff_id=amina.id, now=late) == []
    assert presence.has_gone(session, now=late)
    assert presence.forget_gone(session, now=late) == 2
    assert not presence.has_gone(session, now=late)


def test_only_a_change_of_presence_is_announced(database: Database) -> None:
    with database.transaction() as session:
        conversation, staff = waiting(session), create_staff(session)

    def announced(activity: Activity | None, seconds: float) -> bool:
        with database.read() as session:
            before = last_event_id(session)
        with database.transaction() as session:
            now = NOW + timedelta(seconds=seconds)
            if activity is None:
                presence.leave(session, conversation.id, staff_id=staff.id)
            else:
                presence.beat(session, conversation.id, staff=staff, activity=activity, now=now)
        with database.read() as session:
            return last_event_id(session) > before

    assert announced(Activity.READING, 0)
    assert not announced(Activity.READING, 10)
    assert announced(Activity.WRITING, 12)
    assert not announced(Activity.WRITING, 20)
    assert announced(Activity.READING, 30)
    assert announced(Activity.READING, 90)  # it was gone meanwhile
    assert announced(None, 91)
    assert not announced(None, 92)


def test_who_may_not_read_is_not_present(session: Session) -> None:
    conversation = waiting(session)
    stranger = create_staff(session, organisation=create_organisation(session))
    with pytest.raises(ConversationNotFound):
        presence.beat(session, conversation.id, staff=stranger, activity=Activity.READING, now=NOW)


# --- History ------------------------------------------------------------------------------------


def test_each_change_of_the_floor_has_its_epoch_and_reason(session: Session) -> None:
    conversation, mediator = held(session)
    carlo = coordinator(session)
    take_over(session, conversation.id, staff=carlo, epoch=conversation.epoch, reason="x", now=NOW)
    state_conflict(session, conversation.id, staff=carlo, now=NOW)
    close(
        session,
        conversation.id,
        staff=coordinator(session),
        epoch=conversation.epoch,
        reason=ClosingReason.OTHER,
        now=NOW,
    )
    session.flush()
    changes = session.scalars(select(FloorChange).order_by(FloorChange.epoch)).all()
    assert [(each.epoch, each.mode, each.reason) for each in changes] == [
        (2, Mode.WAITING, "asked"),
        (3, Mode.MEDIATOR, "claimed"),
        (4, Mode.MEDIATOR, "taken_over"),
        (5, Mode.WAITING, "staff"),
        (6, Mode.CLOSED, "closed"),
    ]
    assert mediator.id != carlo.id
