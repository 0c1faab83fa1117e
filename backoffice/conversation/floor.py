"""Move the floor: mode, epoch, history. Whoever calls this holds the lock on the conversation's row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from backoffice.client.schemas import Mode, WaitingReason
from backoffice.conversation.messages import TURNS
from backoffice.conversation.models import ClosingReason, Conversation, FloorChange, InboxEntry, InboxState
from backoffice.database import publish_after_commit
from backoffice.live.service import announce


def make_wait(
    session: Session,
    conversation: Conversation,
    *,
    reason: WaitingReason,
    now: datetime,
    urgent: bool = False,
    turn_id: str | None = None,
) -> None:
    """Put the conversation into the queue. What else the person wrote makes no turn any more, or a later one.

    Args:
        session: the transaction.
        conversation: its row is locked.
        reason: why; while the assistant is unavailable open turns are kept for its return.
        now: the present moment.
        urgent: whether it comes before the others; once urgent it stays so.
        turn_id: the turn that asks for it, whose own answer is still to be said.
    """
    conversation.mode = Mode.WAITING
    conversation.waiting_reason = reason
    conversation.waiting_since = now
    conversation.waiting_turn_id = turn_id
    conversation.urgent = conversation.urgent or urgent
    conversation.holder_id = conversation.holder_until = conversation.closed_because = None
    later = InboxState.DEFERRED if reason is WaitingReason.ASSISTANT_UNAVAILABLE else InboxState.DONE
    close_open_turns(session, conversation.id, into=later, but=turn_id)
    record_change(session, conversation, reason=reason.value, staff_id=None, now=now)


def give_to_assistant(
    session: Session, conversation: Conversation, *, reason: str, staff_id: str | None = None, now: datetime
) -> None:
    """Give the floor to the assistant. Deferred turns become due; they are in doubt, so looked up first."""
    conversation.mode = Mode.ASSISTANT
    conversation.waiting_reason = conversation.waiting_since = conversation.waiting_turn_id = None
    conversation.holder_id = conversation.holder_until = conversation.closed_because = None
    conversation.urgent = False
    session.execute(
        update(InboxEntry)
        .where(InboxEntry.conversation_id == conversation.id, InboxEntry.state == InboxState.DEFERRED)
        .values(state=InboxState.PENDING, next_at=now, attempts=InboxEntry.attempts + 1)
    )
    record_change(session, conversation, reason=reason, staff_id=staff_id, now=now)
    publish_after_commit(session, TURNS)


def end_floor(
    session: Session, conversation: Conversation, *, because: ClosingReason, staff_id: str, now: datetime
) -> None:
    """Give the floor to nobody: the person's next message opens the conversation again."""
    conversation.mode, conversation.closed_because = Mode.CLOSED, because
    conversation.waiting_reason = conversation.waiting_since = conversation.waiting_turn_id = None
    conversation.holder_id = conversation.holder_until = None
    conversation.urgent = False
    record_change(session, conversation, reason="closed", staff_id=staff_id, now=now)


def close_open_turns(
    session: Session, conversation_id: str, *, into: InboxState = InboxState.DONE, but: str | None = None
) -> None:
    """Let no message of the conversation wait for the assistant any more, but the turn `but`."""
    open_states = (InboxState.PENDING, InboxState.DEFERRED)
    statement = update(InboxEntry).where(
        InboxEntry.conversation_id == conversation_id, InboxEntry.state.in_(open_states)
    )
    if but is not None:
        statement = statement.where(InboxEntry.id != but)
    session.execute(statement.values(state=into))


def record_change(
    session: Session, conversation: Conversation, *, reason: str, staff_id: str | None, now: datetime
) -> None:
    """Raise the epoch and write the change down."""
    conversation.epoch += 1
    remember(session, conversation, reason=reason, staff_id=staff_id, now=now)


def remember(
    session: Session, conversation: Conversation, *, reason: str, staff_id: str | None, now: datetime
) -> None:
    """Write down a change whose epoch has already been raised."""
    session.add(
        FloorChange(
            conversation_id=conversation.id,
            epoch=conversation.epoch,
            mode=conversation.mode,
            reason=reason,
            staff_id=staff_id,
            at=now,
        )
    )
    announce(session, conversation.id)
