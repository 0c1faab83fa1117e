"""Statements about the chat: whether people are understood, answered by a person, translated, reached."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Over, Subquery, case, func, select

from backoffice.client.schemas import Mode
from backoffice.conversation.models import (
    Conversation,
    Delivery,
    DeliveryState,
    FloorChange,
    InboxEntry,
    Message,
    Rendering,
    RenderingState,
)
from backoffice.form_course.models import FormCourse
from backoffice.planning.statements import Statement, counted, is_of, month_of, seconds_between

NOT_UNDERSTOOD_INTENT = "nlu_fallback"
"""What Rasa calls a message that it does not understand."""
YES, NO = "yes", "no"
CAME, DID_NOT_COME = "came", "did_not_come"
MINUTE = 60


def waits(year: int) -> Statement:
    """Count waits for a person by the month in which they ended, with their minutes.

    A wait goes on over several changes; it ends when somebody takes the floor, or with anything else: the
    assistant comes back, the conversation is closed.
    """
    before = func.lag(FloorChange.mode, type_=FloorChange.mode.type).over(
        partition_by=FloorChange.conversation_id, order_by=FloorChange.epoch
    )
    every = select(
        FloorChange.conversation_id,
        FloorChange.epoch,
        FloorChange.mode,
        FloorChange.at,
        before.label("before"),
    ).subquery("every")
    turns = (
        select(
            every.c.conversation_id,
            every.c.mode,
            every.c.at,
            _following(every.c.mode, every).label("then"),
            _following(every.c.at, every).label("ended_at"),
        )
        .where((every.c.before.is_(None)) | (every.c.before != every.c.mode))
        .subquery("turns")
    )
    return counted(
        select(Conversation)
        .join(turns, turns.c.conversation_id == Conversation.id)
        .where(turns.c.mode == Mode.WAITING, is_of(turns.c.ended_at, year)),
        {
            "period": month_of(turns.c.ended_at, year),
            "human": case((turns.c.then == Mode.MEDIATOR, CAME), else_=DID_NOT_COME),
            "language": Conversation.language,
            "channel": Conversation.channel,
            "minutes": seconds_between(turns.c.at, turns.c.ended_at) // MINUTE,
        },
    )


def understanding(year: int) -> Statement:
    """Count the messages that people typed to the assistant, and whether it understood them. No buttons."""
    return counted(
        select(InboxEntry)
        .join(Conversation, Conversation.id == InboxEntry.conversation_id)
        .where(
            is_of(InboxEntry.created_at, year), InboxEntry.intent.is_not(None), InboxEntry.payload.is_(None)
        ),
        {
            "period": month_of(InboxEntry.created_at, year),
            "understood": case((InboxEntry.intent == NOT_UNDERSTOOD_INTENT, NO), else_=YES),
            "language": Conversation.language,
            "channel": Conversation.channel,
        },
    )


def forms(year: int) -> Statement:
    """Count the forms of the chat by the month in which they were sent, or counted as left."""
    return counted(
        select(FormCourse)
        .join(Conversation, Conversation.id == FormCourse.conversation_id)
        .where(is_of(FormCourse.ends_at, year)),
        {
            "period": month_of(FormCourse.ends_at, year),
            "sent": case((FormCourse.sent, YES), else_=NO),
            "language": Conversation.language,
            "channel": Conversation.channel,
            "form": FormCourse.case_type,
        },
    )


def translations(year: int) -> Statement:
    """Count what the machine translated or could not; what a person wrote or corrected does not count."""
    ended = (RenderingState.DONE, RenderingState.REFUSED)
    return counted(
        select(Rendering)
        .join(Message, Message.id == Rendering.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(is_of(Rendering.created_at, year), Rendering.state.in_(ended), Rendering.staff_id.is_(None)),
        {
            "period": month_of(Rendering.created_at, year),
            "translated": case((Rendering.state == RenderingState.DONE, YES), else_=NO),
            "language": Conversation.language,
            "channel": Conversation.channel,
        },
    )


def deliveries(year: int) -> Statement:
    """Count what was sent to people's phones, and whether it arrived. The web page fetches for itself."""
    ended = (DeliveryState.SENT, DeliveryState.UNCERTAIN, DeliveryState.DEAD)
    return counted(
        select(Delivery)
        .join(Message, Message.id == Delivery.message_id)
        .join(Conversation, Conversation.id == Delivery.conversation_id)
        .where(is_of(Message.created_at, year), Delivery.state.in_(ended)),
        {
            "period": month_of(Message.created_at, year),
            "delivered": case((Delivery.state == DeliveryState.SENT, YES), else_=NO),
            "language": Conversation.language,
            "channel": Delivery.channel,
        },
    )


def _following(column: ColumnElement[Any], every: Subquery) -> Over[Any]:
    """Return a column of the next row of the same conversation."""
    lead = func.lead(column, type_=column.type)
    return lead.over(partition_by=every.c.conversation_id, order_by=every.c.epoch)
