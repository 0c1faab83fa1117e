"""Conversations at a certain point of the floor, for the tests of this folder."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import Author, Channel, MessageKind, SystemAnswer, WaitingReason
from backoffice.conversation.floor import make_wait
from backoffice.conversation.models import Button, Conversation, Message
from backoffice.handoff.service import claim
from backoffice.staff.models import Staff
from tests.backoffice.factories import NOW, create_conversation, create_staff, send


def waiting(
    session: Session,
    *,
    language: str = "it",
    urgent: bool = False,
    channel: Channel = Channel.WEB,
    now: datetime = NOW,
) -> Conversation:
    """A conversation that waits since `now`."""
    conversation = create_conversation(session, language=language, channel=channel, now=now)
    send(session, conversation, "voglio una persona", now=now)
    make_wait(session, conversation, reason=WaitingReason.ASKED, urgent=urgent, now=now)
    session.flush()
    return conversation


def held(session: Session, *, name: str = "Amina Rossi") -> tuple[Conversation, Staff]:
    """A conversation that a mediator has claimed."""
    conversation, staff = waiting(session), create_staff(session, name=name)
    claim(session, conversation.id, staff=staff, epoch=conversation.epoch, now=NOW)
    session.flush()
    return conversation, staff


def told(session: Session, conversation: Conversation) -> list[str]:
    """What the system has said to the person, in order."""
    session.flush()
    statement = select(Message.text).where(
        Message.conversation_id == conversation.id, Message.author == Author.SYSTEM
    )
    return list(session.scalars(statement.order_by(Message.seq)))


def press(session: Session, conversation: Conversation, answer: SystemAnswer, *, now: datetime = NOW) -> None:
    """Press the newest button of the system that says this."""
    session.flush()
    token = session.scalars(
        select(Button.token)
        .join(Message, Message.id == Button.message_id)
        .where(Button.conversation_id == conversation.id, Button.payload == answer.payload)
        .order_by(Message.seq.desc())
    ).first()
    assert token is not None, f"{answer} was not offered"
    send(session, conversation, None, kind=MessageKind.BUTTON, button=token, now=now)
