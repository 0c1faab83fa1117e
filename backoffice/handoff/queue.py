"""Asking for a person: into the queue, and what the one who waits may be told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from backoffice.client.schemas import HandoffRequest, HandoffState, Mode
from backoffice.conversation.floor import make_wait
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation, InboxEntry
from backoffice.conversation.queries import lock_conversation
from backoffice.handoff.offers import as_buttons, offers_for
from backoffice.live.service import announce
from backoffice.office.service import find_office, read_opening, say_when


def request_handoff(
    session: Session, conversation_id: str, request: HandoffRequest, *, turn_id: str | None, now: datetime
) -> HandoffState:
    """Put a conversation into the queue, or tell where it stands there.

    When a turn asks, its own answer tells the person what happens now; else the system does.

    Args:
        session: the transaction.
        conversation_id: whose.
        request: why, how urgent, and what staff should know.
        turn_id: the turn that asks, if one does.
        now: the present moment.

    Raises:
        ConversationNotFound: there is none.
    """
    conversation = lock_conversation(session, conversation_id)
    _note(conversation, request)
    asks = _turn_of(session, conversation, turn_id)
    was_free = conversation.mode in (Mode.ASSISTANT, Mode.CLOSED)
    if was_free:
        make_wait(session, conversation, reason=request.reason, urgent=request.urgent, turn_id=asks, now=now)
    elif conversation.mode is Mode.WAITING:
        conversation.urgent = conversation.urgent or request.urgent
        if request.urgent:
            conversation.waiting_reason = request.reason
        announce(session, conversation.id)
    session.flush()
    state = read_place(session, conversation, already_waiting=not was_free, now=now)
    if was_free and asks is None:
        tell_place(session, conversation, state, now=now)
    elif state.position == 1:
        conversation.next_told_at = now  # the turn's own answer says it
    return state


def read_place(
    session: Session, conversation: Conversation, *, already_waiting: bool, now: datetime
) -> HandoffState:
    """Return the place in the queue of the same language: urgent ones first, then by time. 0: not in it."""
    opening = read_opening(find_office(session, conversation.organisation_id), now=now)
    waits = conversation.mode is Mode.WAITING
    answers = offers_for(desk_open=opening.is_open, urgent=conversation.urgent) if waits else ()
    return HandoffState(
        position=position(session, conversation),
        desk_open=opening.is_open,
        opens_at=opening.opens_at,
        already_waiting=already_waiting,
        offers=as_buttons(answers, conversation.language),
    )


def tell_place(session: Session, conversation: Conversation, state: HandoffState, *, now: datetime) -> None:
    """Let the system say the place in the queue, and when the desk opens where it is closed."""
    place = str(state.position)
    if state.position == 1:
        conversation.next_told_at = now
    if state.desk_open or state.opens_at is None:
        say(session, conversation, "queue_position", position=place, buttons=state.offers, now=now)
        return
    office = find_office(session, conversation.organisation_id)
    opens = say_when(office, state.opens_at, conversation.language)
    said = {"opens": opens, "position": place}
    say(session, conversation, "desk_closed", buttons=state.offers, now=now, **said)


def _note(conversation: Conversation, request: HandoffRequest) -> None:
    if request.topic is not None:
        conversation.topic = request.topic
    if request.summary:
        conversation.summary = list(request.summary)


def _turn_of(session: Session, conversation: Conversation, turn_id: str | None) -> str | None:
    if turn_id is None:
        return None
    entry = session.get(InboxEntry, turn_id)
    return entry.id if entry is not None and entry.conversation_id == conversation.id else None


def position(session: Session, conversation: Conversation) -> int:
    """Return the place in the queue of the same language, from 1; 0 for who is not in it."""
    if conversation.mode is not Mode.WAITING:
        return 0
    since = conversation.waiting_since
    sooner = (Conversation.waiting_since < since) | (
        (Conversation.waiting_since == since) & (Conversation.id < conversation.id)
    )
    before = sooner & Conversation.urgent if conversation.urgent else or_(Conversation.urgent, sooner)
    counted = session.scalar(
        select(func.count()).where(
            Conversation.organisation_id == conversation.organisation_id,
            Conversation.mode == Mode.WAITING,
            Conversation.language == conversation.language,
            Conversation.id != conversation.id,
            before,
        )
    )
    return 1 + (counted or 0)
