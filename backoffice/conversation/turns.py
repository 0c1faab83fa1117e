"""Turns: a citizen's message taken to the assistant under a lease, and what came of it.

The lease is on the conversation, so that its messages are processed one after the other. Its token
rises with each claim: what an earlier holder writes later is refused. The epoch says whether the
floor has moved meanwhile: then the answer is kept for staff and never said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from backoffice.client.schemas import (
    Author,
    Mode,
    Reply,
    Turn,
    TurnAnswer,
    TurnAnswered,
    TurnFailure,
    TurnFailureRecorded,
    WaitingReason,
)
from backoffice.conversation.errors import LeaseLost
from backoffice.conversation.floor import make_wait
from backoffice.conversation.memory import memory_key
from backoffice.conversation.messages import TURNS, Draft, say, write
from backoffice.conversation.models import Audience, Button, Conversation, InboxEntry, InboxState, Message
from backoffice.conversation.queries import lock_turn
from backoffice.conversation.words import for_assistant
from backoffice.database import publish_after_commit
from backoffice.form_course.service import follow_form
from backoffice.live.service import announce
from backoffice.office.service import contact_sentence

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 5
MOST_CLAIMS = 10
"""A turn that was handed out so often without any word of it brings its worker down: a person takes it."""
_EARLIER = aliased(InboxEntry)
MOST_GIVEN_UP = 2
"""A turn that was given up so often is dead: a person answers it, the assistant no more."""


# --- Claim --------------------------------------------------------------------------------------


def has_turn(session: Session, worker: str, *, now: datetime) -> bool:
    """Tell whether there is a turn to claim, without taking it: a look that locks nothing."""
    statement = _next_turn(worker, now).with_only_columns(InboxEntry.id, maintain_column_froms=True)
    return session.execute(statement).first() is not None


def claim_turn(session: Session, worker: str, *, now: datetime) -> Turn | None:
    """Hand out the next turn, under a lease of 30 seconds.

    Of each conversation the lowest open message is next, and only while the assistant has the floor.
    A worker named `name#boot` takes over at once what the same name held before it was started anew.
    """
    statement = _next_turn(worker, now).with_for_update(of=[Conversation, InboxEntry], skip_locked=True)
    found = session.execute(statement.execution_options(populate_existing=True)).first()
    if found is None:
        return None
    conversation, entry, message = found
    if entry.attempts >= MOST_CLAIMS:
        _bury(session, conversation, entry, now=now)
        return claim_turn(session, worker, now=now)
    conversation.lease_token += 1
    conversation.lease_owner = worker
    conversation.lease_until = now + LEASE
    entry.attempts += 1
    session.flush()
    return _turn(conversation, entry, message, memory_key(session, conversation))


def _next_turn(worker: str, now: datetime) -> Select[Conversation, InboxEntry, Message]:
    return (
        select(Conversation, InboxEntry, Message)
        .join(InboxEntry, InboxEntry.conversation_id == Conversation.id)
        .join(Message, Message.id == InboxEntry.id)
        .where(
            InboxEntry.state == InboxState.PENDING,
            InboxEntry.next_at <= now,
            or_(Conversation.mode == Mode.ASSISTANT, Conversation.waiting_turn_id == InboxEntry.id),
            _lease_is_free(worker, now),
            ~exists().where(
                _EARLIER.conversation_id == InboxEntry.conversation_id,
                _EARLIER.state == InboxState.PENDING,
                _EARLIER.seq < InboxEntry.seq,
            ),
        )
        .order_by(InboxEntry.next_at, InboxEntry.seq)
        .limit(1)
    )


def _lease_is_free(worker: str, now: datetime) -> ColumnElement[bool]:
    free = or_(Conversation.lease_until.is_(None), Conversation.lease_until < now)
    name, marked, _boot = worker.partition("#")
    if not marked:
        return free
    predecessor = and_(
        Conversation.lease_owner.startswith(f"{name}#", autoescape=True), Conversation.lease_owner != worker
    )
    return or_(free, predecessor)


def _turn(conversation: Conversation, entry: InboxEntry, message: Message, memory: str) -> Turn:
    return Turn(
        turn_id=entry.id,
        conversation_id=conversation.id,
        sender=conversation.sender,
        seq=entry.seq,
        epoch=conversation.epoch,
        lease_token=conversation.lease_token,
        attempt=entry.attempts,
        language=conversation.language,
        channel=conversation.channel,
        text=None if entry.payload is not None else for_assistant(message.text),
        payload=entry.payload,
        accepted_at=entry.created_at,
        memory_key=memory,
    )


# --- Answer -------------------------------------------------------------------------------------


def answer_turn(session: Session, turn_id: str, answer: TurnAnswer, *, now: datetime) -> TurnAnswered:
    """Store what the assistant says, with its deliveries. The same answer again changes nothing.

    Raises:
        ConversationNotFound: there is no such turn.
        LeaseLost: another worker has the turn, or it was answered under another lease.
    """
    conversation, entry = lock_turn(session, turn_id)
    if entry.answered_token is not None and entry.answered_token == answer.lease_token:
        return TurnAnswered(suppressed=entry.suppressed)
    _check_lease(conversation, entry, answer.lease_token)
    entry.suppressed = not _may_be_said(conversation, entry, answer.epoch)
    entry.state, entry.error, entry.answered_token = InboxState.DONE, None, answer.lease_token
    entry.intent, entry.confidence = answer.intent, answer.confidence
    conversation.lease_until = conversation.lease_owner = None
    conversation.received_seq = max(conversation.received_seq, entry.seq)
    _let_others_go_first(session, entry, now=now)
    follow_form(session, conversation.id, answer.form, now=now)
    drafts = [_draft(reply, suppressed=entry.suppressed) for reply in answer.replies]
    if drafts and not entry.suppressed:
        _close_questions(session, conversation.id)
    if drafts:
        write(session, conversation, *drafts, now=now)
    announce(session, conversation.id)
    publish_after_commit(session, TURNS)
    return TurnAnswered(suppressed=entry.suppressed)


def _let_others_go_first(session: Session, answered: InboxEntry, *, now: datetime) -> None:
    """Put what a conversation still waits with behind everybody who waits already.

    Answered in the order in which they came, the messages of a few who send without end would stand before
    everybody else's: twenty of them kept a hundred people without an answer.
    """
    session.execute(
        update(InboxEntry)
        .where(
            InboxEntry.conversation_id == answered.conversation_id,
            InboxEntry.state == InboxState.PENDING,
            InboxEntry.seq > answered.seq,
            InboxEntry.next_at < now,
        )
        .values(next_at=now)
        .execution_options(synchronize_session=False, autoflush=False)
    )


def _check_lease(conversation: Conversation, entry: InboxEntry, token: int) -> None:
    # A take-over makes the entry done while its worker still holds the lease: its answer is then
    # suppressed by the epoch, not refused. `lease_owner` is empty when nobody holds it.
    if (
        conversation.lease_token != token
        or conversation.lease_owner is None
        or entry.answered_token is not None
    ):
        raise LeaseLost


def _may_be_said(conversation: Conversation, entry: InboxEntry, epoch: int) -> bool:
    asked_for_the_wait = conversation.mode is Mode.WAITING and conversation.waiting_turn_id == entry.id
    return conversation.epoch == epoch or asked_for_the_wait


def _draft(reply: Reply, *, suppressed: bool) -> Draft:
    return Draft(
        Author.ASSISTANT,
        reply.text,
        audience=Audience.STAFF if suppressed else Audience.EVERYBODY,
        suppressed=suppressed,
        buttons=reply.buttons,
    )


def _close_questions(session: Session, conversation_id: str) -> None:
    session.execute(
        update(Button)
        .where(Button.conversation_id == conversation_id, ~Button.lasting, ~Button.closed)
        .values(closed=True)
        .execution_options(synchronize_session=False, autoflush=False)
    )


# --- Failure ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Outcome:
    """Where a failed turn goes."""

    state: InboxState
    reason: WaitingReason
    said: str


_LATER = _Outcome(InboxState.DEFERRED, WaitingReason.ASSISTANT_UNAVAILABLE, "assistant_unavailable")
_NEVER = _Outcome(InboxState.DEAD, WaitingReason.NOT_UNDERSTOOD, "given_to_a_person")
_NOW = _Outcome(InboxState.DEAD, WaitingReason.EMERGENCY, "assistant_unavailable")
"""Somebody in danger waits for a person, also when the assistant is back meanwhile."""


def fail_turn(session: Session, turn_id: str, failure: TurnFailure, *, now: datetime) -> TurnFailureRecorded:
    """Record that a turn brought no answer: offer it again later, or give the conversation to a person.

    Given up, the person is told, and the message is kept for the assistant's return; the second time it
    is dead and only a person answers.

    Raises:
        ConversationNotFound: there is no such turn.
        LeaseLost: another worker has the turn.
    """
    conversation, entry = lock_turn(session, turn_id)
    _check_lease(conversation, entry, failure.lease_token)
    conversation.lease_until = conversation.lease_owner = None
    entry.error = failure.reason.value
    if entry.state is not InboxState.PENDING:
        return TurnFailureRecorded(retry_at=None)  # a mediator took over meanwhile
    if failure.give_up or entry.attempts >= MOST_ATTEMPTS:
        _give_up(session, conversation, entry, urgent=failure.urgent, now=now)
        return TurnFailureRecorded(retry_at=None)
    entry.next_at = now + timedelta(seconds=2 ** (entry.attempts - 1) / 2)
    publish_after_commit(session, TURNS)
    return TurnFailureRecorded(retry_at=entry.next_at)


def _bury(session: Session, conversation: Conversation, entry: InboxEntry, *, now: datetime) -> None:
    entry.given_up, entry.error = MOST_GIVEN_UP, "never_answered"
    conversation.lease_until = conversation.lease_owner = None
    _give_up(session, conversation, entry, urgent=False, now=now)


def _give_up(
    session: Session, conversation: Conversation, entry: InboxEntry, *, urgent: bool, now: datetime
) -> None:
    entry.given_up += 1
    outcome = _NOW if urgent else _NEVER if entry.given_up >= MOST_GIVEN_UP else _LATER
    entry.state = outcome.state
    session.flush()
    if conversation.mode is Mode.ASSISTANT:
        make_wait(session, conversation, reason=outcome.reason, urgent=urgent, now=now)
    contact = contact_sentence(session, conversation.organisation_id, conversation.language)
    if contact is None:
        say(session, conversation, f"{outcome.said}_no_office", now=now)
    else:
        say(session, conversation, outcome.said, office=contact, now=now)
