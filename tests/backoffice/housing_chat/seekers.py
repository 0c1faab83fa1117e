"""A household in the chat: what it presses, and what it reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import Author, Channel, MessageKind
from backoffice.conversation.models import Button, Conversation, Message
from backoffice.housing_match.models import HousingMatch
from tests.backoffice.case.cases import create_person
from tests.backoffice.factories import NOW, create_conversation, send
from tests.backoffice.homes import create_household


class Seeker:
    """One household with its search, which has written at `now`."""

    def __init__(
        self,
        session: Session,
        *,
        language: str = "it",
        channel: Channel = Channel.WEB,
        now: datetime = NOW,
        **answers: Any,
    ) -> None:
        self.session = session
        self.conversation: Conversation = create_conversation(
            session, channel=channel, language=language, now=now
        )
        self.person = create_person(session, name="রহিমা")
        self.conversation.person_id = self.person.id
        self.case: Case = create_household(
            session, person=self.person, conversation=self.conversation, **answers
        )
        self.write("cerco casa", now=now)

    def write(self, words: str, *, now: datetime = NOW) -> list[Message]:
        before = self.conversation.last_seq
        send(self.session, self.conversation, words, now=now)
        return self.after(before)

    def press(self, ending: str, *, now: datetime = NOW) -> list[Message]:
        """Press the newest button whose answer ends so; return what the backoffice says to it."""
        before = self.conversation.last_seq
        buttons = (
            select(Button)
            .join(Message, Message.id == Button.message_id)
            .where(Button.conversation_id == self.conversation.id)
            .order_by(Message.seq.desc())
        )
        token = next(each.token for each in self.session.scalars(buttons) if each.payload.endswith(ending))
        send(self.session, self.conversation, None, kind=MessageKind.BUTTON, button=token, now=now)
        return self.after(before)

    def after(self, seq: int) -> list[Message]:
        said = select(Message).where(
            Message.conversation_id == self.conversation.id,
            Message.seq > seq,
            Message.author == Author.SYSTEM,
        )
        return list(self.session.scalars(said.order_by(Message.seq)))

    def payloads(self, message: Message) -> list[str]:
        found = select(Button).where(Button.message_id == message.id).order_by(Button.position)
        return [button.payload for button in self.session.scalars(found)]

    def titles(self, message: Message) -> list[str]:
        found = select(Button).where(Button.message_id == message.id).order_by(Button.position)
        return [button.label for button in self.session.scalars(found)]

    def matches(self) -> list[HousingMatch]:
        found = select(HousingMatch).where(HousingMatch.case_id == self.case.id)
        return list(self.session.scalars(found.order_by(HousingMatch.created_at)))
