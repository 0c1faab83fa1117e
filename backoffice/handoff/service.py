"""The floor between the assistant and a mediator (design, section 4).

Taking a conversation is one compare-and-set statement: of two at the same moment one wins. Every
other act of a mediator carries the epoch that they saw; the floor that has moved answers 409.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.client.schemas import Author, Mode, WaitingReason
from backoffice.conversation.errors import ConversationNotFound
from backoffice.conversation.floor import (
    close_open_turns,
    end_floor,
    give_to_assistant,
    make_wait,
    record_change,
    remember,
)
from backoffice.conversation.messages import Draft, say, write
from backoffice.conversation.models import Audience, ClosingReason, Conversation
from backoffice.conversation.permissions import get_claimable_conversation, has_no_conflict, may_claim
from backoffice.conversation.routing import accepts, colleagues_for, goes_against_wish
from backoffice.conversation.words import clean
from backoffice.errors import Conflict as Refusal
from backoffice.handoff.errors import (
    AlreadyClosed,
    NoSuchColleague,
    ReasonMissing,
    WishNotMet,
    why_not,
)
from backoffice.handoff.holding import begin_holding, end_holding, end_talk, lock_held, lock_joined
from backoffice.handoff.queue import read_place, tell_place
from backoffice.live.service import announce
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role

HOLDS_FOR = timedelta(seconds=75)
"""How long a mediator keeps the floor without a sign of their page, which gives one every 15 seconds."""

HOLDS_AFTER_TRANSFER = timedelta(minutes=5)
"""How long a colleague has to open what was transferred to them."""


def claim(
    session: Session,
    conversation_id: str,
    *,
    staff: Staff,
    epoch: int,
    now: datetime,
    override: bool = False,
) -> Conversation:
    """Take a conversation over, from the queue or from the assistant.

    Args:
        session: the transaction.
        conversation_id: which.
        staff: who takes it.
        epoch: the epoch that they saw.
        now: the present moment.
        override: take it although the person asked for a woman and `staff` is a man, or the other way
            round; noted in the audit trail.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken: another mediator was first.
        FloorMoved: it has changed since the caller saw it.
        WishNotMet: the person's wish speaks against this mediator, who did not confirm.
    """
    free = Conversation.mode.in_((Mode.WAITING, Mode.ASSISTANT))
    wanted = free if override else free & accepts(staff)
    if not _take(session, conversation_id, staff, epoch, wanted, now):
        raise _why_not_claimed(session, conversation_id, staff, epoch)
    conversation = get_claimable_conversation(session, staff, conversation_id, for_update=True)
    conversation.received_seq = conversation.last_seq
    close_open_turns(session, conversation.id)
    begin_holding(session, conversation, staff.id, now=now)
    remember(session, conversation, reason="claimed", staff_id=staff.id, now=now)
    if goes_against_wish(conversation, staff):
        _audit(session, conversation, "conversation.claimed_against_wish", staff, now)
    say(session, conversation, "mediator_joined", name=staff.first_name, now=now)
    return conversation


def take_over(
    session: Session, conversation_id: str, *, staff: Staff, epoch: int, reason: str, now: datetime
) -> Conversation:
    """Take a conversation from the colleague who holds it. A coordinator may; the reason stays as a note.

    One compare-and-set, as `claim`: the colleague's own acts answer 409 from then on.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: nobody holds it, or it is not as the caller saw it.
        ReasonMissing: the reason is empty.
    """
    words = clean(reason).strip()
    if not words:
        raise ReasonMissing
    get_coordinated_conversation(session, conversation_id, staff=staff)
    held_by_another = (Conversation.mode == Mode.MEDIATOR) & (Conversation.holder_id != staff.id)
    if not _take(session, conversation_id, staff, epoch, held_by_another, now):
        raise why_not(session, get_claimable_conversation(session, staff, conversation_id))
    conversation = get_claimable_conversation(session, staff, conversation_id, for_update=True)
    conversation.received_seq = conversation.last_seq
    end_holding(session, conversation.id, because="taken_over", now=now)
    begin_holding(session, conversation, staff.id, now=now)
    remember(session, conversation, reason="taken_over", staff_id=staff.id, now=now)
    _audit(session, conversation, "conversation.taken_over", staff, now)
    _note(session, conversation, staff, words, now)
    say(session, conversation, "mediator_changed", name=staff.first_name, now=now)
    return conversation


def release(
    session: Session, conversation_id: str, *, staff: Staff, epoch: int, summary: str, now: datetime
) -> Conversation:
    """Hand the conversation back to the assistant, which begins anew; the summary is for staff.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: the floor is no longer theirs.
    """
    conversation = lock_held(session, conversation_id, staff=staff, epoch=epoch)
    words = clean(summary).strip()
    if words:
        _note(session, conversation, staff, words, now)
        conversation.summary = words.splitlines()
    end_talk(session, conversation.id, because="released", now=now)
    conversation.rasa_session += 1
    conversation.received_seq = conversation.last_seq
    give_to_assistant(session, conversation, reason="released", staff_id=staff.id, now=now)
    say(session, conversation, "handed_back", now=now)
    return conversation


def transfer(
    session: Session, conversation_id: str, *, staff: Staff, epoch: int, to: str, now: datetime
) -> Conversation:
    """Give the floor to a colleague, mediator or caseworker, named by id or by e-mail address.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: the floor is no longer theirs.
        NoSuchColleague: nobody here who takes conversations over is so called.
    """
    conversation = lock_held(session, conversation_id, staff=staff, epoch=epoch)
    colleague = find_colleague(session, conversation, to=to, but=staff.id)
    end_holding(session, conversation.id, because="transferred", now=now)
    conversation.holder_id, conversation.holder_until = colleague.id, now + HOLDS_AFTER_TRANSFER
    record_change(session, conversation, reason="transferred", staff_id=staff.id, now=now)
    begin_holding(session, conversation, colleague.id, now=now)
    say(session, conversation, "mediator_changed", name=colleague.first_name, now=now)
    return conversation


def close(
    session: Session,
    conversation_id: str,
    *,
    staff: Staff,
    epoch: int,
    reason: ClosingReason,
    now: datetime,
) -> Conversation:
    """End a conversation; the person is told, and their next message opens it again with the assistant.

    Who holds the floor may, and a coordinator whoever holds it.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: the floor is not theirs, or not as they saw it.
        AlreadyClosed: it is closed.
    """
    conversation = get_claimable_conversation(session, staff, conversation_id, for_update=True)
    if conversation.mode is Mode.CLOSED:
        raise AlreadyClosed
    holds = conversation.mode is Mode.MEDIATOR and conversation.holder_id == staff.id
    if conversation.epoch != epoch or not (holds or staff.has_role(Role.COORDINATOR)):
        raise why_not(session, conversation)
    end_talk(session, conversation.id, because="closed", now=now)
    close_open_turns(session, conversation.id)
    conversation.received_seq = conversation.last_seq
    end_floor(session, conversation, because=reason, staff_id=staff.id, now=now)
    _audit(session, conversation, "conversation.closed", staff, now)
    say(session, conversation, "closed", now=now)
    return conversation


def keep_holding(
    session: Session, conversation_id: str, *, staff: Staff, epoch: int, now: datetime
) -> datetime:
    """Hear of an open page: its mediator keeps the floor, and has seen what was written. Return until when.

    From whoever was invited it only says that they have seen it.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: the floor is no longer theirs.
    """
    conversation = lock_joined(session, conversation_id, staff=staff, epoch=epoch)
    until = conversation.holder_until or now
    if conversation.holder_id == staff.id:
        until = conversation.holder_until = max(now + HOLDS_FOR, until)
    if conversation.received_seq < conversation.last_seq:
        conversation.received_seq = conversation.last_seq
        announce(session, conversation.id)
    return until


def make_staff_wait(
    session: Session, conversation_id: str, *, staff: Staff, epoch: int, now: datetime
) -> Conversation:
    """Put a conversation that the assistant holds into the queue, because staff think it should be there.

    The person is told that they wait, and where they stand.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: the assistant no longer holds it.
    """
    conversation = get_claimable_conversation(session, staff, conversation_id, for_update=True)
    if conversation.mode is not Mode.ASSISTANT or conversation.epoch != epoch:
        raise why_not(session, conversation)
    make_wait(session, conversation, reason=WaitingReason.STAFF, now=now)
    session.flush()
    place = read_place(session, conversation, already_waiting=False, now=now)
    tell_place(session, conversation, place, now=now)
    return conversation


def expire_holders(session: Session, *, now: datetime) -> int:
    """Take the floor from mediators whose page is gone: to the queue, never to the assistant."""
    statement = select(Conversation).where(
        Conversation.mode == Mode.MEDIATOR, Conversation.holder_until < now
    )
    gone = session.scalars(statement.with_for_update(skip_locked=True)).all()
    for conversation in gone:
        end_talk(session, conversation.id, because="left", now=now)
        make_wait(session, conversation, reason=WaitingReason.MEDIATOR_LEFT, now=now)
        say(session, conversation, "mediator_left", now=now)
    return len(gone)


def has_expired_holders(session: Session, *, now: datetime) -> bool:
    """Tell whether a mediator's time is over; a look that locks nothing."""
    statement = select(Conversation.id).where(
        Conversation.mode == Mode.MEDIATOR, Conversation.holder_until < now
    )
    return session.execute(statement.limit(1)).first() is not None


def get_coordinated_conversation(session: Session, conversation_id: str, *, staff: Staff) -> Conversation:
    """Return a conversation about which somebody decides for colleagues.

    Raises:
        ConversationNotFound: it does not exist, or this person is no coordinator here.
    """
    conversation = get_claimable_conversation(session, staff, conversation_id)
    if not staff.has_role(Role.COORDINATOR):
        raise ConversationNotFound
    return conversation


def find_colleague(session: Session, conversation: Conversation, *, to: str, but: str) -> Staff:
    """Return a colleague who may write to the person, named by id or by e-mail address.

    Raises:
        NoSuchColleague: nobody here who takes conversations over, and may take this one, is so called.
    """
    named = (to, to.lower())
    for colleague in colleagues_for(session, conversation, but=but):
        if colleague.id == named[0] or colleague.email == named[1]:
            return colleague
    raise NoSuchColleague


def _take(
    session: Session,
    conversation_id: str,
    staff: Staff,
    epoch: int,
    condition: ColumnElement[bool],
    now: datetime,
) -> bool:
    if not may_claim(staff):
        return False
    taken = session.execute(
        update(Conversation)
        .where(
            Conversation.id == conversation_id,
            Conversation.organisation_id == staff.organisation_id,
            Conversation.epoch == epoch,
            condition,
            has_no_conflict(staff.id),
        )
        .values(
            mode=Mode.MEDIATOR,
            holder_id=staff.id,
            holder_until=now + HOLDS_FOR,
            epoch=Conversation.epoch + 1,
            waiting_reason=None,
            waiting_since=None,
            waiting_turn_id=None,
        )
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    )
    return taken.first() is not None


def _why_not_claimed(session: Session, conversation_id: str, staff: Staff, epoch: int) -> Refusal:
    conversation = get_claimable_conversation(session, staff, conversation_id)
    is_free = conversation.mode in (Mode.WAITING, Mode.ASSISTANT) and conversation.epoch == epoch
    if is_free and goes_against_wish(conversation, staff):
        return WishNotMet()
    return why_not(session, conversation)


def _note(session: Session, conversation: Conversation, staff: Staff, words: str, now: datetime) -> None:
    note = Draft(Author.MEDIATOR, words, language="it", staff_id=staff.id, audience=Audience.STAFF)
    write(session, conversation, note, now=now)


def _audit(session: Session, conversation: Conversation, action: str, staff: Staff, now: datetime) -> None:
    audit.record(
        session,
        by=staff.id,
        action=action,
        subject_kind="conversation",
        subject_id=conversation.id,
        now=now,
    )
