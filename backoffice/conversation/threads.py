"""Lists of conversations and whole threads, as staff read them: a page of either is a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backoffice.client.schemas import Channel, Mode
from backoffice.conversation.models import Conversation, Delivery, DeliveryState, Message
from backoffice.conversation.reading import attachments_of, buttons_of
from backoffice.conversation.renderings import renderings_of
from backoffice.conversation.schemas import MessageOut, message_out
from backoffice.encryption.together import load_all


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed by."""

    mode: Mode | None = None
    language: str | None = None
    channel: Channel | None = None

    def narrow(self, statement: Select[Conversation]) -> Select[Conversation]:
        """Return the statement with these filters."""
        if self.mode is not None:
            statement = statement.where(Conversation.mode == self.mode)
        if self.language is not None:
            statement = statement.where(Conversation.language == self.language)
        if self.channel is not None:
            statement = statement.where(Conversation.channel == self.channel)
        return statement


def list_conversations(
    session: Session, readable: Select[Conversation], filters: Filters, *, limit: int, before: str | None
) -> tuple[Sequence[Conversation], str | None]:
    """Return one page, the youngest first, and the cursor of the next. Ids grow with time, so they order."""
    statement = filters.narrow(readable)
    if before is not None:
        statement = statement.where(Conversation.id < before)
    found = load_all(session, statement.order_by(Conversation.id.desc()).limit(limit + 1))
    page = found[:limit]
    return page, page[-1].id if len(found) > limit else None


def read_thread(
    session: Session, conversation_id: str, *, after: int, limit: int
) -> tuple[list[MessageOut], int | None]:
    """Return one page of messages, what is for staff only included, and the number to go on after."""
    statement = (
        select(Message, Delivery.state)
        .outerjoin(Delivery, Delivery.message_id == Message.id)
        .where(Message.conversation_id == conversation_id, Message.seq > after)
        .options(joinedload(Message.staff))
        .order_by(Message.seq)
        .limit(limit + 1)
    )
    rows = session.execute(statement).all()
    page = [(message, state) for message, state in rows[:limit]]
    shown = show_messages(session, page)
    return shown, shown[-1].seq if len(rows) > limit else None


def show_messages(session: Session, rows: Sequence[tuple[Message, DeliveryState | None]]) -> list[MessageOut]:
    """Return messages with their buttons, files, renderings and delivery states."""
    messages = [message for message, _state in rows]
    buttons, attachments = buttons_of(session, messages), attachments_of(session, messages)
    renderings = renderings_of(session, messages)
    return [
        message_out(
            message,
            buttons=[button.label for button in buttons.get(message.id, [])],
            attachments=attachments.get(message.id, []),
            delivery=state,
            renderings=renderings.get(message.id, ()),
        )
        for message, state in rows
    ]


def show_message(session: Session, message_id: str) -> MessageOut:
    """Return one message as staff see it."""
    statement = (
        select(Message, Delivery.state)
        .outerjoin(Delivery, Delivery.message_id == Message.id)
        .where(Message.id == message_id)
        .options(joinedload(Message.staff))
        .execution_options(populate_existing=True)
    )
    message, state = session.execute(statement).one()
    return show_messages(session, [(message, state)])[0]
